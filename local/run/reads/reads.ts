/** What recorder.cjs sends. */
export type RecorderMessage =
  | { readonly type: "answer" }
  | { readonly type: "posts"; readonly ids: readonly string[] };

/** Where a run reads from, and an account of what was read that does not rely on the ingester's own. */
export interface Reads {
  /** What the ingester gets as X_API_URL; undefined: its own default. */
  readonly url: string | undefined;
  /** Loaded into the ingester's process; what it sends goes to `onMessage`. */
  readonly recorder?: string;
  readonly onMessage?: (message: RecorderMessage) => void;
  /** For the summary, for example `the X API simulator`. */
  readonly name: string;
  /** Different posts returned so far. */
  readonly posts: () => number;
  /** Posts returned once more after the first time, in this run. */
  readonly repeated: () => number;
  readonly requests: () => number;
  /** Ids of every post returned. */
  readonly ids: () => Iterable<bigint>;
  /** Ids of every post there is to read; only a simulator knows. */
  readonly available?: () => Iterable<bigint>;
  close(): Promise<void>;
}
