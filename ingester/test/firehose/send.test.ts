import { createPacer } from "../../src/firehose/pace";
import { PASSING_BACKOFF, REFUSED_BACKOFF } from "../../src/firehose/patience";
import { AccessError, DeliveryError } from "../../src/loop/errors";
import { FakeClock } from "../helpers/fake-clock";
import { failure, type PutAnswer } from "../helpers/fake-firehose";
import { idsUpTo, setUp } from "./helpers/sender";

const UNAVAILABLE = "ServiceUnavailableException";

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

  it("resends records that failed with an unknown code", async () => {
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
      const said = { code: "Code", message: "a message", action: "Do something about Code." };
      const retrying = { type: "delivery_retrying", records: 2, ...said, needsPerson: false };
      expect(events).toEqual([
        { ...retrying, attempt: 1, waitMs: PASSING_BACKOFF.baseMs },
        { ...retrying, attempt: 2, waitMs: 2 * PASSING_BACKOFF.baseMs },
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

  it("holds refused records for as long as it takes without a limit of patience", async () => {
    const { send, api, clock } = setUp(Array(100).fill(failure("refused", "AccessDeniedException")));
    await send(3);
    expect(api.ids).toEqual(idsUpTo(3));
    expect(Math.max(...clock.sleeps)).toBe(REFUSED_BACKOFF.capMs);
  });

  it.each(["refused", "stale_credentials", "no_region", "missing"] as const)(
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
