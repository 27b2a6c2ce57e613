/**
 * What `run` and `backfill` share: everything wired, the checkpoint taken, the destination proven, and all of it
 * given back in the right order however the work ends.
 */

import type { DynamoStateOptions } from "../checkpoint/dynamodb";
import { StoredSpendingMeter } from "../checkpoint/spending-meter";
import type { CheckpointState } from "../checkpoint/state";
import { StoppedError } from "../checkpoint/stopped";
import type { RunCaps } from "../cli";
import { systemClock } from "../clock";
import type { IngesterConfig } from "../config";
import { createFirehoseSink } from "../firehose/sink";
import type { IngestPorts } from "../ingest";
import { createLogger, createOutput, type LineOutput, type Logger } from "../logger";
import type { Observer } from "../ports";
import { createScrubber } from "../scrub";
import { listenForStop, type StopSignals } from "../signals";
import { createObservability, type Observability } from "../status/observability";
import { startUsageSync } from "../usage-sync";
import type { Position } from "../window";
import { XClient } from "../x/client";

export interface SessionSetup {
  readonly config: IngesterConfig;
  readonly caps: RunCaps;
  /** The checkpoint to hold; the money meter is always the one of config.checkpointKey. */
  readonly checkpointKey: string;
  /** Ends by itself: failures that last end it, too. */
  readonly endsByItself: boolean;
  /** Watches beside logs and metrics. */
  readonly observe?: Observer;
  /** Where log lines go. @default stdout */
  readonly logTo?: LineOutput;
}

export interface Session {
  readonly ports: Omit<IngestPorts, "source">;
  readonly client: XClient;
  readonly signals: StopSignals;
  readonly logger: Logger;
  readonly meter: StoredSpendingMeter;
  /** What the checkpoint held; undefined: nothing yet. */
  readonly stored: Position | undefined;
}

/** Usage is worth a moment at the start, no more. */
const USAGE_TIMEOUT_MS = 5_000;
/** How long a run that ends by itself bears refusals of the stream. A service holds what it has paid for. */
const REFUSAL_PATIENCE_MS = 10_000;

/** @returns undefined when it was stopped before the work began */
export async function withSession<T>(
  setup: SessionSetup,
  work: (session: Session) => Promise<T>,
): Promise<T | undefined> {
  const { config } = setup;
  const signals = listenForStop(config.shutdownMs);
  const scrub = createScrubber([config.x.bearerToken]);
  const output = createOutput(scrub, setup.logTo);
  const logger = createLogger({ level: config.logLevel, output });
  const state = await openCheckpoint(config, setup.checkpointKey, {
    giveUp: signals.abort,
    report: (message) => logger.warn({ event: "checkpoint_waiting", message }),
  });
  state.lost.addEventListener("abort", () => signals.requestAbort(state.lost.reason));
  const meter = createMeter(setup, state);
  const watch = createObservability({
    config: { ...config, checkpointKey: setup.checkpointKey },
    clock: systemClock,
    logger,
    output,
    scrub,
    meterSnapshot: () => meter.snapshot(),
  });
  try {
    return await hold({ setup, state, meter, watch, logger, signals }, work);
  } catch (error) {
    if (error instanceof StoppedError) return undefined;
    watch.failed(error);
    logger.fatal({ event: "failed", error });
    throw error;
  } finally {
    watch.stopping();
    await watch.stop();
    signals.dispose();
  }
}

interface Parts {
  readonly setup: SessionSetup;
  readonly state: CheckpointState;
  readonly meter: StoredSpendingMeter;
  readonly watch: Observability;
  readonly logger: Logger;
  readonly signals: StopSignals;
}

async function hold<T>(parts: Parts, work: (session: Session) => Promise<T>): Promise<T | undefined> {
  const { setup, state, meter, watch, logger, signals } = parts;
  const { config } = setup;
  const stored = await state.checkpoints.acquire(signals.stop);
  const client = new XClient(config.x, systemClock);
  const observe = bothOf(watch.observer, setup.observe);
  const sink = createSink(setup, observe);
  signals.abort.addEventListener("abort", () => client.abort());
  try {
    if (signals.stop.aborted) return undefined;
    await watch.start();
    if (stored !== undefined) watch.resumed(stored);
    await sink.check(signals.stop);
    if (hasMonthlyLimit(config)) await syncUsage(parts);
    const ports = {
      sink,
      checkpoints: state.checkpoints,
      meter,
      clock: systemClock,
      observe,
      random: Math.random,
    };
    return await work({ ports, client, signals, logger, meter, stored });
  } finally {
    signals.requestStop();
    // The reservation of a page that failed stays spent; what was settled is worth writing down.
    await meter.flush().catch((error: unknown) => logger.warn({ event: "meter_not_saved", error }));
    await state.checkpoints
      .release()
      .catch((error: unknown) => logger.warn({ event: "not_released", error }));
    client.abort();
    sink.close();
  }
}

/** The DynamoDB client is loaded only where it is configured: it would cost every start a tenth of a second. */
export async function openCheckpoint(
  config: IngesterConfig,
  key: string,
  watch: Pick<DynamoStateOptions, "giveUp" | "report"> = {},
): Promise<CheckpointState> {
  const { checkpoint, checkpointKey: meterKey } = config;
  if (checkpoint.kind === "file") {
    const { createFileState } = await import("../checkpoint/file-state");
    return createFileState({ file: checkpoint.path, key, meterKey });
  }
  const { createDynamoState } = await import("../checkpoint/dynamodb");
  const client = definedOnly({ region: config.firehose.region, endpoint: checkpoint.endpointUrl });
  return createDynamoState({ ...watch, table: checkpoint.table, key, meterKey, client });
}

function createMeter(
  { config, caps, checkpointKey }: SessionSetup,
  state: CheckpointState,
): StoredSpendingMeter {
  const { monthlyPosts, monthlyUsd, billingCycleDay: cycleDay } = config.limits;
  const limits = definedOnly({ monthlyPosts, monthlyUsd, maxPosts: caps.maxPosts, maxUsd: caps.maxUsd });
  const known = { store: state.meterStore, clock: systemClock, checkpointKey, limits, prices: config.prices };
  return new StoredSpendingMeter({ ...known, ...definedOnly({ cycleDay }) });
}

function createSink({ config, endsByItself }: SessionSetup, observe: Observer) {
  const { maxBytesPerSecond, ...target } = config.firehose;
  const giveUpAfterMs = endsByItself ? REFUSAL_PATIENCE_MS : undefined;
  return createFirehoseSink({ target, maxBytesPerSecond, observe, giveUpAfterMs });
}

function hasMonthlyLimit({ limits }: IngesterConfig): boolean {
  return limits.monthlyPosts !== undefined || limits.monthlyUsd !== undefined;
}

async function syncUsage({ setup, meter, logger, signals }: Parts): Promise<void> {
  const { x } = setup.config;
  const requestTimeoutMs = Math.min(x.requestTimeoutMs, USAGE_TIMEOUT_MS);
  const client = new XClient({ ...x, requestTimeoutMs }, systemClock);
  await startUsageSync({ client, meter, clock: systemClock, logger, signal: signals.stop });
}

function bothOf(first: Observer, second: Observer | undefined): Observer {
  if (second === undefined) return first;
  return (event) => {
    first(event);
    second(event);
  };
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function definedOnly<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}
