/** `ingester doctor`: checks what a run depends on; each line passes or says how to fix it. */
import type { OptionsOf } from "../cli/command";
import { type IngesterConfig, loadConfig } from "../config/config";
import type { QueryConfig } from "../config/queries";
import { createFirehoseSink } from "../firehose/sink";
import { NEW_ACCOUNT } from "../ledger/account";
import { coverageOf, type Ledger } from "../ledger/ledger";
import { smallestPurchase, usedOf, useOfLimits } from "../ledger/limits";
import { limitInMicros } from "../ledger/prices";
import { describeWorker } from "../loop/claim";
import { ConfigError, EXIT, type ExitCode, IngesterError } from "../loop/errors";
import type { LedgerAccess } from "../loop/ledger-access";
import { systemClock } from "../runtime/clock";
import { proxySecrets } from "../runtime/proxy";
import { createScrubber } from "../runtime/scrub";
import { describeUse } from "../status/trouble";
import { XClient } from "../x/client";
import { ENDPOINTS, searchLimits } from "../x/search/source";
import { type ProjectUsage, readUsage } from "../x/usage";
import type { CommandIo } from "./io";
import { countMetered } from "./metered-counts";
import { openLedger } from "./store";
import { count, plural, usd } from "./terminal";
import { synced } from "./usage-sync";

export interface CheckResult {
  readonly check: "configuration" | "ledger" | "token" | "clock" | "budget" | "query" | "stream";
  readonly ok: boolean;
  /** What was found, or what is wrong and how to fix it. */
  readonly detail: string;
}

/** AWS refuses signatures that are further off than 5 minutes, and X's rate-limit times are in its own clock. */
const MAX_CLOCK_OFFSET_MS = 60_000;
const CHECK_TIMEOUT_MS = 20_000;
const NEVER = new AbortController().signal;

/** @returns the exit code: 0 when every check passed, else that of the first failure */
export async function doctorCommand({ json }: OptionsOf<"doctor">, io: CommandIo): Promise<ExitCode> {
  const scrub = createScrubber([io.env.X_BEARER_TOKEN, ...proxySecrets()]);
  let exitCode: ExitCode = EXIT.done;
  const failed = (error: unknown) => {
    if (exitCode === EXIT.done) exitCode = error instanceof IngesterError ? error.exitCode : EXIT.failure;
  };
  for await (const result of checks(io, attemptWith(failed))) {
    if (io.outputGone.aborted) break;
    io.write(scrub(json ? `${JSON.stringify(result)}\n` : describe(result)));
  }
  return exitCode;
}

function describe({ check, ok, detail }: CheckResult): string {
  const [first, ...rest] = detail.split("\n");
  const head = `${ok ? "pass" : "FAIL"}  ${check.padEnd(13)} ${first}\n`;
  return head + rest.map((line) => `${" ".repeat(20)}${line}\n`).join("");
}

type Attempt = (check: CheckResult["check"], run: () => Promise<string>) => Promise<CheckResult>;

function attemptWith(failed: (error: unknown) => void): Attempt {
  return async (check, run) => {
    try {
      return { check, ok: true, detail: await run() };
    } catch (error) {
      failed(error);
      return { check, ok: false, detail: error instanceof Error ? error.message : String(error) };
    }
  };
}

async function* checks(io: CommandIo, attempt: Attempt): AsyncGenerator<CheckResult> {
  let config: IngesterConfig | undefined;
  yield await attempt("configuration", async () => {
    config = loadConfig(io.env, { caps: { maxPosts: undefined, maxUsd: undefined } });
    return "every variable is set and well-formed";
  });
  if (config === undefined) return;
  yield* checksOf(config, attempt);
}

async function* checksOf(config: IngesterConfig, attempt: Attempt): AsyncGenerator<CheckResult> {
  const { store, budget, x, queries } = config;
  const client = new XClient({ ...x, requestTimeoutMs: CHECK_TIMEOUT_MS }, systemClock);
  const { access, close } = await openLedger({ store, cycleDay: budget.cycleDay, now: client.now });
  const ledger = await attempt("ledger", async () => describeLedger(await access.refresh(NEVER), queries));
  yield ledger;
  let usage: ProjectUsage | undefined;
  yield await attempt("token", async () => {
    usage = await readUsage(client);
    return describeUsage(usage);
  });
  const { serverTimeMs } = usage ?? {};
  if (serverTimeMs !== undefined) yield await attempt("clock", async () => checkClock(serverTimeMs));
  if (ledger.ok) yield await attempt("budget", () => checkBudget(access, { config, usage }));
  for (const query of queries) {
    const metering = { access: ledger.ok ? access : undefined, terms: budget.terms, key: "doctor" };
    yield await attempt("query", () => checkQuery(client, query, metering));
  }
  client.abort();
  close();
  yield await attempt("stream", () => checkStream(config));
}

/** What the ledger remembers, and who works with it. */
function describeLedger(ledger: Ledger, queries: readonly QueryConfig[]): string {
  const known = queries.filter(({ key }) => coverageOf(ledger, key) !== undefined);
  const what = `${plural(ledger.coverage.length, "query")}`.replace(/querys$/, "queries");
  const own =
    known.length === queries.length ? "all that is configured among them" : "not all that is configured";
  const head =
    ledger.coverage.length === 0 ? "readable; nothing remembered yet" : `readable; remembers ${what}, ${own}`;
  return [head, ...ledger.workers.map((worker) => `at work: ${describeWorker(worker)}`)].join("\n");
}

function describeUsage({ posts, cap, capResetDay }: ProjectUsage): string {
  const of = cap === undefined ? "" : ` of ${count(cap)}`;
  const used = posts === undefined ? "" : `; the project has used ${plural(posts, "post read")}${of}`;
  const day = capResetDay === undefined ? "" : `, renewed on day ${capResetDay} of the month`;
  return `X accepts it${used}${day}`;
}

function checkClock(serverTimeMs: number): string {
  const offsetMs = Date.now() - serverTimeMs;
  const seconds = Math.round(Math.abs(offsetMs) / 1_000);
  if (Math.abs(offsetMs) <= MAX_CLOCK_OFFSET_MS) return `within ${Math.max(1, seconds)} s of X's`;
  const direction = offsetMs > 0 ? "ahead of" : "behind";
  throw new ConfigError([
    `the clock is ${seconds} s ${direction} X's, at most 60 s are fine. Synchronize it (NTP).`,
  ]);
}

/** Each limit with ours, others' and what is at risk; fails where not even X's smallest page is left. */
async function checkBudget(
  access: LedgerAccess,
  { config, usage }: { readonly config: IngesterConfig; readonly usage: ProjectUsage | undefined },
): Promise<string> {
  const { terms, cycleDay } = config.budget;
  const budget = await access.update((ledger, nowMs) => {
    const after = usage === undefined ? ledger.budget : synced(ledger.budget, { usage, cycleDay, nowMs });
    return { ledger: after === ledger.budget ? ledger : { ...ledger, budget: after }, result: after };
  }, NEVER);
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
      "Nothing can be bought before the billing cycle turns: raise the limit, or correct the budget.";
    throw new ConfigError([`${lines.join("\n")}\n${fix}`]);
  }
  return lines.join("\n");
}

async function checkQuery(
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

async function checkStream({ firehose }: IngesterConfig): Promise<string> {
  const sink = createFirehoseSink({ target: firehose.target, observe: () => undefined });
  try {
    await sink.check(AbortSignal.timeout(CHECK_TIMEOUT_MS));
    return `${firehose.target.streamName} can be reached`;
  } finally {
    sink.close();
  }
}
