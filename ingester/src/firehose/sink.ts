/** The RecordSink that delivers to Amazon Data Firehose: encode, pack, send. Holds one page at a time and no queue. */

import type { Observer } from "../loop/events";
import type { Clock, DeliveryReceipt, RecordSink } from "../loop/ports";
import { encodePage } from "../posts/line";
import { LineWriter } from "../posts/line-writer";
import type { PostLine } from "../posts/post";
import { systemClock } from "../runtime/clock";
import type { DeliveryTarget, FirehoseApi } from "./api";
import { checkDestination } from "./check";
import { createFirehoseClient } from "./client";
import { actionFor, explain } from "./errors";
import { MAX_RECORD_BYTES, type Quota, quotaFor } from "./limits";
import { createPacer, UNPACED } from "./pace";
import { FIREHOSE_LIMITS, linesIn, type PackLimits, packPage } from "./pack";
import { BatchSender, type Tally } from "./send";

export interface FirehoseSinkOptions {
  readonly target: DeliveryTarget;
  /** Paces delivery at this rate instead of the region's quota. @default - the region's quota; none for a custom endpoint */
  readonly maxBytesPerSecond?: number | undefined;
  readonly observe: Observer;
  /**
   * How long to wait while the destination refuses and a person has to act, in milliseconds.
   * @default - without end: these posts are already billed, and restarting would bill them again
   */
  readonly giveUpAfterMs?: number | undefined;
  /** @default - the AWS SDK */
  readonly api?: FirehoseApi;
  /** @default systemClock */
  readonly clock?: Clock;
  /** @default Math.random */
  readonly random?: () => number;
}

/** @see RecordSink for errors; delivery is at least once and keeps no order between records */
export function createFirehoseSink(options: FirehoseSinkOptions): RecordSink {
  const { target, observe, clock = systemClock, random = Math.random } = options;
  const api = options.api ?? createFirehoseClient(target, { clock });
  const quota = quotaFor({ ...target, maxBytesPerSecond: options.maxBytesPerSecond });
  const sender = new BatchSender({
    api,
    clock,
    random,
    observe,
    pacer: quota === undefined ? UNPACED : createPacer(quota, clock),
    actionFor: (failure) => actionFor(failure, target),
    explain: (failure, undelivered) => explain(failure, target, undelivered),
    giveUpAfterMs: options.giveUpAfterMs,
  });
  const limits = limitsWithin(quota);
  const idle: LineWriter[] = [];
  return {
    check: (signal) => checkDestination({ api, target, clock }, signal),
    async deliver(lines, signal) {
      const writer = idle.pop() ?? new LineWriter(PAGE_BYTES);
      try {
        return await deliver(lines, { sender, limits, signal, writer });
      } finally {
        // Requests have copies of their own, so that one under way does not need it any more.
        if (writer.capacity <= MAX_KEPT_BYTES) idle.push(writer);
      }
    },
    close: () => api.close(),
  };
}

/** Memory for a page of 100 posts. What is allocated for each page anew stays until the next garbage collection. */
const PAGE_BYTES = 400 * 1_024;
/** A page of posts of unusual size does not hold its memory for good. */
const MAX_KEPT_BYTES = 2 * 1_024 * 1_024;

interface Delivery {
  readonly sender: BatchSender;
  readonly limits: PackLimits;
  readonly signal: AbortSignal;
  readonly writer: LineWriter;
}

async function deliver(lines: readonly PostLine[], delivery: Delivery): Promise<DeliveryReceipt> {
  const { sender, signal, writer } = delivery;
  const tally: Tally = { requests: 0, records: 0, bytes: 0, resentRecords: 0, deadLetters: 0 };
  const page = encodePage(lines, MAX_RECORD_BYTES, writer);
  let linesAfter = lines.length;
  for (const records of packPage(page, delivery.limits)) {
    linesAfter -= linesIn(records);
    await sender.send({ records, tally, linesAfter, signal });
  }
  for (const shortened of page.shortened) sender.reportDeadLetter(shortened, tally);
  return page.replacedCharacters === 0 ? tally : { ...tally, replacedCharacters: page.replacedCharacters };
}

/** A batch is never more than one second of quota, or it would be throttled however it is paced. */
function limitsWithin(quota: Quota | undefined): PackLimits {
  if (quota === undefined) return FIREHOSE_LIMITS;
  return { ...FIREHOSE_LIMITS, batchBytes: Math.min(FIREHOSE_LIMITS.batchBytes, quota.bytesPerSecond) };
}
