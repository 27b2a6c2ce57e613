/** `ingester doctor`: checks what a run depends on; each line passes or says how to fix it. */
import type { OptionsOf } from "../../cli/command";
import { type IngesterConfig, loadConfig } from "../../config/config";
import { EXIT, type ExitCode, IngesterError } from "../../loop/errors";
import { systemClock } from "../../runtime/clock";
import { proxySecrets } from "../../runtime/network/proxy";
import { createScrubber } from "../../runtime/scrub";
import { XClient } from "../../x/client";
import type { CommandIo } from "../io";
import { openLedger } from "../store";
import { CHECK_TIMEOUT_MS, checkFields, checkPage, checkStream } from "./checks";
import { checkBudget, checkClock, checkLedger, checkQuery, checkToken } from "./ledger-checks";
import type { Attempt, CheckResult } from "./result";
import { streamChecks } from "./stream-checks";

/** @returns the exit code: 0 when every check passed, else that of the first failure */
export async function doctorCommand({ json }: OptionsOf<"doctor">, io: CommandIo): Promise<ExitCode> {
  const scrub = createScrubber([io.env.X_BEARER_TOKEN, ...proxySecrets()]);
  let exitCode: ExitCode = EXIT.done;
  const failed = (error: unknown) => {
    if (exitCode === EXIT.done) exitCode = error instanceof IngesterError ? error.exitCode : EXIT.failure;
  };
  for await (const result of checks(io, attemptWith(failed))) {
    if (io.outputGone.aborted) break;
    if (json) io.write(scrub(`${JSON.stringify(result)}\n`));
    else io.say(scrub(describe(result)));
  }
  return exitCode;
}

function describe({ check, ok, detail }: CheckResult): string {
  const [first, ...rest] = detail.split("\n");
  const head = `${ok ? "pass" : "FAIL"}  ${check.padEnd(14)} ${first}\n`;
  return head + rest.map((line) => `${" ".repeat(21)}${line}\n`).join("");
}

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
  yield await attempt("fields", () => checkFields(config?.search.postFields));
  yield* checksOf(config, attempt);
}

/** What is free comes first: the query is paid for, and its price is booked in the ledger. */
async function* checksOf(config: IngesterConfig, attempt: Attempt): AsyncGenerator<CheckResult> {
  const { store, budget, x, queries, source } = config;
  const client = new XClient({ ...x, requestTimeoutMs: CHECK_TIMEOUT_MS }, systemClock);
  const opened = await openLedger({ store, cycleDay: budget.cycleDay, client });
  const { access, close } = opened;
  try {
    const ledger = await attempt("ledger", () => checkLedger(opened, config));
    yield ledger;
    const { usage, result: token } = await checkToken(client, attempt);
    yield token;
    const { serverTimeMs } = usage ?? {};
    if (serverTimeMs !== undefined) yield await attempt("clock", () => checkClock(serverTimeMs));
    yield await attempt("stream", () => checkStream(config.firehose));
    yield await attempt("status page", () => checkPage(config.http, access.ledger.workers));
    if (ledger.ok)
      yield await attempt("budget", () => checkBudget(access.ledger, { config, usage, nowMs: client.now() }));
    if (!ledger.ok || !token.ok) return;
    const metering = { access, terms: budget.terms, key: "doctor" };
    if (source.mode === "stream")
      yield* streamChecks(source, { client, metering, workers: access.ledger.workers, attempt });
    for (const query of queries) {
      yield await attempt("query", () => checkQuery(client, query, metering));
    }
  } finally {
    client.abort();
    close();
  }
}
