/** Keeping the whole ledger small enough to be stored. The bounds of coverage hold for a query; a ledger has many. Pure. */
import { type Coverage, canFold, folded, type Loss, newLosses } from "./coverage";
import { type Ledger, MAX_LEDGER_BYTES } from "./ledger";

/**
 * Coverage grows up to here. What is left of MAX_LEDGER_BYTES is for what is written without coverage: a page's
 * settlement, corrections, and workers that come and go.
 */
export const FITTED_BYTES = MAX_LEDGER_BYTES - 30_000;

/**
 * The ledger with the details of the oldest parts dropped, of the largest coverage first, until it fits. The very ledger
 * that was given when it fits, which is the rule.
 */
export function fitted(ledger: Ledger, nowMs: number): Ledger {
  let excess = bytesOf(ledger) - FITTED_BYTES;
  if (excess <= 0) return ledger;
  const entries = ledger.coverage.map((coverage) => ({ coverage, bytes: bytesOf(coverage) }));
  while (excess > 0) {
    const largest = largestOf(entries.filter(({ coverage }) => canFold(coverage)));
    if (largest === undefined) break;
    largest.coverage = folded(largest.coverage, nowMs);
    const bytes = bytesOf(largest.coverage);
    excess += bytes - largest.bytes;
    largest.bytes = bytes;
  }
  return { ...ledger, coverage: entries.map(({ coverage }) => coverage) };
}

/** Losses of the second ledger that the first does not know, of every query. */
export function lossesSince(
  before: Ledger,
  after: Ledger,
): readonly { readonly key: string; readonly loss: Loss }[] {
  return after.coverage.flatMap((coverage) => {
    const known = before.coverage.find(({ key }) => key === coverage.key);
    return known === coverage ? [] : newLosses(known, coverage).map((loss) => ({ key: coverage.key, loss }));
  });
}

/** How much of the ledger a part takes. */
export function bytesOf(part: Ledger | Coverage): number {
  return Buffer.byteLength(JSON.stringify(part));
}

function largestOf<T extends { readonly bytes: number }>(entries: readonly T[]): T | undefined {
  return entries.reduce<T | undefined>(
    (largest, entry) => (largest === undefined || entry.bytes > largest.bytes ? entry : largest),
    undefined,
  );
}
