/** Events that a person may want to know about, as sentences. */
import type { Loss } from "../ledger/coverage";
import type { LimitUse } from "../ledger/limits";
import { usedOf } from "../ledger/limits";
import { toUsd } from "../ledger/prices";
import type { CollectEvent } from "../loop/ports";
import { timeOfId } from "../posts/ids";

/** A sentence for an event that means trouble, undefined for all others. Reaching a limit is no trouble: it is obeyed. */
export function describeTrouble(event: CollectEvent): string | undefined {
  switch (event.type) {
    case "loss_recorded":
      return describeLoss(event.loss);
    case "dead_letter":
      return `Post ${event.id} (${event.bytes} bytes) was delivered incomplete: ${event.reason}.`;
    case "source_waiting":
    case "store_retrying":
      return event.message;
    case "delivery_retrying": {
      const records = event.records === 1 ? "1 record" : `${event.records} records`;
      return `Delivery of ${records} failed with ${event.code}: ${event.message}. Attempt ${event.attempt + 1} follows.`;
    }
    default:
      return undefined;
  }
}

const REASONS: Readonly<Record<Loss["reason"], string>> = {
  search_window:
    "they are older than the 7 days of recent search. Full-archive search still has them (backfill --full-archive)",
  details_dropped: "so many holes were left open that the ledger no longer keeps their details",
};

function describeLoss({ after, through, reason }: Loss): string {
  const time = (id: string) => new Date(timeOfId(id)).toISOString();
  return (
    `Posts from ${time(after)} to ${time(through)} (ids ${after} to ${through}) can no longer be read: ` +
    `${REASONS[reason]}.`
  );
}

/** Where a limit stands, with what belongs to whom, such as "$20.00 of $20.00 used: $0.35 ours, $19.65 by others". */
export function describeUse(use: LimitUse): string {
  const say =
    use.unit === "posts"
      ? (count: number) => `${count.toLocaleString("en-US")} posts`
      : (micros: number) => `$${toUsd(micros).toFixed(2)}`;
  const parts = [
    `${say(use.spent)} spent`,
    use.atRisk > 0 && `${say(use.atRisk)} at risk`,
    use.reserved > 0 && `${say(use.reserved)} reserved`,
    use.others > 0 &&
      `${say(use.others)} by other programs of the project (X's figure; LIMIT_SCOPE=own leaves them out)`,
  ].filter((part) => part !== false);
  return `${say(usedOf(use))} of ${say(use.allowed)} used: ${parts.join(", ")}.`;
}
