/** How long to wait for X after each kind of failure. Retry is data plus one function. */
import { type Backoff, fullJitter } from "../runtime/retry";
import type { SourceError, SourceErrorKind } from "./errors";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

export interface Policy {
  /** Wait until what X said, plus up to this much, so that ingesters of one app do not come back together. */
  readonly jitterMs: number;
  /** Without a time from X: full jitter between these. */
  readonly backoff: Backoff;
  /** A fixed part of each wait: how slowly to probe for something that only a person or the calendar can change. */
  readonly probeMs: number;
  /** No second wait in a row is shorter than this; it grows fourfold with each further one. */
  readonly repeatedMs: number;
  /** Failures in a row after which a run that ends by itself gives up. */
  readonly tries: number;
  readonly needsPerson: boolean;
}

const SLOWER: Backoff = { baseMs: SECOND_MS, capMs: MINUTE_MS };
const FOR_PROBES: Backoff = { baseMs: MINUTE_MS, capMs: MINUTE_MS };
/** The window of X's rate limits: a longer wait is never needed. */
const LONGEST_REPEATED_MS = 15 * MINUTE_MS;

/** Kinds that are not listed end the process at once. */
const POLICIES: Readonly<Partial<Record<SourceErrorKind, Policy>>> = {
  // A reset that has passed by the time it is named must not lead to one refused request after another.
  window_limit: policy({
    jitterMs: 2 * SECOND_MS,
    repeatedMs: 4 * SECOND_MS,
    tries: Number.POSITIVE_INFINITY,
  }),
  second_limit: policy({ jitterMs: 250, repeatedMs: 2 * SECOND_MS, tries: Number.POSITIVE_INFINITY }),
  transient: policy({ jitterMs: SECOND_MS, tries: 8 }),
  unreachable: policy({ backoff: { baseMs: SECOND_MS, capMs: 4 * SECOND_MS }, tries: 5 }),
  day_limit: policy({ jitterMs: 2 * SECOND_MS, backoff: FOR_PROBES, probeMs: 15 * MINUTE_MS }),
  // The cycle turns once a month, but a limit can be raised in the console at any time; refused probes cost nothing.
  usage_cap: policy({ backoff: FOR_PROBES, probeMs: 60 * MINUTE_MS }),
  spending_limit: policy({ backoff: FOR_PROBES, probeMs: 60 * MINUTE_MS, needsPerson: true }),
  credits_depleted: policy({ backoff: FOR_PROBES, probeMs: 15 * MINUTE_MS, needsPerson: true }),
};

function policy(own: Partial<Policy>): Policy {
  return { jitterMs: 0, backoff: SLOWER, probeMs: 0, repeatedMs: 0, tries: 1, needsPerson: false, ...own };
}

/** @returns undefined when waiting does not help */
export function policyFor({ kind }: SourceError): Policy | undefined {
  return POLICIES[kind];
}

/** @param failures in a row, this one included */
export function waitMs(
  failure: SourceError,
  {
    failures,
    nowMs,
    random,
  }: { readonly failures: number; readonly nowMs: number; readonly random: () => number },
): number {
  const { jitterMs, probeMs, repeatedMs, backoff } = policyFor(failure) ?? policy({});
  const wait =
    failure.retryAtMs === undefined
      ? probeMs + fullJitter(failures, backoff, random)
      : failure.retryAtMs - nowMs + random() * jitterMs;
  const least = failures < 2 ? 0 : Math.min(repeatedMs * 4 ** (failures - 2), LONGEST_REPEATED_MS);
  return Math.max(0, least, Math.round(wait));
}
