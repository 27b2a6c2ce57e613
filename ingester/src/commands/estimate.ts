/** `ingester estimate`: what a query would cost, before a single post is bought. */
import type { OptionsOf } from "../cli/command";
import { readOptionalStore, type StoreConfig } from "../config/aws";
import { type BudgetConfig, readBudget } from "../config/budget";
import { EnvReader } from "../config/reader";
import { readSearch, readX } from "../config/x";
import type { Prices } from "../ledger/prices";
import { ConfigError } from "../loop/errors";
import { systemClock } from "../runtime/clock";
import { XClient, type XOptions } from "../x/client";
import { ARCHIVE_QUERY_MAX_CHARACTERS, checkQuery, RECENT_QUERY_MAX_CHARACTERS } from "../x/query";
import { COUNTS, type CountBucket } from "../x/search/counts";
import { ENDPOINTS, searchLimits } from "../x/search/source";
import type { CommandIo } from "./io";
import { countMetered } from "./metered-counts";
import { withLedger } from "./store";
import { barChart, count, usd } from "./terminal/draw";

export type EstimateOptions = OptionsOf<"estimate">;

export interface Estimate {
  readonly query: string;
  /** Hours that the count spans. */
  readonly hours: number;
  readonly posts: number;
  readonly perHour: Amount;
  readonly perDay: Amount;
  /** 30 days. */
  readonly perMonth: Amount;
  /** Posts by day, oldest first. */
  readonly days: readonly { readonly date: string; readonly posts: number }[];
  /** What the estimate itself cost. */
  readonly requestUsd: number;
  /** False without CHECKPOINT_FILE or CHECKPOINT_TABLE: the request is in no budget. */
  readonly metered: boolean;
}

interface Amount {
  readonly posts: number;
  readonly usd: number;
}

const HOUR_MS = 3_600_000;

export async function estimateCommand(options: EstimateOptions, io: CommandIo): Promise<void> {
  const settings = readSettings(options, io);
  const { x, store, budget, query } = settings;
  const client = new XClient(x, systemClock);
  const scope = options.fullArchive ? "all" : "recent";
  const ask = (access: Parameters<typeof countMetered>[2]["access"]) =>
    countMetered(client, { query, scope }, { access, terms: budget.terms, key: "estimate" });
  const setup = { cycleDay: budget.cycleDay, now: client.now };
  const buckets = store === undefined ? await ask(undefined) : await withLedger({ ...setup, store }, ask);
  const { prices } = budget.terms;
  const estimate = estimateFrom(query, buckets, {
    ...{ prices, requestUsd: prices[COUNTS[scope]], metered: store !== undefined },
  });
  io.write(options.json ? `${JSON.stringify(estimate)}\n` : `${describe(estimate)}\n`);
}

interface Settings {
  readonly x: XOptions;
  readonly store: StoreConfig | undefined;
  readonly budget: BudgetConfig;
  readonly query: string;
}

/** @throws ConfigError with every problem at once */
function readSettings({ query: given, fullArchive }: EstimateOptions, io: CommandIo): Settings {
  const reader = new EnvReader(io.env);
  const query = given ?? reader.required("SEARCH_QUERY", "Set it, or give --query.");
  const maxCharacters = fullArchive ? ARCHIVE_QUERY_MAX_CHARACTERS : RECENT_QUERY_MAX_CHARACTERS;
  const name = given === undefined ? "SEARCH_QUERY" : "--query";
  const problem = query.trim() === "" && given !== undefined ? "is empty." : checkQuery(query, maxCharacters);
  if (problem !== undefined) reader.problem(name, problem);
  const read = searchLimits(readSearch(reader).expansions, ENDPOINTS.recent.maxPosts);
  const budget = readBudget(reader, read, undefined);
  const settings = { x: readX(reader), store: readOptionalStore(reader), budget, query };
  if (reader.problems.length > 0) throw new ConfigError(reader.problems);
  return settings;
}

/** Averages over the hours that the buckets span; X's first and last hour may be cut. */
export function estimateFrom(
  query: string,
  buckets: readonly CountBucket[],
  { prices, ...request }: { readonly prices: Prices; readonly requestUsd: number; readonly metered: boolean },
): Estimate {
  const posts = buckets.reduce((sum, bucket) => sum + bucket.posts, 0);
  const spanMs = buckets.reduce((sum, { start, end }) => sum + (Date.parse(end) - Date.parse(start)), 0);
  const hours = spanMs / HOUR_MS;
  const hourly = hours > 0 ? posts / hours : 0;
  const amount = (factor: number): Amount => ({
    posts: hourly * factor,
    usd: hourly * factor * prices.posts,
  });
  return {
    ...{ query, hours, posts },
    perHour: amount(1),
    perDay: amount(24),
    perMonth: amount(24 * 30),
    days: byDay(buckets),
    ...request,
  };
}

function byDay(buckets: readonly CountBucket[]): Estimate["days"] {
  const days = new Map<string, number>();
  for (const { start, posts } of buckets) {
    const date = start.slice(0, 10);
    days.set(date, (days.get(date) ?? 0) + posts);
  }
  return [...days].map(([date, posts]) => ({ date, posts }));
}

export function describe(estimate: Estimate): string {
  const line = (name: string, amount: Amount) =>
    `  ${name.padEnd(10)} ${count(amount.posts).padStart(12)} posts  ${usd(amount.usd).padStart(12)}`;
  const metered = estimate.metered
    ? ""
    : " It is in no budget: set CHECKPOINT_FILE or CHECKPOINT_TABLE to count it.";
  return [
    `Query: ${estimate.query}`,
    `${count(estimate.posts)} posts in the last ${count(estimate.hours)} hours. At that rate:`,
    line("per hour", estimate.perHour),
    line("per day", estimate.perDay),
    line("per month", estimate.perMonth),
    "",
    "Posts per day (UTC):",
    barChart(estimate.days.map(({ date, posts }) => ({ label: date, value: posts }))),
    "",
    `This estimate cost ${usd(estimate.requestUsd)}.${metered} Cap a collection with MONTHLY_POST_LIMIT or MONTHLY_USD_LIMIT.`,
  ].join("\n");
}
