import fc from "fast-check";
import type { Coverage } from "../../src/ledger/coverage";
import { unite } from "../../src/ledger/intervals";
import type { Ledger } from "../../src/ledger/ledger";
import { type StretchState, stretchesOf } from "../../src/status/stretches";
import { idAt, interval } from "./events";
import { CATS, coverageOf, HOUR, ledgerWith, MINUTE, NOON, workerWith } from "./helpers";

function drawn(
  overrides: Partial<Coverage>,
  { caughtUpMs, ...ledger }: { readonly caughtUpMs?: number } & Parameters<typeof ledgerWith>[0] = {},
) {
  const coverage = coverageOf(CATS, overrides);
  const context = { ledger: ledgerWith({ ...ledger, coverage: [coverage] }), caughtUpMs, nowMs: NOON };
  return stretchesOf(coverage, context);
}

/** State, begin and end in hours before noon. */
function hours(stretches: ReturnType<typeof drawn>): readonly (readonly [StretchState, number, number])[] {
  const before = (ms: number) => (NOON - ms) / HOUR;
  return stretches.map(({ state, fromMs, toMs }) => [state, before(fromMs), before(toMs)]);
}

function request(fromMs: number, toMs: number): Partial<Ledger["budget"]> {
  const one = { id: "1.1", key: CATS.key, fence: 1, atMs: NOON, amounts: { posts: 100 } };
  return { reservations: [{ ...one, interval: interval(fromMs, toMs) }] };
}

describe("stretches of a coverage", () => {
  it("are none before the query has begun", () => {
    expect(drawn({})).toEqual([]);
  });

  it("are what is owned, the holes, and what is not read yet", () => {
    const owned = [interval(NOON - 8 * HOUR, NOON - 6 * HOUR), interval(NOON - 4 * HOUR, NOON - HOUR)];
    expect(hours(drawn({ start: idAt(NOON - 9 * HOUR), owned }))).toEqual([
      ["hole", 9, 8],
      ["owned", 8, 6],
      ["hole", 6, 4],
      ["owned", 4, 1],
      ["unread", 1, 0],
    ]);
  });

  it("tell what was read at the last poll from what is not read yet", () => {
    const owned = [interval(NOON - 8 * HOUR, NOON - 2 * HOUR)];
    expect(hours(drawn({ owned }, { caughtUpMs: NOON - HOUR }))).toEqual([
      ["owned", 8, 2],
      ["recent", 2, 1],
      ["unread", 1, 0],
    ]);
  });

  it("are unread as a whole before the first page", () => {
    expect(hours(drawn({ start: idAt(NOON - 3 * HOUR) }))).toEqual([["unread", 3, 0]]);
  });

  it("call what a request asks for being bought, with who asks", () => {
    const owned = [interval(NOON - 8 * HOUR, NOON - 6 * HOUR), interval(NOON - 3 * HOUR, NOON)];
    const claims = [{ ...interval(NOON - 6 * HOUR, NOON - 3 * HOUR), fence: 1 }];
    const budget = request(NOON - 5 * HOUR, NOON - 3 * HOUR);
    const stretches = drawn({ owned, claims }, { budget, workers: [workerWith(1, "backfill")] });
    expect(hours(stretches)).toEqual([
      ["owned", 8, 6],
      ["hole", 6, 5],
      ["buying", 5, 3],
      ["owned", 3, 0],
    ]);
    const who = "backfill, process 4711 on worker-1, since 2026-11-23 08:00:00 UTC";
    expect(stretches.map(({ note }) => note)).toEqual([undefined, who, who, undefined]);
  });

  it("name no worker for a hole that no worker has claimed", () => {
    const owned = [interval(NOON - 8 * HOUR, NOON - 6 * HOUR), interval(NOON - 3 * HOUR, NOON)];
    const hole = drawn({ owned }).find(({ state }) => state === "hole");
    expect(hole).not.toHaveProperty("note");
  });

  it("take no request of another query for their own", () => {
    const owned = [interval(NOON - 8 * HOUR, NOON - HOUR)];
    const [reservation] = request(NOON - HOUR, NOON).reservations ?? [];
    const reservations = reservation === undefined ? [] : [{ ...reservation, key: "another" }];
    expect(hours(drawn({ owned }, { budget: { reservations } })).at(-1)).toEqual(["unread", 1, 0]);
  });

  it("say why something is lost", () => {
    const loss = { ...interval(NOON - 9 * HOUR, NOON - 8 * HOUR), recordedAt: "2026-11-23T12:00:00.000Z" };
    const notes = (["search_window", "details_dropped"] as const).map(
      (reason) => drawn({ start: loss.after, lost: [{ ...loss, reason }], owned: [] })[0]?.note,
    );
    expect(notes).toEqual([
      expect.stringContaining("backfill --full-archive can still buy these posts"),
      expect.stringContaining("partly delivered"),
    ]);
  });

  it("follow each other without gap or overlap, from the start of the query to now", () => {
    const minute = fc.integer({ min: 0, max: 600 });
    const pair = fc.tuple(minute, minute).map(([a, b]) => [Math.max(a, b), Math.min(a, b)] as const);
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 8 }), pair, minute, (ranges, asked, polledAt) => {
        const at = ([from, to]: readonly [number, number]) =>
          interval(NOON - from * MINUTE, NOON - to * MINUTE);
        const start = idAt(NOON - 600 * MINUTE);
        const owned = unite(...ranges.map(at));
        const budget = request(NOON - asked[0] * MINUTE, NOON - asked[1] * MINUTE);
        const stretches = drawn({ start, owned }, { budget, caughtUpMs: NOON - polledAt * MINUTE });
        const edges = stretches.flatMap(({ fromMs, toMs }) => [fromMs, toMs]);
        const expected = [NOON - 600 * MINUTE, ...edges.slice(1, -1), NOON];
        expect(edges).toEqual(expected);
        stretches.slice(1).forEach(({ fromMs }, i) => {
          expect(fromMs).toBe(stretches[i]?.toMs);
        });
      }),
    );
  });
});
