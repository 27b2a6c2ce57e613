import { randomUUID } from "node:crypto";
import { countMetered } from "../../src/commands/metered-counts";
import { totalSpent } from "../../src/ledger/account";
import { DEFAULT_CYCLE_DAY } from "../../src/ledger/billing-cycle";
import { newCoverage } from "../../src/ledger/coverage";
import { withCoverage } from "../../src/ledger/ledger";
import { SourceError } from "../../src/loop/errors";
import { LedgerAccess } from "../../src/loop/ledger-access";
import type { XAnswer } from "../../src/x/client";
import { losingOnce, MemoryStore, termsOf } from "../helpers/fake-ports";

const NOW = Date.parse("2026-11-23T12:00:00Z");
const QUESTION = { query: "from:nasa", scope: "all" } as const;

function setUp(bodies: readonly object[], limits = {}) {
  const asked: Readonly<Record<string, string>>[] = [];
  const script = [...bodies];
  const client = {
    now: () => NOW,
    async get(_path: string, params: Readonly<Record<string, string>>): Promise<XAnswer> {
      asked.push(params);
      return { body: script.shift(), headers: {}, receivedAtMs: NOW };
    },
  };
  const access = new LedgerAccess({
    store: new MemoryStore(),
    now: client.now,
    cycleDay: DEFAULT_CYCLE_DAY,
    newId: randomUUID,
  });
  const count = () => countMetered(client, QUESTION, { access, terms: termsOf(limits), key: "coverage" });
  return { asked, access, count };
}

const hour = (start: string, posts: number) => ({ start, end: start, post_count: posts });

describe("metered counts", () => {
  it("follow the pages of a long range, and book each of them", async () => {
    const { asked, access, count } = setUp([
      { data: [hour("2026-10-20T00:00:00Z", 3)], meta: { next_token: "older" } },
      { data: [hour("2026-09-19T00:00:00Z", 4)], meta: {} },
    ]);
    const buckets = await count();
    expect(buckets.map(({ posts }) => posts)).toEqual([4, 3]);
    expect(asked.map(({ next_token }) => next_token)).toEqual([undefined, "older"]);
    expect(totalSpent(access.ledger.budget)).toEqual({ archiveCounts: 2 });
  });

  it("are an error where X answers without counts, which would make everything free", async () => {
    const { access, count } = setUp([{ meta: {} }]);
    await expect(count()).rejects.toThrow("X answered tweets/counts/all without counts.");
    expect(totalSpent(access.ledger.budget)).toEqual({ archiveCounts: 1 });
    const none = setUp([{ meta: { total_post_count: 0 } }]);
    expect(await none.count()).toEqual([]);
  });

  it.each([
    ["that X answers", false, { archiveCounts: 1 }],
    ["that X refuses", true, {}],
  ])(
    "are booked once %s, although the store's answer got lost and others have written since",
    async (_case, isRefused, spent) => {
      const store = new MemoryStore();
      const setup = { now: () => NOW, cycleDay: DEFAULT_CYCLE_DAY };
      const other = new LedgerAccess({ store, ...setup, newId: randomUUID });
      const write = () =>
        other.update(
          (ledger) => ({
            ledger: withCoverage(ledger, newCoverage(`other ${ledger.coverage.length}`, "dogs")),
            result: undefined,
          }),
          new AbortController().signal,
        );
      const lossy = () => losingOnce(store, write);
      const booking = new LedgerAccess({
        store: isRefused ? losingOnce(lossy(), write) : lossy(),
        ...setup,
        newId: randomUUID,
      });
      const client = {
        now: () => NOW,
        get: async (): Promise<XAnswer> => {
          if (isRefused) throw new SourceError("no", { kind: "invalid_request" });
          return { body: { data: [], meta: {} }, headers: {}, receivedAtMs: NOW };
        },
      };
      await countMetered(client, QUESTION, { access: booking, terms: termsOf(), key: "coverage" }).catch(
        () => undefined,
      );
      const { budget, coverage } = (await store.read())?.ledger ?? other.ledger;
      expect(coverage.length).toBeGreaterThan(0);
      expect(totalSpent(budget)).toEqual(spent);
    },
  );

  it.each([
    ["the same page with fresh tokens", (n: number) => [`token ${n}`, "2026-10-20T00:00:00Z"]],
    ["two pages in turns", (n: number) => [n % 2 === 0 ? "A" : "B", `2026-10-${20 + (n % 2)}T00:00:00Z`]],
    ["the same page and token", () => ["A", "2026-10-20T00:00:00Z"]],
    ["empty pages with fresh tokens", (n: number) => [`token ${n}`]],
  ])("end with an error instead of paying without an end when X returns %s", async (_case, pageOf) => {
    const bodies = Array.from({ length: 10 }, (_, n) => {
      const [next_token, ...starts] = pageOf(n);
      return { data: starts.map((start) => hour(start, 3)), meta: { next_token } };
    });
    const { asked, access, count } = setUp(bodies);
    const error = await count().catch((cause: unknown) => cause);
    expect(error).toMatchObject({ kind: "no_progress", message: expect.stringContaining('"from:nasa"') });
    expect(asked.length).toBeLessThanOrEqual(3);
    expect(totalSpent(access.ledger.budget)).toEqual({ archiveCounts: asked.length });
  });

  it("take a bucket that a last page repeats once", async () => {
    const { count } = setUp([
      { data: [hour("2026-10-20T00:00:00Z", 3)], meta: { next_token: "older" } },
      { data: [hour("2026-10-20T00:00:00Z", 3)], meta: {} },
    ]);
    expect((await count()).map(({ posts }) => posts)).toEqual([3]);
  });

  it("stop at a limit instead of asking for the next page", async () => {
    const pages = [
      { data: [hour("2026-10-20T00:00:00Z", 3)], meta: { next_token: "older" } },
      { data: [], meta: {} },
    ];
    const { asked, count } = setUp(pages, { monthlyUsd: 0.01 });
    await expect(count()).rejects.toThrow(/MONTHLY_USD_LIMIT forbids a counts request/);
    expect(asked).toHaveLength(1);
  });
});
