import { createHash } from "node:crypto";
import { fits } from "../constructs/checks/bound";
import { bounds } from "../constructs/checks/bounds";
import type { WatchedIngester, WatchedQuery } from "../constructs/monitoring/subjects/ingester";
import type { AnyIngesterSettings } from "./settings";
import { DEFAULT_POLL_SECONDS, type SearchSource } from "./source";

export interface WatchedIngesterOptions {
  readonly streamName: string;
  /** Empty: the ingester writes no metrics. */
  readonly metricsNamespace: string;
}

/** What dashboard and alarms look at; undefined where the ingester writes no metrics. */
export function watchedIngester(
  settings: AnyIngesterSettings,
  { streamName, metricsNamespace }: WatchedIngesterOptions,
): WatchedIngester | undefined {
  if (metricsNamespace === "") return undefined;
  const { source, checkpointKey } = settings;
  if (source.mode === "either") return source.watched;
  if (source.mode === "stream") {
    const key = streamKey(checkpointKey ?? streamName);
    const { fill: fillsHoles = true } = source;
    return {
      metricsNamespace,
      // X sends posts when they are made: there is no pause.
      pollSeconds: 0,
      queries: [{ checkpointKey: key }],
      filteredStream: { metricsNamespace, checkpointKey: key, fillsHoles },
    };
  }
  const { pollSeconds = DEFAULT_POLL_SECONDS } = source;
  return { metricsNamespace, pollSeconds, queries: watchedQueries(source, checkpointKey, streamName) };
}

/** The keys by which the ingester writes its metrics. It computes the same ones, and the contract test compares. */
function watchedQueries(
  source: SearchSource,
  checkpointKey: string | undefined,
  streamName: string,
): WatchedQuery[] {
  if (source.queries === undefined) {
    return [{ checkpointKey: checkpointKey ?? defaultKey(streamName, source.query) }];
  }
  return source.queries.map(({ name, query }) => ({
    name,
    checkpointKey:
      checkpointKey === undefined ? defaultKey(streamName, query) : namedKey(checkpointKey, name),
  }));
}

/** A stream's coverage is apart from that of a query with the same key. */
export function streamKey(key: string): string {
  return `${key} (filtered stream)`;
}

/** With several queries, each has a key of its own. */
export function namedKey(checkpointKey: string, name: string): string {
  return `${checkpointKey}/${name}`;
}

/** Coverage belongs to the query's text and to the delivery stream. */
function defaultKey(streamName: string, query: string): string {
  const text = normalized(query);
  const key = `${streamName}/${text}`;
  if (fits(bounds.checkpointKey, key)) return key;
  return `${streamName}/sha256-${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;
}

/** Differences in white space are ignored. */
export function normalized(query: string): string {
  return query.trim().replace(/\s+/g, " ");
}
