/**
 * The preflight: what can be known of the destination, for free, before anything is bought. It makes the very call that
 * delivers, with nothing in it, and asks for the stream's description.
 */
import { TIMED_OUT } from "../aws/deadline";
import { ConfigError } from "../loop/errors";
import type { Clock } from "../loop/ports";
import { type DeliveryTarget, type FirehoseApi, FirehoseFailure, type StreamDescription } from "./api";
import { explain, isLasting, nameOf } from "./errors";

/** Waits between the tries, in milliseconds: together 7.5 seconds, enough for an endpoint that is starting. */
const WAITS_MS = [500, 1_000, 2_000, 4_000];
/** No further try after this, where each one takes long. */
const PATIENCE_MS = 10_000;

export interface CheckOptions {
  readonly api: FirehoseApi;
  readonly target: DeliveryTarget;
  readonly clock: Clock;
}

/** Something that may pass. */
interface Open {
  readonly open: FirehoseFailure | ConfigError;
  /** If it does not pass, enough is known to start all the same. */
  readonly isEnough: boolean;
}

type Finding = "good" | Open;

/** How Firehose refuses a batch without records, once it has accepted the caller and the call. */
const REFUSED_AS_EMPTY = new Set(["InvalidArgumentException", "ValidationException"]);
/** What it says, under the same name, of a stream that is fed by something else. */
const NOT_FOR_PUTS = /not permitted/i;

/**
 * Returns when the endpoint has answered as Firehose does, to a caller that may write, and the stream is not known to be
 * unusable. Returns early when the signal aborts.
 * @throws ConfigError unknown or unusable stream, an endpoint that is not Firehose or not reached, missing region
 * @throws AccessError refused or missing credentials, a clock that AWS does not accept
 * @throws DeliveryError Firehose is too busy or too broken to prove anything
 */
export async function checkDestination(options: CheckOptions, signal: AbortSignal): Promise<void> {
  const { clock, target } = options;
  const untilMs = clock.elapsed() + PATIENCE_MS;
  for (const waitMs of [...WAITS_MS, undefined]) {
    const finding = await tryOnce(options, signal);
    if (finding === "good" || signal.aborted) return;
    if (waitMs === undefined || clock.elapsed() >= untilMs) {
      if (finding.isEnough) return;
      throw finalError(finding.open, target);
    }
    await clock.sleep(waitMs, signal);
    if (signal.aborted) return;
  }
}

async function tryOnce({ api, target }: CheckOptions, signal: AbortSignal): Promise<Finding> {
  const put = await answerTo(() => api.putNothing(signal));
  if (signal.aborted) return "good";
  const failure = put instanceof FirehoseFailure && !isRefusedAsEmpty(put) ? put : undefined;
  if (failure !== undefined && isLasting(failure)) throw explain(failure, target);
  const description = await answerTo(() => api.describe(signal));
  if (signal.aborted) return "good";
  if (description instanceof FirehoseFailure) return judgeSilence(description, failure, target);
  const finding = judgeStream(description, target);
  if (failure === undefined || finding !== "good") return finding;
  // A description in Firehose's words shows that it is one, and that its caller is known.
  return { open: failure, isEnough: description.status !== undefined && failure.code !== TIMED_OUT };
}

/** @returns what the endpoint answered, or how it failed */
async function answerTo<T>(ask: () => Promise<T>): Promise<T | FirehoseFailure> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof FirehoseFailure) return error;
    throw error;
  }
}

function isRefusedAsEmpty({ code, message }: FirehoseFailure): boolean {
  return REFUSED_AS_EMPTY.has(code) && !NOT_FOR_PUTS.test(message);
}

/** Nothing is said of the stream: least privilege is PutRecordBatch alone, and emulators may lack the operation. */
function judgeSilence(
  silence: FirehoseFailure,
  put: FirehoseFailure | undefined,
  target: DeliveryTarget,
): Finding {
  if (silence.kind === "missing") throw explain(silence, target);
  if (put !== undefined) return { open: put, isEnough: false };
  const mayPass = silence.kind === "throttled" || silence.kind === "transient";
  return mayPass ? { open: silence, isEnough: true } : "good";
}

function judgeStream({ status, source }: StreamDescription, target: DeliveryTarget): Finding {
  const name = capital(nameOf(target));
  if (source !== undefined && source !== "DirectPut") {
    throw new ConfigError([
      `${name} takes its records from ${source}, so nothing can be put into it. ` +
        "Use a stream whose source is Direct PUT.",
    ]);
  }
  if (status === undefined || status === "ACTIVE") return "good";
  const error = new ConfigError([
    `${name} is ${status}; it must be ACTIVE. Wait, or deploy the data stack again.`,
  ]);
  if (status === "CREATING") return { open: error, isEnough: false };
  throw error;
}

/** An endpoint that was connected and never answered is no better than one that was not reached. */
function finalError(open: FirehoseFailure | ConfigError, target: DeliveryTarget) {
  if (open instanceof ConfigError) return open;
  const { kind, code, message } = open;
  const isSilent = kind === "transient" && code === TIMED_OUT;
  return explain(
    isSilent ? new FirehoseFailure("unreachable", code, message, { cause: open }) : open,
    target,
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
