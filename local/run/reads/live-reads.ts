import { join } from "node:path";
import type { Reads } from "./reads";

/**
 * The posts that the real X returns in a live run, so that the run can be checked against something other than the
 * ingester's own word. They are noted inside the ingester's process, below its code: nothing stands between it and X.
 * @param upstream X's base URL; undefined: the ingester's own default
 */
export function liveReads(upstream: string | undefined): Reads {
  const ids = new Set<bigint>();
  let repeated = 0;
  let requests = 0;
  return {
    url: upstream,
    name: "the X API",
    recorder: join(__dirname, "recorder.cjs"),
    onMessage(message) {
      if (message.type === "answer") requests += 1;
      else {
        for (const id of message.ids.map(BigInt)) {
          if (ids.has(id)) repeated += 1;
          ids.add(id);
        }
      }
    },
    posts: () => ids.size,
    repeated: () => repeated,
    requests: () => requests,
    ids: () => ids,
    async close() {},
  };
}
