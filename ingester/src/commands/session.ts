/**
 * What `run` and `backfill` share: everything wired, the worker in the ledger, its holes claimed, the destination
 * proven, and all of it given back in the right order however the work ends.
 */
import { randomUUID } from "node:crypto";
import type { RunCaps } from "../config/budget";
import type { IngesterConfig } from "../config/config";
import { createFirehoseSink } from "../firehose/sink";
import { DEFAULT_CYCLE_DAY } from "../ledger/billing-cycle";
import { lossesSince } from "../ledger/fitted";
import { smallestPurchase } from "../ledger/limits";
import { claimHoles, describeWorker, type Held } from "../loop/claim";
import type { CollectPorts } from "../loop/collect";
import { StoppedError } from "../loop/errors";
import type { Observer } from "../loop/events";
import { LedgerAccess } from "../loop/ledger-access";
import { Membership } from "../loop/membership";
import type { LedgerStore } from "../loop/ports";
import type { Goal, Task } from "../loop/task";
import { systemClock } from "../runtime/clock";
import { listenForStop, type StopSignals } from "../runtime/endings/signals";
import { createLogger, createOutput, type LineOutput, type Logger } from "../runtime/logger";
import { logRequests } from "../runtime/network/http-log";
import { proxySecrets } from "../runtime/network/proxy";
import { isRunning, thisProcess } from "../runtime/process-identity";
import { createScrubber } from "../runtime/scrub";
import { VERSION } from "../runtime/version";
import { createObservation, type Observation } from "../status/observation";
import type { Status } from "../status/status";
import { XClient } from "../x/client";
import { ENDPOINTS, SearchSource, searchLimits } from "../x/search/source";
import type { CommandIo } from "./io";
import { openStore } from "./store";
import { streamTask, watchedOf, watchedStreamOf } from "./stream-task";
import { firstUsage, keepUsage } from "./usage-sync";

export interface SessionSetup {
  readonly config: IngesterConfig;
  /** As other workers read it in the ledger, such as `run`. */
  readonly command: string;
  readonly caps: RunCaps;
  /** What is collected of every query. */
  readonly goal: Goal;
  /** Ends by itself: failures that last end it, too. */
  readonly once: boolean;
  readonly io: CommandIo;
  /** Watches beside logs and metrics. */
  readonly observe?: Observer;
  /** Where log lines go. @default stdout */
  readonly logTo?: LineOutput;
}

export interface Session {
  readonly ports: CollectPorts;
  /** None in stream mode. */
  readonly tasks: readonly Task[];
  readonly client: XClient;
  readonly signals: StopSignals;
  readonly logger: Logger;
  readonly status: () => Status;
  /** What is left to other workers. */
  readonly held: readonly Held[];
}

/** How long a run that ends by itself waits while AWS refuses. A service holds what it has paid for. */
const REFUSAL_PATIENCE_MS = 10_000;

/** @returns undefined when it was stopped before the work began */
export async function withSession<T>(
  setup: SessionSetup,
  work: (session: Session) => Promise<T>,
): Promise<T | undefined> {
  const { config, io } = setup;
  const signals = listenForStop({ deadlineMs: config.shutdownMs });
  stopWithout(io.outputGone, signals);
  const scrub = createScrubber([config.x.bearerToken, ...proxySecrets()]);
  const output = createOutput(scrub, setup.logTo ?? io);
  const logger = createLogger({ level: config.logLevel, output });
  logRequests(logger);
  const client = new XClient(config.x, systemClock);
  let watch: Observation | undefined;
  const observe: Observer = (event) => {
    watch?.observer(event);
    setup.observe?.(event);
  };
  const store = await openStore(config.store, { observe, giveUpAfterMs: patienceOf(setup) });
  const cycleDay = config.budget.cycleDay ?? DEFAULT_CYCLE_DAY;
  const access = new LedgerAccess({ store, now: client.now, cycleDay, newId: randomUUID });
  const terms = { ...config.budget.terms };
  watch = createObservation({
    ...{
      clock: systemClock,
      logger,
      output,
      scrub,
      terms,
      version: VERSION,
      queries: watchedOf(config, setup.goal),
    },
    stream: config.firehose.target.streamName,
    smallestPage: smallestPurchase(
      searchLimits(config.search.expansions, ENDPOINTS.recent.maxPosts),
      terms.prices,
    ),
    ledger: () => access.ledger,
    http: config.http,
    ...watchedStreamOf(config.source),
    ...(setup.once || config.source.mode === "stream" ? {} : { pollMs: config.search.pollMs }),
    metricsNamespace: config.metricsNamespace,
  });
  try {
    return await hold({ setup, store, access, client, watch, logger, signals, observe }, work);
  } catch (error) {
    if (error instanceof StoppedError && !signals.abort.aborted) return undefined;
    watch.failed(error);
    logger.fatal({ event: "failed", error });
    throw error;
  } finally {
    watch.stopping();
    await watch.stop();
  }
}

/** Without its log lines a run is not watched any more: what has been bought is delivered, and no more is bought. */
function stopWithout(output: AbortSignal, { requestStop }: StopSignals): void {
  if (output.aborted) requestStop();
  output.addEventListener("abort", requestStop, { once: true });
}

interface Parts {
  readonly setup: SessionSetup;
  readonly store: LedgerStore;
  readonly access: LedgerAccess;
  readonly client: XClient;
  readonly watch: Observation;
  readonly logger: Logger;
  readonly signals: StopSignals;
  readonly observe: Observer;
}

async function hold<T>(parts: Parts, work: (session: Session) => Promise<T>): Promise<T | undefined> {
  const membership = createMembership(parts);
  const result = await holdAs(membership, parts, work);
  // Losing the place in the ledger stops the work as a signal does, and is no clean end.
  membership.lost.throwIfAborted();
  return result;
}

async function holdAs<T>(
  membership: Membership,
  parts: Parts,
  work: (session: Session) => Promise<T>,
): Promise<T | undefined> {
  const { setup, store, client, watch, logger, signals, observe } = parts;
  membership.lost.addEventListener("abort", () => signals.requestAbort(membership.lost.reason));
  signals.abort.addEventListener("abort", () => client.abort());
  const sink = createSink(setup, observe);
  const tasks = tasksOf(setup, client, observe);
  const { source } = setup.config;
  const claimed = source.mode === "stream" ? [streamTask(source, setup.goal)] : tasks;
  try {
    const usage = await firstUsage(client, logger);
    await membership.join();
    const before = membership.ledger;
    const held = await claimHoles(membership, claimed);
    if (signals.stop.aborted) return undefined;
    await watch.start();
    for (const one of held) observe(leftToOthers(one));
    for (const lost of lossesSince(before, membership.ledger)) observe({ type: "loss_recorded", ...lost });
    await sink.check(signals.stop);
    const { cycleDay } = setup.config.budget;
    await keepUsage(usage, {
      client,
      membership,
      cycleDay,
      logger,
      clock: systemClock,
      signal: signals.stop,
    });
    const ports = {
      ...{ membership, sink, observe, clock: systemClock, now: client.now },
      random: Math.random,
    };
    return await work({ ports, tasks, client, signals, logger, held, status: watch.status });
  } finally {
    signals.requestStop();
    await membership.leave().catch((error: unknown) => logger.warn({ event: "not_left", error }));
    client.abort();
    sink.close();
    store.close();
  }
}

/** Each query is a task of its own: they share the client with its rate limits, and the budget. */
function tasksOf({ config, goal }: SessionSetup, client: XClient, observe: Observer): readonly Task[] {
  const { postFields, expansions } = config.search;
  const endpoint = goal.type === "range" && goal.archive ? "all" : "recent";
  return config.queries.map(({ key, query }) => {
    const source = new SearchSource({ client, query, endpoint, postFields, expansions, observe });
    return { key, query, goal, source };
  });
}

function createMembership({ setup, access, signals, observe }: Parts): Membership {
  return new Membership({
    lost: (key, loss) => observe({ type: "loss_recorded", key, loss }),
    ...{ access, isRunning, command: setup.command, clock: systemClock, process: thisProcess() },
    stop: signals.stop,
    abort: signals.abort,
  });
}

function leftToOthers({ task, intervals, workers }: Held) {
  return { type: "left_to_others", key: task.key, intervals, workers: workers.map(describeWorker) } as const;
}

function createSink(setup: SessionSetup, observe: Observer) {
  return createFirehoseSink({ ...setup.config.firehose, observe, giveUpAfterMs: patienceOf(setup) });
}

function patienceOf({ once }: SessionSetup): number | undefined {
  return once ? REFUSAL_PATIENCE_MS : undefined;
}
