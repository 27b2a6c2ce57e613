/** `ingester run` in stream mode: listens, and beside that fills the holes that were left. */
import type { IngesterConfig } from "../config/config";
import type { StreamSourceConfig } from "../config/source";
import type { Terms } from "../ledger/limits";
import type { Outcome } from "../loop/buy";
import { type CollectPorts, collectPlan } from "../loop/collect";
import { purses } from "../loop/purse";
import { FillPlan } from "../loop/stream/fill";
import { type ListenPorts, listen } from "../loop/stream/listen";
import { RecentIds } from "../posts/recent-ids";
import { SearchedRule } from "../x/stream/rules/rule-source";
import { referenceOf } from "../x/stream/rules/rules";
import { FilteredStream, type StreamOptions } from "../x/stream/stream";
import type { Session } from "./session";
import { streamTask } from "./stream-task";

/** Posts of some minutes at X's highest rate; about 20 MB. What is forgotten can be delivered twice, in overlaps only. */
const REMEMBERED_IDS = 200_000;

/** A stream, what it is paid with, and how it ends. */
export interface LiveOptions extends Omit<StreamOptions, "clock" | "observe"> {
  /** What is listened to, for people. */
  readonly query: string;
  /** Whether search fills the holes. */
  readonly fill: boolean;
  readonly terms: Terms;
  /** Listen no more; what has come is delivered. */
  readonly stop: AbortSignal;
  /** Give up delivering. */
  readonly abort: AbortSignal;
}

export function runLive(
  config: IngesterConfig,
  source: StreamSourceConfig,
  { ports, signals, client }: Session,
): Promise<Outcome> {
  const { postFields, expansions } = config.search;
  const { key, query } = streamTask(source, { type: "ongoing", start: "now", pollMs: 0 });
  const { rules, bufferBytes, fill, key: owner } = source;
  return listenAndFill(ports, {
    ...{ client, key, query, owner, rules, bufferBytes, fill, postFields, expansions },
    ...{ terms: config.budget.terms, stop: signals.stop, abort: signals.abort },
  });
}

/** This worker has claimed the stream. @throws as listen and collectPlan */
export async function listenAndFill(
  ports: Omit<ListenPorts, "stream"> & CollectPorts,
  { query, fill, terms, stop, abort, ...options }: LiveOptions,
): Promise<Outcome> {
  const { observe, clock, membership } = ports;
  const { key, client, postFields, expansions } = options;
  const { pushed, searched } = purses("pushed", "searched");
  const delivered = new RecentIds(REMEMBERED_IDS);
  const stream = new FilteredStream({ ...options, clock, observe });
  const ending = new AbortController();
  const both = { terms, stop: AbortSignal.any([stop, ending.signal]), abort };
  const plan = new FillPlan({
    ...{ key, fence: membership.fence, delivered, deduplicates: terms.deduplicates, observe },
    rules: options.rules.map(({ value, tag }) => ({ rule: referenceOf(value), value, tag })),
    idOf: (rule) => stream.idOf(rule),
    sourceOf: (value) => new SearchedRule(value, { client, postFields, expansions, observe }),
  });
  const listening = listen({ ...ports, stream }, { ...both, key, query, purse: pushed, delivered });
  const filling = fill
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
