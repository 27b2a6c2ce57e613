import { MAX_RECORD_BYTES } from "../../../src/firehose/limits";
import { UNPACED } from "../../../src/firehose/pace";
import { FIREHOSE_LIMITS, packPage } from "../../../src/firehose/pack";
import { BatchSender, type SenderOptions, type Tally } from "../../../src/firehose/send";
import { AccessError } from "../../../src/loop/errors";
import type { CollectEvent } from "../../../src/loop/events";
import { encodePage } from "../../../src/posts/line";
import { FakeClock } from "../../helpers/fake-clock";
import { FakeFirehose, type PutAnswer } from "../../helpers/fake-firehose";
import { pageOf } from "../../helpers/posts";

const noTally = (): Tally => ({ requests: 0, records: 0, bytes: 0, resentRecords: 0, deadLetters: 0 });

/** A sender over a fake Firehose whose waits are the longest that jitter allows. */
export function setUp(
  script: PutAnswer[] = [],
  options: Partial<SenderOptions> & { otherwise?: PutAnswer } = {},
) {
  const api = new FakeFirehose(script, options.otherwise);
  const clock = new FakeClock();
  const events: CollectEvent[] = [];
  const sender = new BatchSender({
    api,
    clock,
    random: () => 1,
    pacer: UNPACED,
    observe: (event) => events.push(event),
    actionFor: ({ code }) => `Do something about ${code}.`,
    explain: (reason, undelivered) => new AccessError(`${reason.code}, ${undelivered} left`),
    ...options,
  });
  const tally = noTally();
  return {
    api,
    clock,
    events,
    tally,
    /** Sends posts 1000, 1001, ... with `perRecord` of them in each record. */
    send: (count: number, perRecord = 1, signal = new AbortController().signal) => {
      const page = encodePage(pageOf(count, 100), MAX_RECORD_BYTES);
      const [records = []] = packPage(page, { ...FIREHOSE_LIMITS, linesPerRecord: perRecord });
      return sender.send({ records, tally, linesAfter: 0, signal });
    },
  };
}

/** Ids of the posts that `send` sends. */
export const idsUpTo = (count: number) => Array.from({ length: count }, (_, index) => `${1_000 + index}`);
