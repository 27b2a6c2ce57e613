/** Checks of doctor that ask X or the ledger. */
import type { IngesterConfig } from "../../config/config";
import type { QueryConfig } from "../../config/queries";
import { NEW_ACCOUNT } from "../../ledger/account";
import { budgetAt } from "../../ledger/budget";
import { coverageOf, type Ledger } from "../../ledger/ledger";
import { smallestPurchase, usedOf, useOfLimits } from "../../ledger/limits";
import { limitInMicros } from "../../ledger/prices";
import { describeWorker } from "../../loop/claim";
import { ConfigError, SourceError } from "../../loop/errors";
import { count, plural, usd } from "../../runtime/words";
import { describeUse } from "../../status/trouble";
import type { XClient } from "../../x/client";
import { ENDPOINTS, searchLimits } from "../../x/search/source";
import { type ProjectUsage, readUsage } from "../../x/usage";
import { countMetered } from "../metered-counts";
import type { OpenLedger } from "../store";
import { synced } from "../usage-sync";
import type { Attempt, CheckResult } from "./result";

/** AWS refuses signatures that are further off than 5 minutes, and X's rate-limit times are in its own clock. */
const MAX_CLOCK_OFFSET_MS = 60_000;
const NEVER = new AbortController().signal;

/** Read, and proven to be writable without writing: a run has to book every request there. */
export async function checkLedger(
  { access, store }: OpenLedger,
  { queries, store: config }: IngesterConfig,
): Promise<string> {
  const ledger = await access.refresh(NEVER);
  await store.checkWritable(NEVER);
  const known = queries.filter(({ key }) => coverageOf(ledger, key) !== undefined);
  const own =
    known.length === queries.length
      ? "every configured one among them"
      : `among them ${count(known.length)} of the ${count(queries.length)} configured ones`;
  const what =
    ledger.coverage.length === 0
      ? "nothing remembered yet"
      : `remembers ${plural(ledger.coverage.length, "query", "queries")}, ${own}`;
  const where =
    config.kind === "file"
      ? config.path
      : `table ${config.table}, ${config.region ?? "the region of the AWS config file"}${config.endpointUrl === undefined ? "" : ` at ${config.endpointUrl}`}`;
  return [
    `${where}: readable and writable; ${what}`,
    ...ledger.workers.map((worker) => `at work: ${describeWorker(worker)}`),
  ].join("\n");
}

/** Rate limits and caps are said to callers that X knows: they are no fault of the token. */
const SAID_TO_THE_KNOWN: ReadonlySet<string> = new Set([
  "window_limit",
  "day_limit",
  "second_limit",
  "usage_cap",
]);

export async function checkToken(
  client: XClient,
  attempt: Attempt,
): Promise<{ readonly usage: ProjectUsage | undefined; readonly result: CheckResult }> {
  let usage: ProjectUsage | undefined;
  const result = await attempt("token", async () => {
    try {
      usage = await readUsage(client);
      return describeUsage(usage);
    } catch (error) {
      if (!(error instanceof SourceError) || !SAID_TO_THE_KNOWN.has(error.kind)) throw error;
      return `X knows it; what the project has used is not known now: ${error.message}`;
    }
  });
  return { usage, result };
}

function describeUsage({ posts, cap, capResetDay }: ProjectUsage): string {
  const of = cap === undefined ? "" : ` of ${count(cap)}`;
  const used = posts === undefined ? "" : `; the project has used ${plural(posts, "post read")}${of}`;
  const day = capResetDay === undefined ? "" : `, renewed on day ${capResetDay} of the month`;
  return `X accepts it${used}${day}`;
}

export function checkClock(serverTimeMs: number): string {
  const offsetMs = Date.now() - serverTimeMs;
  const seconds = Math.round(Math.abs(offsetMs) / 1_000);
  if (Math.abs(offsetMs) <= MAX_CLOCK_OFFSET_MS) return `within ${Math.max(1, seconds)} s of X's`;
  const direction = offsetMs > 0 ? "ahead of" : "behind";
  throw new ConfigError([
    `the clock is ${count(seconds)} s ${direction} X's, at most 60 s are fine. Synchronize it (NTP).`,
  ]);
}

/** Each limit with ours, others' and what is at risk; fails where not even X's smallest page is left. Writes nothing. */
export function checkBudget(
  ledger: Ledger,
  {
    config,
    usage,
    nowMs,
  }: { readonly config: IngesterConfig; readonly usage: ProjectUsage | undefined; readonly nowMs: number },
): string {
  const { terms, cycleDay } = config.budget;
  const current = budgetAt(ledger.budget, nowMs);
  const budget = usage === undefined ? current : synced(current, { usage, cycleDay, nowMs });
  const uses = useOfLimits({ budget, run: NEW_ACCOUNT }, terms);
  const page = smallestPurchase(
    searchLimits(config.search.expansions, ENDPOINTS.recent.maxPosts),
    terms.prices,
  );
  const lines = uses.map((use) => `${use.limit}: ${describeUse(use)}`);
  const isUsedUp = uses.some(
    (use) => use.allowed - usedOf(use) < (use.unit === "posts" ? page.posts : limitInMicros(page.usd)),
  );
  if (lines.length === 0) return "no monthly limit: only X's own cap limits what is bought";
  if (isUsedUp) {
    const fix =
      "Nothing can be bought before the next billing cycle starts: raise the limit, or correct the budget.";
    throw new ConfigError([`${lines.join("\n")}\n${fix}`]);
  }
  return lines.join("\n");
}

export async function checkQuery(
  client: XClient,
  { query, name, key }: QueryConfig,
  metering: Parameters<typeof countMetered>[2],
): Promise<string> {
  const buckets = await countMetered(client, { query, scope: "recent" }, metering);
  const posts = buckets.reduce((sum, bucket) => sum + bucket.posts, 0);
  const which = name === key ? "" : `${name}: `;
  const price = usd(metering.terms.prices.recentCounts);
  return `${which}X accepts it; ${plural(posts, "post")} in the last 7 days (this check cost ${price})`;
}
