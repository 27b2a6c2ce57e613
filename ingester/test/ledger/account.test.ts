import {
  type Account,
  askedInterval,
  NEW_ACCOUNT,
  settled,
  totalAtRisk,
  totalReserved,
  totalSpent,
  weightOf,
  withoutWorkers,
  withReservation,
} from "../../src/ledger/account";
import { type Reservation, type Risk, riskOf, withOldRisksMerged } from "../../src/ledger/risks";
import { firstIdAt, MAX_ID } from "../../src/posts/ids";

const NOON = Date.parse("2026-11-23T12:00:00Z");
const HOUR_MS = 3_600_000;
const idAt = (ms: number) => firstIdAt(ms);
const HOLE = { after: idAt(NOON - 30 * HOUR_MS), through: idAt(NOON - 20 * HOUR_MS) };

function reservation(overrides: Partial<Reservation> = {}): Reservation {
  return {
    id: "1.0",
    key: "cats",
    fence: 1,
    interval: HOLE,
    atMs: NOON,
    amounts: { posts: 100 },
    ...overrides,
  };
}

function risk(overrides: Partial<Risk> = {}): Risk {
  return { key: "cats", interval: HOLE, atMs: NOON, amounts: { posts: 100 }, ...overrides };
}

const withRisk = (one: Risk): Account => ({ ...NEW_ACCOUNT, risks: [one] });

describe("a reservation", () => {
  it("is replaced by what was billed", () => {
    const account = settled(withReservation(NEW_ACCOUNT, reservation()), "1.0", {
      ...{ type: "billed", amounts: { posts: 40 }, ids: [], downTo: HOLE.after },
    });
    expect([totalSpent(account), totalReserved(account), totalAtRisk(account)]).toEqual([
      { posts: 40 },
      {},
      {},
    ]);
  });

  it("costs nothing when X refused the request", () => {
    expect(settled(withReservation(NEW_ACCOUNT, reservation()), "1.0", { type: "nothing" })).toEqual(
      NEW_ACCOUNT,
    );
  });

  it("stays at risk when its answer never arrived", () => {
    const account = settled(withReservation(NEW_ACCOUNT, reservation()), "1.0", {
      type: "unknown",
      atMs: NOON,
    });
    expect(account).toMatchObject({ reservations: [], risks: [{ key: "cats", amounts: { posts: 100 } }] });
  });

  it("has an unknown outcome when its worker is gone", () => {
    const two = withReservation(
      withReservation(NEW_ACCOUNT, reservation()),
      reservation({ id: "2.0", fence: 2 }),
    );
    const account = withoutWorkers(two, [1], NOON);
    expect(account.reservations).toMatchObject([{ fence: 2 }]);
    expect(totalAtRisk(account)).toEqual({ posts: 100 });
  });

  it("is settled once: a second settlement changes nothing", () => {
    const once = settled(withReservation(NEW_ACCOUNT, reservation()), "1.0", { type: "unknown", atMs: NOON });
    expect(settled(once, "1.0", { type: "nothing" })).toBe(once);
  });

  it("asks for nothing newer than now", () => {
    expect(askedInterval({ after: "5", through: MAX_ID }, NOON)).toEqual({ after: "5", through: idAt(NOON) });
    expect(askedInterval(HOLE, NOON)).toEqual(HOLE);
  });
});

describe("an amount at risk", () => {
  it("is replaced, not added to, by asking for the same posts on the same day", () => {
    const carried = riskOf(withRisk(risk()), { key: "cats", interval: HOLE }, NOON + HOUR_MS);
    expect(carried).toBeDefined();
    expect(weightOf(reservation({ carried: risk() }))).toEqual({ posts: 100 });
    expect(weightOf(reservation({ amounts: { posts: 10 }, carried: risk() }))).toEqual({ posts: 100 });
  });

  it("grows by nothing however often the answer is lost on one day", () => {
    let account: Account = NEW_ACCOUNT;
    for (let n = 0; n < 5; n += 1) {
      const carried = riskOf(account, { key: "cats", interval: HOLE }, NOON + n);
      const next = reservation({ id: String(n), atMs: NOON + n, ...(carried && { carried }) });
      account = settled(withReservation(account, next), String(n), { type: "unknown", atMs: NOON });
    }
    expect(totalAtRisk(account)).toEqual({ posts: 100 });
  });

  it("reaches up to the failure when the request had no upper bound", () => {
    const open = reservation({ interval: { after: "0", through: idAt(NOON) }, atMs: NOON });
    const failure = { type: "unknown", atMs: NOON + 2_000 } as const;
    const { risks } = settled(withReservation(NEW_ACCOUNT, open), "1.0", failure);
    expect(risks[0]?.interval).toEqual({ after: "0", through: idAt(NOON + 2_000) });
  });

  it("is paid for beside what is asked again, where search may have found other posts of its newest minute", () => {
    const young = risk({ interval: { after: "0", through: idAt(NOON - 59_000) }, atMs: NOON });
    const settledOne = risk({ interval: { after: "0", through: idAt(NOON - 60_000) }, atMs: NOON });
    const weights = [young, settledOne].map((carried) => weightOf(reservation({ carried })).posts);
    expect(weights).toEqual([200, 100]);
  });

  it.each([
    ["another query", "dogs", HOLE, NOON],
    ["another hole", "cats", { after: HOLE.after, through: idAt(NOON - 21 * HOUR_MS) }, NOON],
    ["the next UTC day", "cats", HOLE, NOON + 12 * HOUR_MS],
    ["the last moments of the day, which X may bill on the next", "cats", HOLE, NOON + 12 * HOUR_MS - 30_000],
  ])("is not replaced by %s", (_case, key, hole, nowMs) => {
    expect(riskOf(withRisk(risk()), { key, interval: hole }, nowMs)).toBeUndefined();
  });

  const read = (count: number, downTo = idAt(NOON - 25 * HOUR_MS)) => ({
    ...{ type: "billed" as const, amounts: { posts: count }, downTo },
    ids: Array.from({ length: count }, (_, n) => (BigInt(HOLE.through) - BigInt(n)).toString()),
  });

  it("goes down by the posts that have been read again, and then moves with the hole", () => {
    const account = settled(withReservation(NEW_ACCOUNT, reservation({ carried: risk() })), "1.0", read(60));
    expect(totalSpent(account)).toEqual({ posts: 60 });
    expect(account.risks).toEqual([
      {
        ...risk(),
        amounts: { posts: 40 },
        interval: { after: HOLE.after, through: idAt(NOON - 25 * HOUR_MS) },
      },
    ]);
  });

  it("is gone when its whole interval has been read, however few posts came", () => {
    const account = settled(
      withReservation(NEW_ACCOUNT, reservation({ carried: risk() })),
      "1.0",
      read(3, HOLE.after),
    );
    expect(account.risks).toEqual([]);
  });

  it("stays for the part of its interval that a smaller hole has not reached", () => {
    const smaller = { after: idAt(NOON - 22 * HOUR_MS), through: HOLE.through };
    const held = withReservation(NEW_ACCOUNT, reservation({ interval: smaller, carried: risk() }));
    const account = settled(held, "1.0", read(2, smaller.after));
    expect(account.risks).toMatchObject([
      { amounts: { posts: 98 }, interval: { after: HOLE.after, through: smaller.after } },
    ]);
  });

  it("does not go down for posts that were made after the lost request", () => {
    const young = risk({ interval: { after: HOLE.after, through: idAt(NOON) } });
    const held = withReservation(
      NEW_ACCOUNT,
      reservation({ carried: young, interval: { after: HOLE.after, through: idAt(NOON) } }),
    );
    const ids = [idAt(NOON - 1_000), idAt(NOON - HOUR_MS)];
    const account = settled(held, "1.0", {
      type: "billed",
      amounts: { posts: 2 },
      ids,
      downTo: idAt(NOON - HOUR_MS),
    });
    expect(totalAtRisk(account)).toEqual({ posts: 99 });
  });

  it("shrinks what came with the posts in proportion, never below what is left", () => {
    const rich = risk({ amounts: { posts: 100, includedUsers: 300 } });
    const account = settled(withReservation(NEW_ACCOUNT, reservation({ carried: rich })), "1.0", read(99));
    expect(totalAtRisk(account)).toEqual({ posts: 1, includedUsers: 3 });
  });

  it("comes back unchanged when the next request was refused", () => {
    const account = settled(withReservation(withRisk(risk()), reservation({ carried: risk() })), "1.0", {
      type: "nothing",
    });
    expect(account.risks).toContainEqual(risk());
  });

  it("is one sum per query once its day is over, which nothing replaces", () => {
    const days = [risk(), risk({ atMs: NOON - 24 * HOUR_MS }), risk({ key: "dogs" })];
    const merged = withOldRisksMerged(days, NOON + 24 * HOUR_MS);
    expect(merged).toEqual([
      { key: "cats", atMs: NOON, amounts: { posts: 200 } },
      { key: "dogs", atMs: NOON, amounts: { posts: 100 } },
    ]);
    expect(withOldRisksMerged(merged, NOON + 48 * HOUR_MS)).toBe(merged);
  });
});
