/** What a page or a batch adds to the ledger's record of days. Pure. */
import { type Delivered, dateOf, withDelivered } from "../ledger/days";
import type { Ledger } from "../ledger/ledger";
import type { PostLine, Provenance } from "../posts/post";
import type { Page } from "./ports";

/** Lines by the day that they state; what was billed, by the day of the answer. */
export function deliveredBy(
  lines: readonly PostLine[],
  { billed, receivedAtMs }: Pick<Page, "billed" | "receivedAtMs">,
): readonly Delivered[] {
  const byMoment = new Map<string, { atMs: number; lines: number }>();
  let last: Provenance | undefined;
  let entry = { atMs: receivedAtMs, lines: 0 };
  for (const { provenance } of lines) {
    // All lines of a page, or of a second of a stream, share one object.
    if (provenance !== last) {
      const atMs = Date.parse(provenance.received_at);
      const date = dateOf(atMs);
      entry = byMoment.get(date) ?? { atMs, lines: 0 };
      entry.atMs = Math.max(entry.atMs, atMs);
      byMoment.set(date, entry);
      last = provenance;
    }
    entry.lines += 1;
  }
  const ofLines = [...byMoment.values()].map((one) => ({ ...one, billed: 0 }));
  return [{ atMs: receivedAtMs, billed: billed.posts ?? 0, lines: 0 }, ...ofLines];
}

export function withDeliveredBy(
  ledger: Ledger,
  by: { readonly key: string; readonly fence: number; readonly nowMs: number },
  delivered: readonly Delivered[],
): Ledger {
  const days = withDelivered(ledger.days, by, delivered);
  return days === undefined || days === ledger.days ? ledger : { ...ledger, days };
}
