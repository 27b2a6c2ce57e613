/** `ingester estimate`: what queries would cost, before a single post is bought. */
import type { OptionsOf } from "../../cli/command";
import { readOptionalStore, type StoreConfig } from "../../config/aws";
import { type BudgetConfig, readBudget } from "../../config/budget";
import { readQueries } from "../../config/queries";
import { EnvReader } from "../../config/reader";
import { readRules } from "../../config/rules";
import { readMode } from "../../config/source";
import { readSearch, readX } from "../../config/x";
import { DEFAULT_CYCLE_DAY } from "../../ledger/billing-cycle";
import { type Ledger, newLedger } from "../../ledger/ledger";
import { smallestPurchase } from "../../ledger/limits";
import { ConfigError } from "../../loop/errors";
import type { LedgerAccess } from "../../loop/ledger-access";
import { systemClock } from "../../runtime/clock";
import { budgetStatusOf } from "../../status/budget-status";
import { XClient, type XOptions } from "../../x/client";
import { ARCHIVE_QUERY_MAX_CHARACTERS, checkQuery, RECENT_QUERY_MAX_CHARACTERS } from "../../x/query";
import { COUNTS } from "../../x/search/counts";
import { ENDPOINTS, searchLimits } from "../../x/search/source";
import type { StreamRule } from "../../x/stream/rules/rules";
import { type CommandIo, roomFor } from "../io";
import { countMetered } from "../metered-counts";
import { withLedger } from "../store";
import { type Estimate, estimateFrom, lastingOf, withTerm } from "./figures";
import { describeRules, estimateRules } from "./rules";
import { describe, describeCost, describeLasting, describeTotal } from "./words";

export type EstimateOptions = OptionsOf<"estimate">;

export async function estimateCommand(options: EstimateOptions, io: CommandIo): Promise<void> {
  const settings = readSettings(options, io);
  const client = new XClient(settings.x, systemClock);
  const { store, budget, rules } = settings;
  const setup = { cycleDay: budget.cycleDay, client };
  const ask = (access: LedgerAccess | undefined) =>
    rules === undefined
      ? askAll(options, { settings, client, access, io })
      : askRules(rules, options, { settings, client, access, io });
  await (store === undefined ? ask(undefined) : withLedger({ ...setup, store }, ask));
}

interface Settings {
  readonly x: XOptions;
  readonly store: StoreConfig | undefined;
  readonly budget: BudgetConfig;
  readonly queries: readonly { readonly name: string; readonly query: string }[];
  /** In stream mode. @default - queries are asked for */
  readonly rules: readonly StreamRule[] | undefined;
  /** What the smallest page can cost. */
  readonly page: { readonly posts: number; readonly usd: number };
}

/** @throws ConfigError with every problem at once */
function readSettings({ query, variants, fullArchive }: EstimateOptions, io: CommandIo): Settings {
  const reader = new EnvReader(io.env);
  const streamName = reader.text("FIREHOSE_STREAM_NAME") ?? "";
  const isOfStream = query === undefined && readMode(reader) === "stream";
  const rules = isOfStream ? readRules(reader) : undefined;
  const configured = () => (isOfStream ? [] : readQueries(reader, { streamName, fullArchive }));
  const queries = query === undefined ? configured() : [{ name: "--query", query }];
  if (isOfStream && variants.length > 0)
    reader.problem("--with", "prices variants of queries, not of rules.");
  if (query?.trim() === "") reader.problem("--query", "is empty.");
  const maxCharacters = fullArchive ? ARCHIVE_QUERY_MAX_CHARACTERS : RECENT_QUERY_MAX_CHARACTERS;
  const own = query === undefined ? [] : [{ name: "--query", text: query }];
  const longer = queries.flatMap((one) =>
    variants.map((term) => ({ name: `--with ${term}`, text: withTerm(one.query, term) })),
  );
  for (const { name, text } of [...own, ...longer]) {
    const problem = checkQuery(text, maxCharacters);
    if (problem !== undefined) reader.problem(name, problem);
  }
  const read = searchLimits(readSearch(reader).expansions, ENDPOINTS.recent.maxPosts);
  const budget = readBudget(reader, read, undefined);
  const page = smallestPurchase(read, budget.terms.prices);
  const settings = { x: readX(reader), store: readOptionalStore(reader), budget, queries, rules, page };
  if (reader.problems.length > 0) throw new ConfigError(reader.problems);
  return settings;
}

interface Asking {
  readonly settings: Settings;
  readonly client: XClient;
  readonly access: LedgerAccess | undefined;
  readonly io: CommandIo;
}

/** Each query is shown as soon as it is counted: a limit in the middle does not take back what was paid for. */
async function askAll(
  { variants, fullArchive, json }: EstimateOptions,
  { settings, client, access, io }: Asking,
): Promise<void> {
  const { budget, queries, page } = settings;
  const { terms } = budget;
  const scope = fullArchive ? "all" : "recent";
  const countOf = (query: string) =>
    countMetered(client, { query, scope }, { access, terms, key: "estimate" });
  const estimates: Estimate[] = [];
  for (const { name, query } of queries) {
    const buckets = await countOf(query);
    const counted = [];
    for (const term of variants) {
      const varied = withTerm(query, term);
      counted.push({ term, query: varied, buckets: await countOf(varied) });
    }
    const requestUsd = terms.prices[COUNTS[scope]] * (1 + variants.length);
    const estimate = estimateFrom(
      { name, query, buckets, variants: counted },
      { prices: terms.prices, requestUsd, metered: access !== undefined },
    );
    estimates.push(estimate);
    if (!json) io.say(`${describe(estimate, io.columns(), roomFor(io))}\n`);
  }
  const ledger = access === undefined ? emptyLedger(client.now(), budget) : access.ledger;
  const lasting = lastingOf(estimates, budgetStatusOf(ledger, terms, page).limits);
  if (json) for (const one of estimates) io.write(`${JSON.stringify({ ...one, limits: lasting })}\n`);
  else io.say(describeTotal(estimates, roomFor(io)) + describeLasting(lasting) + describeCost(estimates));
}

async function askRules(
  rules: readonly StreamRule[],
  { fullArchive, json }: EstimateOptions,
  { settings, client, access, io }: Asking,
): Promise<void> {
  const { terms } = settings.budget;
  const scope = fullArchive ? "all" : "recent";
  const ask = (query: string) => countMetered(client, { query, scope }, { access, terms, key: "estimate" });
  const cost = { requestUsd: terms.prices[COUNTS[scope]], metered: access !== undefined };
  const estimate = await estimateRules(rules, { ask, scope, prices: terms.prices, cost });
  if (json) io.write(`${JSON.stringify(estimate)}\n`);
  else io.say(`${describeRules(estimate, roomFor(io))}\n`);
}

function emptyLedger(nowMs: number, { cycleDay = DEFAULT_CYCLE_DAY }: BudgetConfig): Ledger {
  return newLedger(nowMs, cycleDay);
}
