/** `ingester budget`: what has been spent in this billing cycle, by what, and corrections by a person. */
import type { BudgetCorrection, OptionsOf } from "../cli/command";
import { readStore, type StoreConfig } from "../config/aws";
import { type BudgetConfig, readBudget } from "../config/budget";
import { EnvReader } from "../config/reader";
import { readSearch } from "../config/x";
import { type Budget, withRisksReleased, withSpentSet } from "../ledger/budget";
import type { Ledger } from "../ledger/ledger";
import { smallestPurchase, type Terms } from "../ledger/limits";
import { costInUsd, limitInMicros, type Prices, priceInMicros } from "../ledger/prices";
import { ConfigError } from "../loop/errors";
import { count, plural, usd } from "../runtime/words";
import { type BudgetStatus, budgetStatusOf, type LimitStatus } from "../status/budget-status";
import { ENDPOINTS, searchLimits } from "../x/search/source";
import { type CommandIo, roomFor } from "./io";
import { withLedger } from "./store";
import { amountCells, table } from "./terminal/table";

export type BudgetOptions = OptionsOf<"budget">;

const NEVER = new AbortController().signal;

export async function budgetCommand({ correction, json }: BudgetOptions, io: CommandIo): Promise<void> {
  const { store, budget, page } = readSettings(io);
  const { terms, cycleDay } = budget;
  await withLedger({ store, cycleDay }, async (access) => {
    const ledger =
      correction === undefined
        ? await access.refresh(NEVER)
        : await access.once((before, nowMs) => {
            const after = corrected(before.budget, correction, { prices: terms.prices, nowMs });
            return { ledger: { ...before, budget: after }, result: { ...before, budget: after } };
          }, NEVER);
    if (json) io.write(`${JSON.stringify(reportOf(ledger, terms, page))}\n`);
    else io.say(describe(ledger, { terms, page, room: roomFor(io) }));
  });
}

interface Settings {
  readonly store: StoreConfig;
  readonly budget: BudgetConfig;
  readonly page: { readonly posts: number; readonly usd: number };
}

/** Neither a token nor a query is needed to look at the budget. @throws ConfigError */
function readSettings(io: CommandIo): Settings {
  const reader = new EnvReader(io.env);
  const read = searchLimits(readSearch(reader).expansions, ENDPOINTS.recent.maxPosts);
  const budget = readBudget(reader, read, undefined);
  const store = readStore(reader);
  if (reader.problems.length > 0) throw new ConfigError(reader.problems);
  return { store, budget, page: smallestPurchase(read, budget.terms.prices) };
}

function corrected(
  budget: Budget,
  correction: BudgetCorrection,
  { prices, nowMs }: { readonly prices: Prices; readonly nowMs: number },
): Budget {
  const { reason } = correction;
  if (correction.type === "release") return withRisksReleased(budget, { reason, nowMs });
  if (nowMs >= budget.cycle.endMs) throw new ConfigError([cycleEnded(budget)]);
  // A part of a post is a whole one: a limit never becomes wider by rounding.
  const posts = Math.ceil(limitInMicros(correction.usd) / Math.max(1, priceInMicros(prices.posts)));
  return withSpentSet(budget, posts, { reason, nowMs });
}

/** The figure would be dropped when the next cycle starts, and only X's time starts it. */
function cycleEnded({ cycle }: Budget): string {
  const end = new Date(cycle.endMs).toISOString().slice(0, 10);
  return (
    `--set-spent: the billing cycle of the ledger ended on ${end} by this machine's clock, and the next one starts when X ` +
    "has been asked for its time. Run `ingester estimate` ($0.005 a query) or `ingester run`, and then correct the budget."
  );
}

function reportOf(ledger: Ledger, terms: Terms, page: Settings["page"]): object {
  return { event: "budget", ...budgetStatusOf(ledger, terms, page), corrections: ledger.budget.corrections };
}

interface Shown {
  readonly terms: Terms;
  readonly page: Settings["page"];
  /** Of tables. */
  readonly room: number;
}

function describe(ledger: Ledger, { terms, page, room }: Shown): string {
  const status = budgetStatusOf(ledger, terms, page);
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  return [
    `Billing cycle ${day(status.cycleStartMs)} to ${day(status.cycleEndMs)} (UTC)`,
    "",
    ...table(
      [
        ["spent", ...amountCells(status.spent), "by everything that uses this ledger"],
        ["at risk", ...amountCells(status.atRisk), "answers that never arrived: X may have billed them"],
        ["reserved", ...amountCells(status.reserved), "requests under way"],
        ["others", ...amountCells(status.others), othersNote(status)],
      ],
      { room, ...AMOUNTS },
    ),
    "",
    ...limitLines(status),
    ...queryLines(status, room),
    ...correctionLines(ledger, terms.prices),
    "",
  ].join("\n");
}

const AMOUNTS = { right: [1, 2], indent: "  " };

function othersNote({ project, scope }: BudgetStatus): string {
  if (project === undefined) return "other programs of the project: X has not been asked in this cycle";
  const read = new Date(project.readAtMs).toISOString().slice(0, 16).replace("T", " ");
  const counts = scope === "project" ? "counts against the limits" : "does not count (LIMIT_SCOPE=own)";
  return `other programs of the project; ${counts}; X's figure: ${plural(project.posts, "post")} at ${read} UTC`;
}

function limitLines({ limits }: BudgetStatus): readonly string[] {
  if (limits.length === 0) return ["No monthly limit is set here (MONTHLY_POST_LIMIT, MONTHLY_USD_LIMIT)."];
  return limits.map(({ limit, unit, allowed, used, left }: LimitStatus) => {
    const isPosts = unit === "posts";
    const say = isPosts ? count : usd;
    return `${limit}: ${say(used)} of ${isPosts ? plural(allowed, "post") : say(allowed)} used, ${say(left)} left.`;
  });
}

function queryLines({ byQuery }: BudgetStatus, room: number): readonly string[] {
  if (byQuery.length === 0) return [];
  const rows = byQuery.map((one) => [one.key, ...amountCells(one)]);
  return ["", "Spent by query or command:", ...table(rows, { room, ...AMOUNTS })];
}

function correctionLines({ budget }: Ledger, prices: Prices): readonly string[] {
  if (budget.corrections.length === 0) return [];
  const rows = budget.corrections.map(({ at, what, reason, before, after }) => {
    const change = `${usd(costInUsd(before, prices))} -> ${usd(costInUsd(after, prices))}`;
    const name = what === "release" ? "at risk" : "spent";
    return `  ${at.slice(0, 16).replace("T", " ")}  ${name} ${change}: ${reason}`;
  });
  return ["", "Corrections (times in UTC):", ...rows];
}
