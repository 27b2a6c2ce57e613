/** `ingester run` in stream mode: listens, and beside that fills the holes that were left. */
import type { IngesterConfig } from "../config/config";
import type { StreamSourceConfig } from "../config/source";
import type { Outcome } from "../loop/buy";
import { collectPlan } from "../loop/collect";
import { FillPlan } from "../loop/fill";
import { listen } from "../loop/listen";
import { purses } from "../loop/purse";
import { RecentIds } from "../posts/recent-ids";
import { SearchedRule } from "../x/stream/rule-source";
import { referenceOf } from "../x/stream/rules";
import { FilteredStream } from "../x/stream/stream";
import type { Session } from "./session";
import { streamTask } from "./stream-task";

/** Posts of some minutes at X's highest rate; about 20 MB. What is forgotten can be delivered twice, in overlaps only. */
const REMEMBERED_IDS = 200_000;

export async function runLive(
  config: IngesterConfig,
  source: StreamSourceConfig,
  { ports, signals, client }: Session,
): Promise<Outcome> {
  const { observe, clock, membership } = ports;
  const { postFields, expansions } = config.search;
  const { terms } = config.budget;
  const { key, query } = streamTask(source, { type: "ongoing", start: "now", pollMs: 0 });
  const { pushed, searched } = purses("pushed", "searched");
  const delivered = new RecentIds(REMEMBERED_IDS);
  const stream = new FilteredStream({
    ...{ client, clock, key, owner: source.key, rules: source.rules, bufferBytes: source.bufferBytes },
    ...{ postFields, expansions, observe },
  });
  const ending = new AbortController();
  const both = { terms, stop: AbortSignal.any([signals.stop, ending.signal]), abort: signals.abort };
  const plan = new FillPlan({
    ...{ key, fence: membership.fence, delivered, observe },
    rules: source.rules.map(({ value, tag }) => ({ rule: referenceOf(value), value, tag })),
    idOf: (rule) => stream.idOf(rule),
    sourceOf: (value) => new SearchedRule(value, { client, postFields, expansions, observe }),
  });
  const listening = listen({ ...ports, stream }, { ...both, key, query, purse: pushed, delivered });
  const filling = source.fill
    ? collectPlan(ports, { ...both, plan, once: false, purse: searched })
    : Promise.resolve<Outcome>("stopped");
  // Whichever ends first, by a limit of this run or an error, ends the other.
  const end = () => ending.abort();
  listening.then(end, end);
  filling.catch(end);
  const [listened, filled] = await Promise.allSettled([listening, filling]);
  if (listened.status === "rejected") throw listened.reason;
  if (filled.status === "rejected") throw filled.reason;
  return listened.value;
}
