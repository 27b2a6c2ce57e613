/** `ingester estimate`: what a query would cost, before a single post is bought. */
import { systemClock } from "../clock";
import { type Prices, readPrices } from "../config";
import { readX, type XConfig } from "../config-x";
import { EnvReader } from "../env";
import { ConfigError } from "../errors";
import { ARCHIVE_QUERY_MAX_CHARACTERS, checkQuery, RECENT_QUERY_MAX_CHARACTERS } from "../query";
import { XClient } from "../x/client";
import { COUNT_REQUEST_USD, type CountBucket, countPosts } from "../x/counts";
import type { CommandIo } from "./io";
import { barChart, count, usd } from "./terminal";

export interface EstimateOptions {
  /** @default - SEARCH_QUERY */
  readonly query: string | undefined;
  readonly fullArchive: boolean;
  readonly json: boolean;
}

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
}

interface Amount {
  readonly posts: number;
  readonly usd: number;
}

const HOUR_MS = 3_600_000;

export async function estimateCommand(options: EstimateOptions, io: CommandIo): Promise<void> {
  const { x, prices, query } = readSettings(options, io);
  const scope = options.fullArchive ? "all" : "recent";
  const buckets = await countPosts(new XClient(x, systemClock), query, scope);
  const estimate = estimateFrom(query, buckets, { prices, requestUsd: COUNT_REQUEST_USD[scope] });
  io.write(options.json ? `${JSON.stringify(estimate)}\n` : `${describe(estimate)}\n`);
}

interface Settings {
  readonly x: XConfig;
  readonly prices: Prices;
  readonly query: string;
}

/** @throws ConfigError with every problem at once */
function readSettings({ query: given, fullArchive }: EstimateOptions, io: CommandIo): Settings {
  const reader = new EnvReader(io.env);
  const query = given ?? reader.required("SEARCH_QUERY", "Set it, or give --query.");
  const maxCharacters = fullArchive ? ARCHIVE_QUERY_MAX_CHARACTERS : RECENT_QUERY_MAX_CHARACTERS;
  const name = given === undefined ? "SEARCH_QUERY" : "--query";
  const problem = query === "" && given !== undefined ? "is empty." : checkQuery(query, maxCharacters);
  if (problem !== undefined) reader.problem(name, problem);
  const settings = { x: readX(reader), prices: readPrices(reader), query };
  if (reader.problems.length > 0) throw new ConfigError(reader.problems);
  return settings;
}

/** Averages over the hours that the buckets span; X's first and last hour may be cut. */
export function estimateFrom(
  query: string,
  buckets: readonly CountBucket[],
  { prices, requestUsd }: { readonly prices: Prices; readonly requestUsd: number },
): Estimate {
  const posts = buckets.reduce((sum, bucket) => sum + bucket.posts, 0);
  const spanMs = buckets.reduce((sum, { start, end }) => sum + (Date.parse(end) - Date.parse(start)), 0);
  const hours = spanMs / HOUR_MS;
  const hourly = hours > 0 ? posts / hours : 0;
  const amount = (factor: number): Amount => ({
    posts: hourly * factor,
    usd: hourly * factor * prices.postUsd,
  });
  return {
    query,
    hours,
    posts,
    perHour: amount(1),
    perDay: amount(24),
    perMonth: amount(24 * 30),
    days: byDay(buckets),
    requestUsd,
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
    `This estimate cost ${usd(estimate.requestUsd)}. Cap a collection with MONTHLY_POST_LIMIT or MONTHLY_USD_LIMIT.`,
  ].join("\n");
}
