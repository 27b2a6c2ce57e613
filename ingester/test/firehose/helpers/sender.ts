import { AccessError } from "../../../src/errors";
import { encodePage } from "../../../src/firehose/encode";
import { UNPACED } from "../../../src/firehose/pace";
import { FIREHOSE_LIMITS } from "../../../src/firehose/pack";
import { packPage } from "../../../src/firehose/packed-record";
import { BatchSender, type SenderOptions, type Tally } from "../../../src/firehose/send";
import type { IngestEvent } from "../../../src/ports";
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
  const events: IngestEvent[] = [];
  const sender = new BatchSender({
    api,
    clock,
    random: () => 1,
    pacer: UNPACED,
    observe: (event) => events.push(event),
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
      const page = encodePage(pageOf(count, 100));
      const [records = []] = packPage(page, { ...FIREHOSE_LIMITS, linesPerRecord: perRecord });
      return sender.send({ records, tally, linesAfter: 0, signal });
    },
  };
}

/** Ids of the posts that `send` sends. */
export const idsUpTo = (count: number) => Array.from({ length: count }, (_, index) => `${1_000 + index}`);
