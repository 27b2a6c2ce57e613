/** INGEST_MODE: posts come from searches or from the filtered stream. */
import type { StreamRule } from "../x/stream/rules/rules";
import { type QueriesOptions, type QueryConfig, readKey, readQueries } from "./queries";
import type { EnvReader } from "./reader";
import { readRules } from "./rules";
import type { WordOf } from "./variables/variables";

export type SourceConfig = { readonly mode: "search" } | StreamSourceConfig;

export interface StreamSourceConfig {
  readonly mode: "stream";
  /** Name of its coverage and owner of its rules: CHECKPOINT_KEY, or else the delivery stream. */
  readonly key: string;
  readonly rules: readonly StreamRule[];
  /** Search fills the holes that disconnections leave. */
  readonly fill: boolean;
  /** Bytes that may wait for delivery before the reader closes the connection. */
  readonly bufferBytes: number;
}

export type Mode = WordOf<"INGEST_MODE">;

const QUERY_VARIABLES = ["SEARCH_QUERY", "SEARCH_QUERIES"] as const;
const MIB = 1024 * 1024;

export function readMode(reader: EnvReader): Mode {
  // With an unknown mode, STREAM_RULES shows that a stream is intended, so that its other problems are reported as well.
  const isMeant = reader.isSet("INGEST_MODE") && reader.isSet("STREAM_RULES");
  return reader.word("INGEST_MODE", isMeant ? "stream" : "search");
}

/** What is read: searches in search mode, and rules in stream mode. */
export function readSource(
  reader: EnvReader,
  mode: Mode,
  options: QueriesOptions,
): { readonly source: SourceConfig; readonly queries: readonly QueryConfig[] } {
  if (mode === "stream") return { source: readStream(reader, options.streamName), queries: [] };
  const source = { mode } as const;
  const query = queryVariable(reader);
  if (!reader.isSet("STREAM_RULES")) return { source, queries: readQueries(reader, options) };
  const fix = "Set INGEST_MODE=stream with STREAM_RULES, or INGEST_MODE=search with SEARCH_QUERY.";
  const what =
    query === undefined
      ? "is set, and INGEST_MODE is search, which reads no rules."
      : `and ${query} are both set.`;
  reader.problem("STREAM_RULES", `${what} ${fix}`);
  return { source, queries: query === undefined ? [] : readQueries(reader, options) };
}

function readStream(reader: EnvReader, streamName: string): StreamSourceConfig {
  const query = queryVariable(reader);
  if (query !== undefined) {
    reader.problem(query, "is set, and INGEST_MODE is stream, which reads STREAM_RULES. Set one of them.");
  }
  if (reader.boolean("RUN_ONCE")) {
    reader.problem(
      "RUN_ONCE",
      "must be false where INGEST_MODE is stream, got true: a stream has no end at which to be caught up. " +
        "Use INGEST_MODE=search for runs that end.",
    );
  }
  return {
    mode: "stream",
    key: readKey(reader) ?? streamName,
    rules: readRules(reader),
    fill: reader.boolean("STREAM_FILL"),
    bufferBytes: reader.number("STREAM_BUFFER_MIB") * MIB,
  };
}

function queryVariable(reader: EnvReader): (typeof QUERY_VARIABLES)[number] | undefined {
  return QUERY_VARIABLES.find((name) => reader.isSet(name));
}
