/**
 * The ingester's environment contract, read and validated once into a frozen object. Every problem is reported
 * together, by variable name. docs/configuration.md lists the variables with their defaults.
 */
import {
  type CheckpointConfig,
  defaultCheckpointKey,
  type FirehoseConfig,
  readCheckpoint,
  readFirehose,
} from "./config-aws";
import { type LoadOptions, readSearch, readX, type SearchConfig, type XConfig } from "./config-x";
import { type Environment, EnvReader } from "./env";
import { ConfigError } from "./errors";

/** US dollars for one resource, as X bills it. */
export interface Prices {
  readonly postUsd: number;
  readonly includedPostUsd: number;
  readonly includedUserUsd: number;
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

function readLimits(reader: EnvReader): LimitsConfig {
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
