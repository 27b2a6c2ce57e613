/** What has been counted since this process started. */
import type { DeliveryReceipt, IngestEvent, PostPage } from "../ports";

export interface Counters {
  /** Posts that X returned in `data`, and therefore billed. */
  readonly postsRead: number;
  readonly includedPostsRead: number;
  readonly includedUsersRead: number;
  /** Posts whose lines the destination acknowledged, dead letters included: they are lines too. */
  readonly postsDelivered: number;
  readonly deadLetters: number;
  /** Problems that X reported beside the data. */
  readonly partialErrors: number;
  readonly gaps: number;
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
  partialErrors: 0,
  gaps: 0,
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
export function count(counters: Counters, event: IngestEvent): Counters {
  switch (event.type) {
    case "page_read":
      return countRead(counters, event.page);
    case "page_delivered":
      return countDelivered(counters, event);
    case "gap_recorded":
      return { ...counters, gaps: counters.gaps + 1 };
    case "delivery_retrying":
      return { ...counters, deliveryRetries: counters.deliveryRetries + 1 };
    case "source_waiting":
      return { ...counters, sourceWaits: counters.sourceWaits + 1 };
    default:
      return counters;
  }
}

function countRead(counters: Counters, { billed, partialErrors }: PostPage): Counters {
  return {
    ...counters,
    postsRead: counters.postsRead + billed.posts,
    includedPostsRead: counters.includedPostsRead + billed.includedPosts,
    includedUsersRead: counters.includedUsersRead + billed.includedUsers,
    partialErrors: counters.partialErrors + partialErrors,
  };
}

interface Delivered {
  readonly page: PostPage;
  readonly receipt: DeliveryReceipt;
}

function countDelivered(counters: Counters, { page, receipt }: Delivered): Counters {
  return {
    ...counters,
    postsDelivered: counters.postsDelivered + page.posts.length,
    deadLetters: counters.deadLetters + receipt.deadLetters,
    requests: counters.requests + receipt.requests,
    records: counters.records + receipt.records,
    bytes: counters.bytes + receipt.bytes,
    resentRecords: counters.resentRecords + receipt.resentRecords,
  };
}
