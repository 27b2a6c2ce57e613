/**
 * The ingester's environment contract, read and validated once into a frozen object. Every problem is reported
 * together, by variable name. variables/ has a row for each variable, with its bounds and default.
 */
import { ConfigError } from "../loop/errors";
import { proxyProblems } from "../runtime/network/proxy";
import type { XOptions } from "../x/client";
import { ENDPOINTS, searchLimits } from "../x/search/source";
import { type FirehoseConfig, readFirehose, readStore, type StoreConfig } from "./aws";
import { type BudgetConfig, type RunCaps, readBudget } from "./budget";
import type { QueryConfig } from "./queries";
import { type Environment, EnvReader } from "./reader";
import { readMode, readSource, type SourceConfig } from "./source";
import type { WordOf } from "./variables/variables";
import { readSearch, readX, type SearchConfig } from "./x";

export type LogLevel = WordOf<"LOG_LEVEL">;

export interface IngesterConfig {
  /** Where posts come from. */
  readonly source: SourceConfig;
  /** RUN_ONCE: end when caught up, or at a limit. */
  readonly once: boolean;
  readonly x: XOptions;
  /** What is searched for; empty in stream mode. */
  readonly queries: readonly QueryConfig[];
  readonly search: SearchConfig;
  readonly firehose: FirehoseConfig;
  readonly store: StoreConfig;
  readonly budget: BudgetConfig;
  readonly http: HttpConfig;
  readonly metricsNamespace: string | undefined;
  readonly shutdownMs: number;
  readonly logLevel: LogLevel;
  /** In a terminal, the user is asked before a purchase that costs more. */
  readonly confirmAboveUsd: number;
}

export interface HttpConfig {
  /** 0: no server. */
  readonly port: number;
  readonly host: string;
}

export interface LoadOptions {
  /** Limits of this process. Undefined: the command buys no posts, and needs no limit. */
  readonly caps?: RunCaps | undefined;
  readonly fullArchive?: boolean;
}

const SECOND_MS = 1_000;

/** @throws ConfigError with every problem at once */
export function loadConfig(
  env: Environment,
  { caps, fullArchive = false }: LoadOptions = {},
): IngesterConfig {
  const reader = new EnvReader(env);
  const mode = readMode(reader);
  const search = readSearch(reader, mode === "stream" ? "now" : "window");
  const firehose = readFirehose(reader);
  const { streamName } = firehose.target;
  const read = searchLimits(search.expansions, ENDPOINTS.recent.maxPosts);
  const config: IngesterConfig = {
    ...readSource(reader, mode, { streamName, fullArchive }),
    once: reader.boolean("RUN_ONCE"),
    x: readX(reader),
    search,
    firehose,
    store: readStore(reader),
    budget: readBudget(reader, read, caps),
    http: readHttp(reader),
    metricsNamespace: reader.text("METRICS_NAMESPACE"),
    shutdownMs: reader.number("SHUTDOWN_SECONDS") * SECOND_MS,
    logLevel: reader.word("LOG_LEVEL"),
    confirmAboveUsd: reader.number("CONFIRM_ABOVE_USD"),
  };
  const problems = [...reader.problems, ...proxyProblems()];
  if (problems.length > 0) throw new ConfigError(problems);
  return deepFreeze(config);
}

/** The status page shows queries and costs, so by default it listens on this machine only. */
function readHttp(reader: EnvReader): HttpConfig {
  return {
    port: reader.number("HTTP_PORT"),
    host: reader.text("HTTP_HOST") ?? "127.0.0.1",
  };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}
