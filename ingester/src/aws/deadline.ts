export interface Bounds {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** `name` of the error of a request that was not answered in time. */
export const TIMED_OUT = "Timeout";

/**
 * Ends an operation at a deadline, or when the signal aborts, even if the operation does not listen: a program that is
 * asked for credentials may never answer. The SDK's own request time-out ends with the answer's headers, and a body
 * that never comes would hold a page without an end.
 *
 * Not AbortSignal.any: on Node 20 it keeps a reference in the long-lived signal for each request.
 */
export async function withDeadline<T>(
  run: (signal: AbortSignal) => Promise<T>,
  { timeoutMs, signal }: Bounds,
): Promise<T> {
  const controller = new AbortController();
  let reject: (error: Error) => void = () => undefined;
  const ended = new Promise<never>((_, rejected) => {
    reject = rejected;
  });
  const end = (name: string, message: string) => {
    controller.abort();
    reject(Object.assign(new Error(message), { name }));
  };
  const onAbort = () => end("AbortError", "stopped");
  const timer = setTimeout(() => end(TIMED_OUT, `no answer within ${timeoutMs} ms`), timeoutMs);
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([ended, run(controller.signal)]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}
