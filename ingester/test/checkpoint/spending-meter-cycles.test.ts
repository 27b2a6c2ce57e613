import { StoredSpendingMeter } from "../../src/checkpoint/spending-meter";
import {
  DECEMBER_1,
  granted,
  ManualClock,
  MemoryMeterStore,
  meterOn,
  NOVEMBER_23,
  pages,
  reads,
} from "./helpers/meters";

let store: MemoryMeterStore;

beforeEach(() => {
  store = new MemoryMeterStore();
});

describe("money meter across billing cycles", () => {
  it("starts again with nothing spent when the cycle turns", async () => {
    const clock = new ManualClock(DECEMBER_1 - 1);
    const meter = meterOn(store, { clock, limits: { monthlyPosts: 100 } });
    meter.settle(granted(await meter.reserve(pages())), reads(100));
    expect(await meter.reserve(pages())).toEqual({ limit: "MONTHLY_POST_LIMIT", renewsAtMs: DECEMBER_1 });

    clock.nowMs = DECEMBER_1;

    expect(granted(await meter.reserve(pages())).maxPosts).toBe(100);
    expect(meter.snapshot()).toMatchObject({ spent: reads(0), cycleStartMs: DECEMBER_1 });
  });

  it("counts a read that was in the air at the turn in the new cycle", async () => {
    const clock = new ManualClock(DECEMBER_1 - 1);
    const meter = meterOn(store, { clock, limits: { monthlyPosts: 120 } });
    const inTheAir = granted(await meter.reserve(pages()));

    clock.nowMs = DECEMBER_1;

    expect(granted(await meter.reserve(pages())).maxPosts).toBe(20);
    meter.settle(inTheAir, reads(60));
    expect(meter.snapshot()).toMatchObject({ spent: reads(60), reserved: reads(20) });
  });

  it("forgets the reservation of a dead ingester at the second turn", async () => {
    const clock = new ManualClock(NOVEMBER_23);
    await meterOn(store, { clock, checkpointKey: "backfill:dead" }).reserve(pages());
    const meter = meterOn(store, { clock, limits: { monthlyPosts: 150 } });

    clock.nowMs = DECEMBER_1;
    expect(granted(await meter.reserve(pages())).maxPosts).toBe(50);
    clock.nowMs = Date.UTC(2027, 0, 1);

    expect(granted(await meter.reserve(pages())).maxPosts).toBe(100);
  });

  it("moves the end of the running cycle with its day, and keeps what was spent", async () => {
    const meter = meterOn(store, { limits: { monthlyPosts: 100 } });
    meter.settle(granted(await meter.reserve(pages())), reads(100));

    meter.setCycleDay(20);

    const renewsAtMs = Date.UTC(2026, 11, 20);
    expect(await meter.reserve(pages())).toEqual({ limit: "MONTHLY_POST_LIMIT", renewsAtMs });
    expect(meter.snapshot()).toMatchObject({ spent: reads(100), cycleStartMs: Date.UTC(2026, 10, 1) });
  });

  it("keeps the day that X named when the next process names none", async () => {
    const meter = meterOn(store);
    meter.setCycleDay(25);
    await meter.flush();

    const next = new StoredSpendingMeter({
      store,
      clock: new ManualClock(NOVEMBER_23),
      checkpointKey: "cats",
    });
    await next.refresh();

    expect(next.snapshot().cycleEndMs).toBe(Date.UTC(2026, 10, 25));
  });
});

describe("X's own count of used posts", () => {
  it("raises the meter, and never lowers it", async () => {
    const meter = meterOn(store, { limits: { monthlyPosts: 1_000 } });
    meter.settle(granted(await meter.reserve(pages())), reads(60, 40));

    meter.raise(950);
    expect(meter.snapshot()).toMatchObject({ spent: reads(910, 40), leftPosts: 50 });
    meter.raise(20);

    expect(meter.snapshot().leftPosts).toBe(50);
    await meter.flush();
    expect(store.stored?.state.spent).toEqual(reads(910, 40));
  });

  it("is not believed right after a turn, when it may be that of the cycle before", async () => {
    const clock = new ManualClock(NOVEMBER_23);
    const meter = meterOn(store, { clock, limits: { monthlyPosts: 1_000 } });
    await meter.reserve(pages());

    clock.nowMs = DECEMBER_1 + 60_000;
    await meter.reserve(pages());
    meter.raise(1_000);
    expect(meter.snapshot().spent).toEqual(reads(0));
    clock.nowMs += 24 * 60 * 60 * 1000;

    expect(meter.snapshot().spent).toEqual(reads(1_000));
  });
});
