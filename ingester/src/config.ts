/**
 * The ingester's environment contract, read and validated once into a frozen object. Every problem is reported
 * together, by variable name. docs/configuration.md lists the variables with their defaults.
 */
import { createHash } from "node:crypto";
import { type Environment, EnvReader } from "./env";
import { ConfigError } from "./errors";
import { EXPANSIONS } from "./expansions";
import { checkQuery, RECENT_QUERY_MAX_CHARACTERS } from "./query";

export type CheckpointConfig =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "dynamodb"; readonly table: string; readonly endpointUrl: string | undefined };

/** US dollars for one resource, as X bills it. */
export interface Prices {
  readonly postUsd: number;
  readonly includedPostUsd: number;
  readonly includedUserUsd: number;
}

export interface XConfig {
  readonly bearerToken: string;
  readonly apiUrl: string;
  /** A whole request, from connecting to the last byte. */
  readonly requestTimeoutMs: number;
}

export interface SearchConfig {
  readonly query: string;
  readonly pollMs: number;
  /** Where to start without a checkpoint: X's whole window, now, or a time in epoch milliseconds. */
  readonly start: "window" | "now" | number;
  /** Undefined: all public post fields. */
  readonly postFields: readonly string[] | undefined;
  readonly expansions: readonly string[];
}

export interface FirehoseConfig {
  readonly streamName: string;
  readonly region: string | undefined;
  readonly endpointUrl: string | undefined;
  /** Paces delivery at this rate instead of the region's quota. */
  readonly maxBytesPerSecond: number | undefined;
}

export interface LimitsConfig {
  readonly monthlyPosts: number | undefined;
  readonly monthlyUsd: number | undefined;
  /** Day of the month (UTC) on which X's billing cycle turns. Undefined: as X says, the first until it has. */
  readonly billingCycleDay: number | undefined;
}

export type LogLevel = (typeof LOG_LEVELS)[number];

export interface IngesterConfig {
  readonly mode: "search";
  readonly runOnce: boolean;
  readonly x: XConfig;
  readonly search: SearchConfig;
  readonly firehose: FirehoseConfig;
  readonly checkpoint: CheckpointConfig;
  readonly checkpointKey: string;
  readonly limits: LimitsConfig;
  readonly prices: Prices;
  /** 0: no server. */
  readonly httpPort: number;
  readonly metricsNamespace: string | undefined;
  readonly shutdownMs: number;
  readonly logLevel: LogLevel;
}

const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;
/** What X's developer console lists (pay per use, 2026-08). */
const DEFAULT_PRICES: Prices = { postUsd: 0.005, includedPostUsd: 0.005, includedUserUsd: 0.01 };
const SECOND_MS = 1_000;
/** Firehose: docs.aws.amazon.com/firehose/latest/APIReference/API_CreateDeliveryStream.html */
const STREAM_NAME = /^[a-zA-Z0-9_.-]{1,64}$/;
/** DynamoDB: docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html */
const TABLE_NAME = /^[a-zA-Z0-9_.-]{3,255}$/;

export interface LoadOptions {
  /** A command's own query, in place of SEARCH_QUERY. */
  readonly query?: string;
  /** Full-archive search takes longer queries. */
  readonly maxQueryCharacters?: number;
}

/** @throws ConfigError with every problem at once */
export function loadConfig(env: Environment, options: LoadOptions = {}): IngesterConfig {
  const reader = new EnvReader(env);
  const mode = readMode(reader);
  const search = readSearch(reader, options);
  const config: IngesterConfig = {
    mode,
    runOnce: reader.boolean("RUN_ONCE", false),
    x: readX(reader),
    search,
    firehose: readFirehose(reader),
    checkpoint: readCheckpoint(reader),
    checkpointKey: reader.text("CHECKPOINT_KEY") ?? defaultCheckpointKey(mode, search.query),
    limits: readLimits(reader),
    prices: readPrices(reader),
    httpPort: reader.number("HTTP_PORT", { min: 0, max: 65_535, integer: true }, 8080),
    metricsNamespace: reader.text("METRICS_NAMESPACE"),
    shutdownMs: reader.number("SHUTDOWN_SECONDS", { min: 1, max: 120 }, 25) * SECOND_MS,
    logLevel: reader.oneOf("LOG_LEVEL", LOG_LEVELS, "info"),
  };
  if (reader.problems.length > 0) throw new ConfigError(reader.problems);
  return deepFreeze(config);
}

function readMode(reader: EnvReader): "search" {
  const mode = reader.oneOf("INGEST_MODE", ["search", "stream"] as const, "search");
  if (mode === "stream") {
    reader.problem("INGEST_MODE", 'is "stream", which this version does not offer yet. Use "search".');
  }
  return "search";
}

/** What reaches X: commands that buy nothing from a stream of their own (estimate, doctor) need only this. */
export function readX(reader: EnvReader): XConfig {
  return {
    bearerToken: readToken(reader),
    apiUrl: readApiUrl(reader),
    requestTimeoutMs: reader.number("X_REQUEST_TIMEOUT_SECONDS", { min: 1, max: 600 }, 30) * SECOND_MS,
  };
}

function readToken(reader: EnvReader): string {
  const hint = "Set the app-only bearer token of your X app (developer console, Keys and tokens).";
  const token = reader.required("X_BEARER_TOKEN", hint);
  // The value itself never goes into a message.
  if (/^bearer\s/i.test(token))
    reader.problem("X_BEARER_TOKEN", 'must be the token alone, without "Bearer ".');
  else if (/[\s"'{}]|[^\x20-\x7e]/.test(token)) {
    reader.problem("X_BEARER_TOKEN", `must be the token alone: no quotes, spaces or JSON. ${hint}`);
  }
  return token;
}

function readApiUrl(reader: EnvReader): string {
  const value = reader.text("X_API_URL") ?? "https://api.x.com";
  const fix = "Use https://host, or http:// on loopback.";
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined) reader.problem("X_API_URL", `is not a URL, got "${value}". ${fix}`);
  else if (url.username !== "" || url.password !== "")
    reader.problem("X_API_URL", `must not hold credentials. ${fix}`);
  else if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname))) {
    reader.problem("X_API_URL", `would send the token unencrypted, got "${value}". ${fix}`);
  }
  return value.replace(/\/+$/, "");
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function readSearch(reader: EnvReader, options: LoadOptions): SearchConfig {
  const query =
    options.query ?? reader.required("SEARCH_QUERY", 'Set an X search query, such as "from:nasa".');
  const problem = checkQuery(query, options.maxQueryCharacters ?? RECENT_QUERY_MAX_CHARACTERS);
  if (problem !== undefined)
    reader.problem(options.query === undefined ? "SEARCH_QUERY" : "--query", problem);
  return {
    query,
    pollMs: reader.number("SEARCH_POLL_SECONDS", { min: 0, max: 86_400 }, 60) * SECOND_MS,
    start: readStart(reader),
    postFields: readPostFields(reader),
    expansions: readExpansions(reader),
  };
}

function readStart(reader: EnvReader): SearchConfig["start"] {
  const value = reader.text("SEARCH_START") ?? "window";
  if (value === "window" || value === "now") return value;
  const time = /^\d{4}-\d{2}-\d{2}/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time)) {
    reader.problem(
      "SEARCH_START",
      `must be window, now or an ISO 8601 time (2026-11-23T08:00:00Z), got "${value}".`,
    );
  } else if (time > Date.now()) reader.problem("SEARCH_START", `lies in the future, got "${value}".`);
  return Number.isNaN(time) ? "window" : time;
}

function readPostFields(reader: EnvReader): readonly string[] | undefined {
  const fields = reader.list("POST_FIELDS");
  const wrong = fields.filter((field) => !/^[a-z][a-z0-9_.]*$/.test(field));
  if (wrong.length > 0) {
    reader.problem(
      "POST_FIELDS",
      `must be X field names, comma-separated (created_at,lang), got "${wrong.join(", ")}".`,
    );
  }
  return fields.length === 0 ? undefined : fields;
}

function readExpansions(reader: EnvReader): readonly string[] {
  const expansions = reader.list("EXPANSIONS");
  const known = Object.keys(EXPANSIONS);
  const wrong = expansions.filter((expansion) => !known.includes(expansion));
  if (wrong.length > 0) {
    reader.problem("EXPANSIONS", `holds unknown names: ${wrong.join(", ")}. Allowed: ${known.join(", ")}.`);
  }
  return expansions;
}

function readFirehose(reader: EnvReader): FirehoseConfig {
  const hint = "Set the name of the delivery stream, such as tweet_stream.";
  const streamName = reader.required("FIREHOSE_STREAM_NAME", hint);
  if (streamName !== "" && !STREAM_NAME.test(streamName)) {
    reader.problem("FIREHOSE_STREAM_NAME", `must be 1 to 64 of a-z A-Z 0-9 _ . -, got "${streamName}".`);
  }
  return {
    streamName,
    region: reader.text("AWS_REGION") ?? reader.text("AWS_DEFAULT_REGION"),
    endpointUrl:
      readEndpoint(reader, "AWS_ENDPOINT_URL_FIREHOSE") ?? readEndpoint(reader, "AWS_ENDPOINT_URL"),
    maxBytesPerSecond: reader.number("FIREHOSE_MAX_BYTES_PER_SECOND", {
      min: 1_024,
      max: 10 ** 12,
      integer: true,
    }),
  };
}

function readEndpoint(reader: EnvReader, name: string): string | undefined {
  const value = reader.text(name);
  if (value === undefined) return undefined;
  if (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) return value;
  reader.problem(name, `must be an http or https URL, got "${value}".`);
  return undefined;
}

function readCheckpoint(reader: EnvReader): CheckpointConfig {
  const path = reader.text("CHECKPOINT_FILE");
  const table = reader.text("CHECKPOINT_TABLE");
  if ((path === undefined) === (table === undefined)) {
    const got = path === undefined ? "neither" : "both";
    reader.problem("CHECKPOINT_TABLE", `or CHECKPOINT_FILE must be set, exactly one of them; got ${got}.`);
  }
  if (table === undefined) return { kind: "file", path: path ?? "" };
  if (!TABLE_NAME.test(table)) {
    reader.problem("CHECKPOINT_TABLE", `must be 3 to 255 of a-z A-Z 0-9 _ . -, got "${table}".`);
  }
  const endpointUrl =
    readEndpoint(reader, "AWS_ENDPOINT_URL_DYNAMODB") ?? readEndpoint(reader, "AWS_ENDPOINT_URL");
  return { kind: "dynamodb", table, endpointUrl };
}

/** Printable ASCII, because CloudWatch takes no other dimension values, and short enough to read. */
export function defaultCheckpointKey(mode: string, query: string): string {
  if (/^[\x20-\x7e]{1,200}$/.test(query)) return `${mode}:${query}`;
  return `${mode}:sha256-${createHash("sha256").update(query).digest("hex").slice(0, 16)}`;
}

export function readLimits(reader: EnvReader): LimitsConfig {
  return {
    monthlyPosts: reader.number("MONTHLY_POST_LIMIT", { min: 0, max: 10 ** 12, integer: true }),
    monthlyUsd: reader.number("MONTHLY_USD_LIMIT", { min: 0, max: 10 ** 9 }),
    billingCycleDay: reader.number("BILLING_CYCLE_DAY", { min: 1, max: 31, integer: true }),
  };
}

export function readPrices(reader: EnvReader): Prices {
  const price = { min: 0, max: 1_000 };
  return {
    postUsd: reader.number("PRICE_POST_USD", price, DEFAULT_PRICES.postUsd),
    includedPostUsd: reader.number("PRICE_INCLUDED_POST_USD", price, DEFAULT_PRICES.includedPostUsd),
    includedUserUsd: reader.number("PRICE_INCLUDED_USER_USD", price, DEFAULT_PRICES.includedUserUsd),
  };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}
