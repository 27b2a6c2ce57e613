/** Stopping is a feature: the first signal stops reading, the deadline stops delivering, a second signal exits. */
import type { EventEmitter } from "node:events";
import { isHangupIgnored } from "./hangup";
import { leave } from "./leave";

/** Kept back from the deadline for saving, releasing and the last log lines. */
const RESERVE_MS = 1_500;
/** One Ctrl-C arrives twice where the terminal and npm both deliver it. */
const SAME_INTERRUPT_MS = 1_000;
/** As shells report a process that a signal has ended. */
const ENDED_BY_SIGNAL = 130;

export interface StopSignals {
  /** Read no more; deliver and save what has been bought. */
  readonly stop: AbortSignal;
  /** Give up delivering, too. */
  readonly abort: AbortSignal;
  /** Stops as a signal would. */
  requestStop(): void;
  /** Gives up at once. */
  requestAbort(reason: unknown): void;
}

export interface ListenOptions {
  /** Milliseconds from the first signal until the process has to be gone. */
  readonly deadlineMs: number;
  /** Where signals come from. @default process */
  readonly source?: EventEmitter;
  /** Ends the process. @default leave */
  readonly exit?: (code: number) => void;
}

/** Listens until the process is gone: a signal that comes late must not end it by default. */
export function listenForStop({ deadlineMs, source = process, exit = leave }: ListenOptions): StopSignals {
  const stop = new AbortController();
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const requestAbort = (reason: unknown) => {
    stop.abort(reason);
    abort.abort(reason);
  };
  const requestStop = () => {
    stop.abort();
    timer ??= setTimeout(
      () => requestAbort(new Error("the shutdown deadline")),
      Math.max(deadlineMs - RESERVE_MS, deadlineMs / 2),
    );
    timer.unref();
  };
  const impatience = new Impatience();
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    source.on(signal, () => {
      if (impatience.grows(signal)) exit(ENDED_BY_SIGNAL);
      else requestStop();
    });
  }
  // A terminal that goes away is not impatient: SIGHUP never counts as a second signal.
  const ignored = isHangupIgnored();
  source.on("SIGHUP", () => {
    if (!ignored) requestStop();
  });
  return { stop: stop.signal, abort: abort.signal, requestStop, requestAbort };
}

/** A person who signals twice does not want to wait. */
class Impatience {
  private first: { readonly signal: string; readonly atMs: number } | undefined;

  /** @returns true for a signal that asks again */
  grows(signal: string): boolean {
    const nowMs = performance.now();
    if (this.first === undefined) {
      this.first = { signal, atMs: nowMs };
      return false;
    }
    const isEcho = signal === "SIGINT" && this.first.signal === "SIGINT";
    return !(isEcho && nowMs - this.first.atMs < SAME_INTERRUPT_MS);
  }
}
