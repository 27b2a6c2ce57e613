/** The preflight: what can be known of the destination before anything is bought. */
import { ConfigError, type IngesterError } from "../loop/errors";
import type { Clock } from "../loop/ports";
import {
  type DeliveryTarget,
  type FirehoseApi,
  FirehoseFailure,
  type StreamDescription,
  TIMED_OUT,
} from "./api";
import { explain, nameOf } from "./errors";

/** Waits between the tries, in milliseconds: together 7.5 seconds, enough for an endpoint that is starting. */
const WAITS_MS = [500, 1_000, 2_000, 4_000];
/** No further try after this, where each one takes long. */
const PATIENCE_MS = 10_000;

/** Refusals to describe that say nothing of the right to write; least privilege is PutRecordBatch alone. */
const MAY_STILL_WRITE = new Set(["AccessDenied", "AccessDeniedException"]);
/** An answer in no words of AWS's. Emulators answer so to operations they lack, and take records all the same. */
const ANSWERED = /^HTTP \d+$/;

export interface CheckOptions {
  readonly api: FirehoseApi;
  readonly target: DeliveryTarget;
  readonly clock: Clock;
}

type Finding = "good" | "again";

/**
 * Passes unless delivery is sure to fail: an endpoint may be slow, throttled or not know the operation, and still take
 * records. Returns early when the signal aborts.
 * @throws ConfigError unknown or unusable stream, unreachable endpoint, missing region
 * @throws AccessError refused or missing credentials
 */
export async function checkDestination(options: CheckOptions, signal: AbortSignal): Promise<void> {
  const { clock } = options;
  const untilMs = clock.elapsed() + PATIENCE_MS;
  for (const waitMs of WAITS_MS) {
    const finding = await tryOnce(options, signal, () => clock.elapsed() >= untilMs);
    if (finding === "good") return;
    await clock.sleep(waitMs, signal);
    if (signal.aborted) return;
  }
  await tryOnce(options, signal, () => true);
}

/** @param isLast asked when the answer is there: is this the last try? */
async function tryOnce(
  { api, target }: CheckOptions,
  signal: AbortSignal,
  isLast: () => boolean,
): Promise<Finding> {
  try {
    return judgeStream(await api.describe(signal), target, isLast());
  } catch (error) {
    if (signal.aborted) return "good";
    if (!(error instanceof FirehoseFailure)) throw error;
    return judgeFailure(error, target, isLast());
  }
}

function judgeStream({ status, source }: StreamDescription, target: DeliveryTarget, last: boolean): Finding {
  if (source !== undefined && source !== "DirectPut") {
    throw new ConfigError([
      `${capital(nameOf(target))} takes its records from ${source}, so nothing can be put into it. ` +
        "Use a stream whose source is Direct PUT.",
    ]);
  }
  if (status === undefined || status === "ACTIVE") return "good";
  if (status === "CREATING" && !last) return "again";
  throw new ConfigError([
    `${capital(nameOf(target))} is ${status}; it must be ACTIVE. Wait, or deploy the data stack again.`,
  ]);
}

function judgeFailure(failure: FirehoseFailure, target: DeliveryTarget, last: boolean): Finding {
  if (ANSWERED.test(failure.code)) return "good";
  if (failure.kind === "unreachable" || failure.code === TIMED_OUT) {
    if (last) throw unreachable(failure, target);
    return "again";
  }
  switch (failure.kind) {
    case "missing":
    case "no_region":
      throw explain(failure, target);
    case "refused":
    case "stale_credentials":
      if (MAY_STILL_WRITE.has(failure.code)) return "good";
      throw explain(failure, target);
    default:
      return "good";
  }
}

function unreachable({ code, message }: FirehoseFailure, target: DeliveryTarget): IngesterError {
  return explain(new FirehoseFailure("unreachable", code, message), target);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
