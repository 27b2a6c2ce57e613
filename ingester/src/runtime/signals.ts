/** Stopping is a feature: the first signal stops reading, the deadline stops delivering, a second signal exits. */

/** Kept back from the deadline for saving, releasing and the last log lines. */
const RESERVE_MS = 1_500;

export interface StopSignals {
  /** Read no more; deliver and save what has been bought. */
  readonly stop: AbortSignal;
  /** Give up delivering, too. */
  readonly abort: AbortSignal;
  /** Stops as a signal would. */
  requestStop(): void;
  /** Gives up at once. */
  requestAbort(reason: unknown): void;
  dispose(): void;
}

/** @param deadlineMs from the first signal until the process has to be gone */
export function listenForStop(deadlineMs: number): StopSignals {
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
  const onSignal = () => {
    // Whoever signals twice does not want to wait. 130: ended by a signal, as shells report it.
    if (stop.signal.aborted) process.exit(130);
    requestStop();
  };
  const signals = ["SIGTERM", "SIGINT"] as const;
  for (const signal of signals) process.on(signal, onSignal);
  return {
    stop: stop.signal,
    abort: abort.signal,
    requestStop,
    requestAbort,
    dispose: () => {
      clearTimeout(timer);
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}
