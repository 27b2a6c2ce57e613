/** Events that a person may want to know about, as sentences. */
import type { IngestEvent } from "../ports";

/** A sentence for an event that means trouble, undefined for all others. Reaching a limit is no trouble: it is obeyed. */
export function describeTrouble(event: IngestEvent): string | undefined {
  switch (event.type) {
    case "gap_recorded": {
      const { afterId, beforeId, reason } = event.gap;
      return `Posts between ${afterId} and ${beforeId} can no longer be read: ${reason}.`;
    }
    case "dead_letter":
      return `Post ${event.id} (${event.bytes} bytes) was delivered incomplete: ${event.reason}.`;
    case "source_waiting":
      return event.message;
    case "delivery_retrying":
      return `Delivery of ${event.records} records failed with ${event.code}; attempt ${event.attempt} follows.`;
    default:
      return undefined;
  }
}
