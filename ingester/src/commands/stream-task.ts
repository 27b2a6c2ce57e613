/** What a process in stream mode claims, and how it is called. */

import type { IngesterConfig } from "../config/config";
import type { SourceConfig, StreamSourceConfig } from "../config/source";
import type { Claimable } from "../loop/claim";
import type { Goal } from "../loop/task";
import { plural } from "../runtime/words";
import type { WatchedQuery } from "../status/query-status";
import type { WatchedStream } from "../status/stream/filtered-stream";

/** Its coverage is apart from that of a query with the same CHECKPOINT_KEY. */
export function streamKeyOf({ key }: Pick<StreamSourceConfig, "key">): string {
  return `${key} (filtered stream)`;
}

/** What is claimed: everything from the start on. */
export function streamTask(source: StreamSourceConfig, goal: Goal): Claimable {
  const { length } = source.rules;
  const query = `the filtered stream with ${plural(length, "rule")}`;
  return { key: streamKeyOf(source), query, goal };
}

/** What the status knows of a stream's configuration; nothing in search mode. */
export function watchedStreamOf(source: SourceConfig): { readonly filteredStream?: WatchedStream } {
  if (source.mode === "search") return {};
  const { rules, fill, bufferBytes } = source;
  return { filteredStream: { key: streamKeyOf(source), rules: rules.length, fill, bufferBytes } };
}

/** What the status page and the metrics name. */
export function watchedOf(
  { source, queries }: Pick<IngesterConfig, "source" | "queries">,
  goal: Goal,
): readonly WatchedQuery[] {
  if (source.mode === "search") return queries;
  const { key, query } = streamTask(source, goal);
  return [{ key, query, name: source.key }];
}
