/** The source of posts, and the ingester's variables for it. */
import { Fn } from "cdktf";
import type { WatchedIngester } from "../constructs/monitoring/subjects/ingester";
import { isOptional, withOrWithout } from "../constructs/terraform/optional";

/** `mode` distinguishes them. */
export type IngesterSource = SearchSource | StreamSource;

export type SearchSource = SearchOptions & (OneQuery | SeveralQueries);

export interface SearchOptions {
  readonly mode: "search";
  /**
   * Seconds between polls when caught up.
   * @default 60
   */
  readonly pollSeconds?: number;
  /**
   * Where a query without coverage begins: `window` (all of X's seven days, which costs), `now`, or an ISO time.
   * @default "now"
   */
  readonly start?: string;
}

export interface OneQuery {
  /** X query. */
  readonly query: string;
  readonly queries?: undefined;
}

export interface SeveralQueries {
  /** 1 to 32 X queries in one process, under one budget; names and texts are unique. */
  readonly queries: readonly NamedQuery[];
  readonly query?: undefined;
}

export interface NamedQuery {
  /** Name in logs, alarms and the dashboard: 1 to 64 of a-z A-Z 0-9 _ . - */
  readonly name: string;
  /** X query. */
  readonly query: string;
}

/**
 * The filtered stream: docs/stream.md. A service of one task, because X allows one connection for an app.
 * @example
 * { mode: "stream", rules: [{ value: "(cats OR dogs) lang:en", tag: "pets" }, { value: "from:nasa", tag: "nasa" }] }
 */
export interface StreamSource {
  readonly mode: "stream";
  /** 1 to 1,000 rules; values and tags are unique. All of them have to fit into a task definition of 64 KiB. */
  readonly rules: readonly StreamRule[];
  /**
   * Whether search fills the holes that disconnections leave.
   * @default true
   */
  readonly fill?: boolean;
  /**
   * MiB that may wait for delivery before the connection is closed on purpose, 8 to 4096, and at most an eighth of the
   * task's memory.
   * @default 64
   */
  readonly bufferMiB?: number;
}

export interface StreamRule {
  /** Rule of X's filtered stream, 1 to 1,024 characters. */
  readonly value: string;
  /** Name of the rule in lines, 1 to 100 characters. */
  readonly tag: string;
}

/**
 * The source of a Terraform module: its caller gives exactly one of `search.query`, `search.queries` and `stream.rules`,
 * and null for the others. All three are optional references.
 */
export interface EitherSource {
  readonly mode: "either";
  readonly search: Omit<SearchOptions, "mode"> & {
    readonly query: string;
    readonly queries: readonly NamedQuery[];
  };
  readonly stream: StreamSource;
  /** Metrics of the queries or of the stream, in references of the module's. */
  readonly watched: WatchedIngester;
}

type Fields<Source> = Readonly<Record<Exclude<keyof Source, "mode">, true>>;

/** All modes, and the fields of each beside `mode`: the compiler reports a missing one. */
export const SOURCE_FIELDS = {
  search: { query: true, queries: true, pollSeconds: true, start: true } satisfies Fields<SearchSource>,
  stream: { rules: true, fill: true, bufferMiB: true } satisfies Fields<StreamSource>,
} satisfies Readonly<Record<IngesterSource["mode"], object>>;

export const DEFAULT_POLL_SECONDS = 60;
export const DEFAULT_STREAM_BUFFER_MIB = 64;

/** The container's variables; undefined: the ingester's own default. */
export function sourceEnvironment(source: IngesterSource | EitherSource): Record<string, unknown> {
  if (source.mode === "either") {
    const { search, stream } = source;
    return {
      ...searchEnvironment(search),
      ...sourceEnvironment(stream),
      INGEST_MODE: withOrWithout(stream.rules, "stream", "search"),
    };
  }
  if (source.mode === "stream") {
    return {
      INGEST_MODE: "stream",
      STREAM_RULES: listText(source.rules),
      STREAM_FILL: source.fill,
      STREAM_BUFFER_MIB: source.bufferMiB,
    };
  }
  return searchEnvironment(source);
}

function searchEnvironment(source: SearchSource | EitherSource["search"]): Record<string, unknown> {
  return {
    INGEST_MODE: "search",
    SEARCH_QUERY: source.query,
    SEARCH_QUERIES: source.queries && listText(source.queries),
    SEARCH_POLL_SECONDS: source.pollSeconds ?? DEFAULT_POLL_SECONDS,
    SEARCH_START: source.start ?? "now",
  };
}

/** A list as JSON. The ingester reads an empty text as unset. */
function listText(list: readonly object[]): string {
  return isOptional(list) ? withOrWithout(list, Fn.jsonencode(list), "") : JSON.stringify(list);
}
