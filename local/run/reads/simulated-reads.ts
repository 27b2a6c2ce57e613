import { XSimulator } from "../../x-simulator/x-simulator";
import type { TimelineState } from "../files";
import type { Reads } from "./reads";

/**
 * Starts the X API simulator with these posts. Rate limits are off: a run of a million posts would
 * otherwise spend its time waiting for X's windows, true to life and of no use.
 */
export async function startSimulatedReads({ seed, segments }: TimelineState): Promise<Reads> {
  const simulator = new XSimulator({
    seed,
    segments,
    rateLimits: "off",
    projectCap: Number.MAX_SAFE_INTEGER,
  });
  const { url } = await simulator.listen();
  const report = () => simulator.ledger.report();
  return {
    url,
    name: "the X API simulator",
    posts: () => report().distinctPosts,
    repeated: () => report().posts - report().distinctPosts,
    requests: () => Object.values(report().requests).reduce((sum, count) => sum + count, 0),
    ids: () => simulator.billedIds(),
    available: function* () {
      for (let index = 0; index < simulator.timeline.size; index += 1) yield simulator.timeline.idAt(index);
    },
    close: () => simulator.close(),
  };
}
