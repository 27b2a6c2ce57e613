/** What is promised, of a ledger and of what X and the bucket have seen. The simulation asks the same of its worlds. */
import { type Account, totalAtRisk, totalReserved, totalSpent } from "../../src/ledger/account";
import { budgetAt } from "../../src/ledger/budget";
import { holesIn } from "../../src/ledger/coverage";
import { holds, intersect } from "../../src/ledger/intervals";
import { coverageOf, type Ledger, workerOf } from "../../src/ledger/ledger";
import { type Id, MAX_ID } from "../../src/posts/ids";

const EVERYTHING = { after: "0", through: MAX_ID };

/**
 * Posts that X has billed, and that are not delivered, are still to be read, or recorded as lost to recent search.
 * @returns those that are not
 */
export function forgotten(
  ledger: Ledger,
  query: string,
  { billed, delivered }: { readonly billed: Iterable<Id>; readonly delivered: ReadonlySet<Id> },
): readonly Id[] {
  const coverage = coverageOf(ledger, query);
  const holes = coverage === undefined ? [EVERYTHING] : holesIn(coverage, EVERYTHING, true);
  return [...billed].filter((id) => !delivered.has(id) && !holds(holes, id));
}

/** Claims are disjoint; claims and reservations are of workers that are listed, and each reservation is there once. */
export function problemOfClaims(ledger: Ledger): string | undefined {
  for (const { key, claims } of ledger.coverage) {
    for (const [n, claim] of claims.entries()) {
      if (workerOf(ledger, claim.fence) === undefined)
        return `a hole of ${key} is claimed by a worker that is gone`;
      const others = claims.slice(n + 1).filter(({ fence }) => fence !== claim.fence);
      if (others.some((other) => intersect([claim], [other]).length > 0))
        return `a hole of ${key} is claimed twice`;
    }
  }
  const { reservations } = ledger.budget;
  if (reservations.some(({ fence }) => workerOf(ledger, fence) === undefined))
    return "a reservation is left by a worker that is gone";
  if (new Set(reservations.map(({ id }) => id)).size < reservations.length) return "a page is reserved twice";
  return undefined;
}

/** Posts that the budget counts in this billing cycle: spent, at risk, and reserved. */
export function countedPosts(ledger: Ledger, nowMs: number): number {
  // The ledger begins a new cycle with its next write.
  const account: Account = budgetAt(ledger.budget, nowMs);
  const parts = [totalSpent(account), totalAtRisk(account), totalReserved(account)];
  return parts.reduce((sum, { posts = 0 }) => sum + posts, 0);
}
