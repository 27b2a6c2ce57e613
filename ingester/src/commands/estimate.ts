/** `ingester estimate`: what a query would cost, before a single post is bought. */
import type { Command } from "../cli";
import { readOptionalStore, type StoreConfig } from "../config/aws";
import { type BudgetConfig, readBudget } from "../config/budget";
import { EnvReader } from "../config/reader";
import { readRules } from "../config/rules";
import { readMode } from "../config/source";
import { readSearch, readX } from "../config/x";
import type { Prices } from "../ledger/prices";
import { ConfigError } from "../loop/errors";
import { systemClock } from "../runtime/clock";
import { XClient, type XOptions } from "../x/client";
import { ARCHIVE_QUERY_MAX_CHARACTERS, checkQuery, RECENT_QUERY_MAX_CHARACTERS } from "../x/query";
import { COUNTS, type CountBucket } from "../x/search/counts";
import { ENDPOINTS, searchLimits } from "../x/search/source";
import type { StreamRule } from "../x/stream/rules";
import { describeRules, estimateRules } from "./estimate-rules";
import { type Amount, describeCost, type EstimateCost, type Forecast, forecastFrom } from "./forecast";
import type { CommandIo } from "./io";
import { countMetered } from "./metered-counts";
import { withLedger } from "./store";
import { barChart, count, usd } from "./terminal";

export type EstimateOptions = Omit<Extract<Command, { name: "estimate" }>, "name">;

/** What a query would bring, and what the estimate itself cost. */
export interface Estimate extends Forecast, EstimateCost {
  readonly query: string;
}

export async function estimateCommand(options: EstimateOptions, io: CommandIo): Promise<void> {
  const { x, store, budget, asked } = readSettings(options, io);
  const client = new XClient(x, systemClock);
  const scope = options.fullArchive ? "all" : "recent";
  const { prices } = budget.terms;
  const cost = { requestUsd: prices[COUNTS[scope]], metered: store !== undefined };
  const work = async (access: Parameters<typeof countMetered>[2]["access"]) => {
    const ask = (query: string) =>
      countMetered(client, { query, scope }, { access, terms: budget.terms, key: "estimate" });
    if ("query" in asked) {
      const estimate = estimateFrom(asked.query, await ask(asked.query), { prices, ...cost });
      return { report: estimate, text: describe(estimate) };
    }
    const estimate = await estimateRules(asked.rules, { ask, scope, prices, cost });
    return { report: estimate, text: describeRules(estimate) };
  };
  const setup = { cycleDay: budget.cycleDay, now: client.now };
  const { report, text } =
    store === undefined ? await work(undefined) : await withLedger({ ...setup, store }, work);
  io.write(options.json ? `${JSON.stringify(report)}\n` : `${text}\n`);
}

interface Settings {
  readonly x: XOptions;
  readonly store: StoreConfig | undefined;
  readonly budget: BudgetConfig;
  readonly asked: { readonly query: string } | { readonly rules: readonly StreamRule[] };
}

/** @throws ConfigError with every problem at once */
function readSettings({ query: given, fullArchive }: EstimateOptions, io: CommandIo): Settings {
  const reader = new EnvReader(io.env);
  const isOfStream = readMode(reader) === "stream" && given === undefined;
  const asked = isOfStream ? { rules: readRules(reader) } : { query: readQuery(reader, given, fullArchive) };
  const read = searchLimits(readSearch(reader).expansions, ENDPOINTS.recent.maxPosts);
  const budget = readBudget(reader, read, undefined);
  const settings = { x: readX(reader), store: readOptionalStore(reader), budget, asked };
  if (reader.problems.length > 0) throw new ConfigError(reader.problems);
  return settings;
}

/** @param given with --query */
function readQuery(reader: EnvReader, given: string | undefined, fullArchive: boolean): string {
  const query = given ?? reader.required("SEARCH_QUERY", "Set it, or give --query.");
  const maxCharacters = fullArchive ? ARCHIVE_QUERY_MAX_CHARACTERS : RECENT_QUERY_MAX_CHARACTERS;
  const name = given === undefined ? "SEARCH_QUERY" : "--query";
  const problem = query.trim() === "" && given !== undefined ? "is empty." : checkQuery(query, maxCharacters);
  if (problem !== undefined) reader.problem(name, problem);
  return query;
}

export function estimateFrom(
  query: string,
  buckets: readonly CountBucket[],
  { prices, ...cost }: { readonly prices: Prices } & EstimateCost,
): Estimate {
  return { query, ...forecastFrom(buckets, prices), ...cost };
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
    `${describeCost(estimate)} Cap a collection with MONTHLY_POST_LIMIT or MONTHLY_USD_LIMIT.`,
  ].join("\n");
}
