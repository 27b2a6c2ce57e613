import { AccessError, DeliveryError } from "../../src/errors";
import { encodePage } from "../../src/firehose/encode";
import { createPacer, UNPACED } from "../../src/firehose/pace";
import { FIREHOSE_LIMITS } from "../../src/firehose/pack";
import { packPage } from "../../src/firehose/packed-record";
import { PASSING_BACKOFF, REFUSED_BACKOFF } from "../../src/firehose/patience";
import { BatchSender, type SenderOptions, type Tally } from "../../src/firehose/send";
import type { IngestEvent } from "../../src/ports";
import { FakeClock } from "../helpers/fake-clock";
import { FakeFirehose, failure, type PutAnswer } from "../helpers/fake-firehose";
import { pageOf } from "../helpers/posts";

const UNAVAILABLE = "ServiceUnavailableException";
const noTally = (): Tally => ({ requests: 0, records: 0, bytes: 0, resentRecords: 0, deadLetters: 0 });

/** A sender over a fake Firehose whose waits are the longest that jitter allows. */
function setUp(script: PutAnswer[] = [], options: Partial<SenderOptions> & { otherwise?: PutAnswer } = {}) {
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

const idsUpTo = (count: number) => Array.from({ length: count }, (_, index) => `${1_000 + index}`);

describe("BatchSender", () => {
  it("sends a batch once when all of it is taken", async () => {
    const { send, api, tally, clock, events } = setUp();
    await send(3);
    expect(api.ids).toEqual(idsUpTo(3));
    expect(tally).toMatchObject({
      requests: 1,
      records: 3,
      resentRecords: 0,
      bytes: Buffer.byteLength(api.taken.join("")),
    });
    expect([clock.sleeps, events]).toEqual([[], []]);
  });

  it("resends only the failed records", async () => {
    const answers: PutAnswer[] = [
      [undefined, UNAVAILABLE, undefined, "InternalFailure"],
      [UNAVAILABLE, undefined],
    ];
    const { send, api, tally } = setUp(answers);
    await send(4);
    expect(api.requests.map((records) => records.length)).toEqual([4, 2, 1]);
    expect([...api.ids].sort()).toEqual(idsUpTo(4));
    expect(tally).toMatchObject({ requests: 3, records: 4, resentRecords: 3 });
  });

  it("resends records that failed with a code nobody has heard of", async () => {
    const { send, api } = setUp([["SomethingNew", undefined]]);
    await send(2);
    expect([...api.ids].sort()).toEqual(idsUpTo(2));
  });

  it.each(["throttled", "transient", "unreachable"] as const)(
    "repeats a request that failed as a whole: %s",
    async (kind) => {
      const { send, api, events } = setUp([failure(kind, "Code"), failure(kind, "Code")]);
      await send(2);
      expect(api.ids).toEqual(idsUpTo(2));
      expect(events).toEqual([
        { type: "delivery_retrying", records: 2, code: "Code", attempt: 1, waitMs: PASSING_BACKOFF.baseMs },
        {
          type: "delivery_retrying",
          records: 2,
          code: "Code",
          attempt: 2,
          waitMs: 2 * PASSING_BACKOFF.baseMs,
        },
      ]);
    },
  );

  it("backs off up to its cap, and starts over once something was taken", async () => {
    const nothing = failure("throttled");
    const { send, clock } = setUp([...Array(12).fill(nothing), [undefined, UNAVAILABLE]]);
    await send(2);
    expect(Math.max(...clock.sleeps)).toBe(PASSING_BACKOFF.capMs);
    expect(clock.sleeps.at(-1)).toBe(PASSING_BACKOFF.baseMs);
  });

  it("jitters every wait", async () => {
    const { send, clock } = setUp([failure("throttled"), failure("throttled")], { random: () => 0.25 });
    await send(1);
    expect(clock.sleeps).toEqual([0.25 * PASSING_BACKOFF.baseMs, 0.5 * PASSING_BACKOFF.baseMs]);
  });

  it("holds refused records for as long as it takes when nothing tells it to give up", async () => {
    const { send, api, clock } = setUp(Array(100).fill(failure("refused", "AccessDeniedException")));
    await send(3);
    expect(api.ids).toEqual(idsUpTo(3));
    expect(Math.max(...clock.sleeps)).toBe(REFUSED_BACKOFF.capMs);
  });

  it.each(["refused", "unknown_stream"] as const)(
    "gives up after its time when the destination says no: %s",
    async (kind) => {
      const options = { giveUpAfterMs: 30_000, otherwise: failure(kind, "Code") };
      const { send, clock } = setUp([], options);
      await expect(send(3)).rejects.toThrow(new AccessError("Code, 3 left"));
      expect(clock.sleeps.reduce((sum, ms) => sum + ms, 0)).toBe(30_000);
    },
  );

  it("never gives up on failures that pass by themselves", async () => {
    const { send, api, clock } = setUp(Array(50).fill(failure("unreachable")), { giveUpAfterMs: 30_000 });
    await send(1);
    expect(api.ids).toEqual(idsUpTo(1));
    expect(clock.sleeps.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(30_000);
  });

  it("waits its turn before each request", async () => {
    const clock = new FakeClock();
    const quota = { recordsPerSecond: 1, requestsPerSecond: 10, bytesPerSecond: 10 ** 6 };
    const { send } = setUp([[UNAVAILABLE, undefined]], {
      clock,
      pacer: createPacer(quota, clock),
      random: () => 0,
    });
    await send(2);
    expect(clock.sleeps.filter((ms) => ms > 0)).toEqual([2_000]);
  });

  it("passes on what is no failure of Firehose", async () => {
    const bug = () => {
      throw new TypeError("a bug");
    };
    await expect(setUp([bug]).send(1)).rejects.toThrow(TypeError);
  });
});

describe("BatchSender and the signal", () => {
  it("sends nothing when it is aborted already, and counts what is left", async () => {
    const { send, api } = setUp();
    const sending = send(3, 1, AbortSignal.abort());
    await expect(sending).rejects.toThrow(DeliveryError);
    await expect(sending).rejects.toMatchObject({ undelivered: 3 });
    expect(api.requests).toEqual([]);
  });

  it("stops without waiting when aborted during a request that failed", async () => {
    const controller = new AbortController();
    const abort: PutAnswer = (records) => {
      controller.abort();
      return records.map((_, index) => (index === 0 ? undefined : UNAVAILABLE));
    };
    const { send, clock, api } = setUp([abort]);
    await expect(send(3, 1, controller.signal)).rejects.toMatchObject({
      undelivered: 2,
      message: expect.stringContaining(UNAVAILABLE),
    });
    expect([clock.sleeps, api.requests.length]).toEqual([[], 1]);
  });

  it("succeeds when aborted during a request that was taken", async () => {
    const controller = new AbortController();
    const abort: PutAnswer = (records) => {
      controller.abort();
      return records.map(() => undefined);
    };
    const { send, api } = setUp([abort]);
    await send(3, 1, controller.signal);
    expect(api.ids).toEqual(idsUpTo(3));
  });

  it("stops when aborted while it waits", async () => {
    const controller = new AbortController();
    const clock = new FakeClock();
    const sleep = clock.sleep.bind(clock);
    clock.sleep = async (ms, signal) => {
      controller.abort();
      await sleep(ms, signal);
    };
    const { send, api } = setUp([failure("transient")], { clock });
    await expect(send(1, 1, controller.signal)).rejects.toThrow(DeliveryError);
    expect(api.requests).toHaveLength(1);
  });
});

describe("a record that Firehose refuses as invalid", () => {
  const INVALID = failure("invalid", "InvalidArgumentException");

  /** Refuses every request that holds the post. */
  const poisonedBy =
    (id: string): PutAnswer =>
    (records) => {
      const poison = records.some((record) => record.includes(`"id":"${id}","text"`));
      if (poison) throw INVALID;
      return records.map(() => undefined);
    };

  it.each([
    ["records of one line", 8, 1, "1000"],
    ["records of one line", 8, 1, "1005"],
    ["records of many lines", 9, 3, "1004"],
    ["a single record", 7, 7, "1006"],
    ["a single line", 1, 1, "1000"],
  ])("never keeps the others back: %s (%i lines, %i a record, %s)", async (_name, count, perRecord, id) => {
    const { send, api, events, tally } = setUp([], { otherwise: poisonedBy(id) });
    await send(count, perRecord);
    expect([...api.ids].sort()).toEqual(idsUpTo(count));
    const letters = api.lines.filter((line) => line.ingestion.dead_letter !== undefined);
    expect(letters).toMatchObject([{ id, ingestion: { dead_letter: { reason: "refused" } } }]);
    expect(events).toEqual([
      { type: "dead_letter", id, reason: "refused: InvalidArgumentException", bytes: expect.any(Number) },
    ]);
    expect(tally).toMatchObject({ deadLetters: 1 });
  });

  it("splits what is refused together but taken apart, without a dead letter", async () => {
    const atMostTwo: PutAnswer = (records) => {
      if (records.join("").split("\n").length > 3) throw INVALID;
      return records.map(() => undefined);
    };
    const { send, api, events } = setUp([], { otherwise: atMostTwo });
    await send(9, 9);
    expect(api.ids).toEqual(idsUpTo(9));
    expect(events).toEqual([]);
  });

  it.each([200, 201, 202, 203, 204])(
    "delivers everything whole once a destination that took nothing at all takes it (after %i refusals)",
    async (refusals) => {
      const { send, api, tally, events } = setUp(Array(refusals).fill(INVALID));
      await send(10, 5);
      const whole = api.lines.filter(({ ingestion }) => ingestion.dead_letter === undefined);
      expect(whole.map(({ id }) => id)).toEqual(idsUpTo(10));
      expect(tally).toMatchObject({ deadLetters: 0 });
      expect(events.filter(({ type }) => type === "dead_letter")).toEqual([]);
    },
  );

  it("gives up after its time when the destination takes nothing at all", async () => {
    const { send } = setUp([], { otherwise: INVALID, giveUpAfterMs: 30_000 });
    await expect(send(10, 5)).rejects.toThrow("InvalidArgumentException, 10 left");
  });

  it("does not give up a line whose last refusal is none", async () => {
    const otherwise: PutAnswer = (records) => records.map(() => undefined);
    const script: PutAnswer[] = [INVALID, otherwise, failure("transient")];
    const { send, api, events } = setUp(script);
    await send(1);
    expect(api.lines.map(({ ingestion }) => ingestion.dead_letter?.reason)).toEqual(["refused", undefined]);
    expect(events.map(({ type }) => type)).toEqual(["delivery_retrying"]);
  });

  it("sends again what fails for other reasons in between", async () => {
    const { send, api, tally } = setUp([INVALID, [UNAVAILABLE, undefined], failure("transient")], {
      otherwise: poisonedBy("1003"),
    });
    await send(4);
    expect([...api.ids].sort()).toEqual(idsUpTo(4));
    expect(tally).toMatchObject({ deadLetters: 1, records: 4 });
  });
});
