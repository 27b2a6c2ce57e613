/** What has been counted since this process started, for all queries together and for each. */
import type { CollectEvent } from "../loop/events";
import type { DeliveryReceipt, Page } from "../loop/ports";

export interface Counters {
  /** Posts that X returned in `data`. */
  readonly postsRead: number;
  readonly includedPostsRead: number;
  readonly includedUsersRead: number;
  /** Posts whose lines the destination acknowledged, dead letters included: they are lines too. */
  readonly postsDelivered: number;
  readonly deadLetters: number;
  /** Lone surrogates that became U+FFFD. */
  readonly replacedCharacters: number;
  /** Problems that X reported beside the data. */
  readonly partialErrors: number;
  /** Losses recorded. */
  readonly losses: number;
  /** PutRecordBatch calls. */
  readonly requests: number;
  readonly records: number;
  readonly bytes: number;
  readonly resentRecords: number;
  readonly deliveryRetries: number;
  readonly sourceWaits: number;
}

export const NO_COUNTS: Counters = {
  postsRead: 0,
  includedPostsRead: 0,
  includedUsersRead: 0,
  postsDelivered: 0,
  deadLetters: 0,
  replacedCharacters: 0,
  partialErrors: 0,
  losses: 0,
  requests: 0,
  records: 0,
  bytes: 0,
  resentRecords: 0,
  deliveryRetries: 0,
  sourceWaits: 0,
};

/**
 * Dead letters are counted from receipts, not from their own events: a page that has to be delivered again would
 * count them twice.
 */
export function count(counters: Counters, event: CollectEvent): Counters {
  switch (event.type) {
    case "page_read":
      return countRead(counters, event.page);
    case "page_delivered":
      return countDelivered(counters, event);
    case "loss_recorded":
      return { ...counters, losses: counters.losses + 1 };
    case "delivery_retrying":
      return { ...counters, deliveryRetries: counters.deliveryRetries + 1 };
    case "source_waiting":
      return { ...counters, sourceWaits: counters.sourceWaits + 1 };
    default:
      return counters;
  }
}

function countRead(counters: Counters, { billed, partialErrors }: Page): Counters {
  return {
    ...counters,
    postsRead: counters.postsRead + (billed.posts ?? 0),
    includedPostsRead: counters.includedPostsRead + (billed.includedPosts ?? 0),
    includedUsersRead: counters.includedUsersRead + (billed.includedUsers ?? 0),
    partialErrors: counters.partialErrors + partialErrors,
  };
}

function countDelivered(
  counters: Counters,
  { page, receipt }: { readonly page: Page; readonly receipt: DeliveryReceipt },
): Counters {
  return {
    ...counters,
    postsDelivered: counters.postsDelivered + page.fresh.length,
    deadLetters: counters.deadLetters + receipt.deadLetters,
    replacedCharacters: counters.replacedCharacters + (receipt.replacedCharacters ?? 0),
    requests: counters.requests + receipt.requests,
    records: counters.records + receipt.records,
    bytes: counters.bytes + receipt.bytes,
    resentRecords: counters.resentRecords + receipt.resentRecords,
  };
}
