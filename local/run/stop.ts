import { stopWithoutOutput } from "../support/command-line";

/** Signals that ask a run to end. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * npm, tsx and the terminal may each pass on the same Ctrl-C: what follows so closely is not a second wish.
 */
const SAME_WISH_MS = 1500;

/** What to do when asked to end. */
export interface StopHandlers {
  /** The first time: end cleanly. */
  readonly stop: () => void;
  /** Again, later: end at once. */
  readonly kill: () => void;
}

/** Listens for the wish to end; the answer ends the listening and says whether there was one. */
export function listenForStop({ stop, kill }: StopHandlers): () => boolean {
  let askedAtMs: number | undefined;
  const listener = () => {
    if (askedAtMs === undefined) {
      askedAtMs = Date.now();
      stop();
    } else if (Date.now() - askedAtMs > SAME_WISH_MS) {
      kill();
    }
  };
  for (const signal of SIGNALS) process.on(signal, listener);
  stopWithoutOutput.add(listener);
  return () => {
    stopWithoutOutput.delete(listener);
    for (const signal of SIGNALS) process.off(signal, listener);
    return askedAtMs !== undefined;
  };
}
