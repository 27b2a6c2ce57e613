import { CheckpointLostError } from "../../src/errors";
import { DECEMBER_1, EXPANDED, granted, MemoryMeterStore, meterOn, pages, reads } from "./helpers/meters";

let store: MemoryMeterStore;

beforeEach(() => {
  store = new MemoryMeterStore();
});

describe("money meter", () => {
  it("has stored a reservation in full before anything can be bought with it", async () => {
    const reservation = granted(await meterOn(store).reserve(pages(EXPANDED)));

    expect(reservation).toEqual({ maxPosts: 100, reads: reads(100, 200, 100) });
    expect(store.stored?.state.outstanding["search:cats"]?.reads).toEqual(reads(100, 200, 100));
  });

  it("meters reads and dollars without any limit", async () => {
    const meter = meterOn(store);
    meter.settle(granted(await meter.reserve(pages(EXPANDED))), reads(80, 30, 60));
    await meter.flush();

    expect(store.stored?.state.spent).toEqual(reads(80, 30, 60));
    expect(meter.snapshot()).toMatchObject({
      spent: reads(80, 30, 60),
      reserved: reads(0),
      spentUsd: 1.15,
      leftUsd: undefined,
      leftPosts: undefined,
      usedPercent: undefined,
      cycleStartMs: Date.UTC(2026, 10, 1),
      cycleEndMs: DECEMBER_1,
    });
  });

  it.each([
    ["exactly one page is left", 100, 100],
    ["one post less than a page is left", 99, 99],
    ["X's smallest page is left", 10, 10],
  ])("shrinks the page to what the monthly posts leave when %s", async (_what, monthlyPosts, expected) => {
    const meter = meterOn(store, { limits: { monthlyPosts } });

    expect(granted(await meter.reserve(pages())).maxPosts).toBe(expected);
  });

  it.each([
    [{ monthlyPosts: 9 }, "MONTHLY_POST_LIMIT", DECEMBER_1],
    [{ monthlyUsd: 0.0499 }, "MONTHLY_USD_LIMIT", DECEMBER_1],
    [{ maxPosts: 9 }, "--max-posts", undefined],
    [{ maxUsd: 0.0499 }, "--max-usd", undefined],
    [{ monthlyPosts: 0, maxPosts: 9 }, "--max-posts", undefined],
    [{ monthlyUsd: 9, monthlyPosts: 0 }, "MONTHLY_POST_LIMIT", DECEMBER_1],
  ])("names the limit that leaves less than X's smallest page: %j", async (limits, limit, renewsAtMs) => {
    expect(await meterOn(store, { limits }).reserve(pages())).toEqual({ limit, renewsAtMs });
    expect(store.stored?.state.outstanding).toEqual({});
  });

  it("says that a monthly limit is used up once what is left buys no page, until the cycle turns", async () => {
    let now = DECEMBER_1 - 1_000;
    const meter = meterOn(store, { limits: { monthlyPosts: 105 }, clock: { now: () => now } });
    meter.settle(granted(await meter.reserve(pages())), reads(100));
    expect(meter.snapshot().usedPercent).toBeCloseTo((100 * 100) / 105);

    expect(await meter.reserve(pages())).toMatchObject({ limit: "MONTHLY_POST_LIMIT" });
    expect(meter.snapshot()).toMatchObject({ usedPercent: 100, leftPosts: 5 });

    now = DECEMBER_1;
    expect(meter.snapshot().usedPercent).toBe(0);
  });

  it("does not call the month used up when only this run's limit is", async () => {
    const meter = meterOn(store, { limits: { monthlyPosts: 1_000, maxPosts: 105 } });
    meter.settle(granted(await meter.reserve(pages())), reads(100));
    await meter.reserve(pages());

    expect(meter.snapshot().usedPercent).toBeCloseTo((100 * 100) / 105);
  });

  it("counts the dollars of the worst case, but gives back what was not billed", async () => {
    const meter = meterOn(store, { limits: { monthlyUsd: 2.5 } });
    // A post with two referenced posts and an author costs up to 0.025 dollars.
    const first = granted(await meter.reserve(pages(EXPANDED)));
    expect(first.maxPosts).toBe(100);
    expect(await meter.reserve(pages(EXPANDED))).toMatchObject({ limit: "MONTHLY_USD_LIMIT" });

    meter.settle(first, reads(100, 0, 100));

    expect(granted(await meter.reserve(pages(EXPANDED))).maxPosts).toBe(40);
  });

  it("counts included posts as post reads", async () => {
    const meter = meterOn(store, { limits: { monthlyPosts: 60 } });

    expect(granted(await meter.reserve(pages(EXPANDED))).maxPosts).toBe(20);
  });

  it("keeps the whole reservation as spent when nobody knows what was billed", async () => {
    const meter = meterOn(store, { limits: { monthlyPosts: 150 } });
    meter.settle(granted(await meter.reserve(pages())), "unknown");

    expect(granted(await meter.reserve(pages())).maxPosts).toBe(50);
  });

  it("counts what X billed even where it is more than was reserved", async () => {
    const meter = meterOn(store, { limits: { monthlyPosts: 150 } });
    meter.settle(granted(await meter.reserve(pages())), reads(100, 45));

    expect(meter.snapshot().usedPercent).toBeCloseTo((100 * 145) / 150);
    expect(await meter.reserve(pages())).toMatchObject({ limit: "MONTHLY_POST_LIMIT" });
  });

  it("limits a run without remembering it", async () => {
    const limits = { maxPosts: 120 };
    const meter = meterOn(store, { limits });
    meter.settle(granted(await meter.reserve(pages())), reads(95));

    expect(granted(await meter.reserve(pages())).maxPosts).toBe(25);
    expect(await meter.reserve(pages())).toEqual({ limit: "--max-posts", renewsAtMs: undefined });
    expect(granted(await meterOn(store, { limits }).reserve(pages())).maxPosts).toBe(100);
  });

  it("never grants the same room twice to reservations made at once", async () => {
    const meter = meterOn(store, { limits: { monthlyPosts: 150, maxPosts: 150 } });

    const outcomes = await Promise.all([
      meter.reserve(pages()),
      meter.reserve(pages()),
      meter.reserve(pages()),
    ]);

    expect(outcomes).toMatchObject([{ maxPosts: 100 }, { maxPosts: 50 }, { limit: "--max-posts" }]);
  });

  it("settles a reservation once", async () => {
    const meter = meterOn(store);
    const reservation = granted(await meter.reserve(pages()));
    meter.settle(reservation, reads(5));

    expect(() => meter.settle(reservation, reads(5))).toThrow("settled once");
  });

  it("grants nothing when the reservation could not be stored, and works again afterwards", async () => {
    const meter = meterOn(store, { limits: { monthlyPosts: 100, maxPosts: 100 } });
    store.failures = [new Error("disk full")];

    await expect(meter.reserve(pages())).rejects.toThrow("disk full");

    expect(granted(await meter.reserve(pages())).maxPosts).toBe(100);
  });
});

describe("money meter after a crash", () => {
  it("counts the last reservation as spent, in full", async () => {
    const crashed = meterOn(store, { limits: { monthlyPosts: 250 } });
    crashed.settle(granted(await crashed.reserve(pages())), reads(40));
    await crashed.reserve(pages());

    const next = meterOn(store, { limits: { monthlyPosts: 250 } });

    expect(granted(await next.reserve(pages())).maxPosts).toBe(100);
    expect(next.snapshot()).toMatchObject({ spent: reads(140), reserved: reads(100), leftPosts: 10 });
  });

  it("refuses to reserve for a process that was replaced", async () => {
    const old = meterOn(store);
    const inTheAir = granted(await old.reserve(pages()));
    const replacement = meterOn(store);
    await replacement.reserve(pages());

    await expect(old.reserve(pages())).rejects.toBeInstanceOf(CheckpointLostError);

    old.settle(inTheAir, reads(100, 7));
    await old.flush();
    await replacement.refresh();
    expect(replacement.snapshot()).toMatchObject({ spent: reads(100, 7), reserved: reads(100) });
  });

  it("leaves the reservations of other checkpoints on the same meter alone", async () => {
    const service = meterOn(store);
    const inTheAir = granted(await service.reserve(pages()));
    const backfill = meterOn(store, { checkpointKey: "backfill:cats" });
    await backfill.reserve(pages());

    service.settle(inTheAir, reads(30));
    await service.flush();

    expect(store.stored?.state).toMatchObject({
      spent: reads(30),
      outstanding: { "search:cats": { reads: reads(0) }, "backfill:cats": { reads: reads(100) } },
    });
  });

  it("does not call a limit reached before it has looked at what another process gave back", async () => {
    const limits = { monthlyPosts: 100 };
    const other = meterOn(store, { limits, checkpointKey: "backfill:cats" });
    const taken = granted(await other.reserve(pages()));
    const meter = meterOn(store, { limits });
    expect(await meter.reserve(pages())).toMatchObject({ limit: "MONTHLY_POST_LIMIT" });

    other.settle(taken, reads(70));
    await other.flush();

    expect(granted(await meter.reserve(pages())).maxPosts).toBe(30);
  });
});
