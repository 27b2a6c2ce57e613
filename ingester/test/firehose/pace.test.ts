import fc from "fast-check";
import type { Quota } from "../../src/firehose/limits";
import { createPacer, type RequestCost } from "../../src/firehose/pace";
import { FakeClock } from "../helpers/fake-clock";

const QUOTA: Quota = { recordsPerSecond: 1_000, requestsPerSecond: 10, bytesPerSecond: 1_000_000 };
const { signal } = new AbortController();

describe("createPacer", () => {
  it.each<[string, RequestCost, number]>([
    ["requests", { records: 1, bytes: 1 }, 100],
    ["records", { records: 500, bytes: 1 }, 500],
    ["bytes", { records: 1, bytes: 250_000 }, 250],
  ])("spaces requests by the scarcest of the rates: %s", async (_name, cost, spacingMs) => {
    const clock = new FakeClock();
    const pacer = createPacer(QUOTA, clock);
    await pacer.take(cost, signal);
    await pacer.take(cost, signal);
    await pacer.take(cost, signal);
    expect(clock.sleeps).toEqual([spacingMs, spacingMs]);
  });

  it("does not wait when requests are rare enough", async () => {
    const clock = new FakeClock();
    const pacer = createPacer(QUOTA, clock);
    for (let request = 0; request < 5; request += 1) {
      await pacer.take({ records: 1, bytes: 1_000 }, signal);
      clock.advance(100);
    }
    expect(clock.sleeps).toEqual([]);
  });

  it("returns at once when aborted", async () => {
    const clock = new FakeClock();
    const pacer = createPacer(QUOTA, clock);
    await pacer.take({ records: 500, bytes: 1 }, signal);
    await pacer.take({ records: 500, bytes: 1 }, AbortSignal.abort());
    expect(clock.sleeps).toEqual([]);
  });

  it("keeps every stretch of time within the quota and one request", async () => {
    const cost = fc.record({
      records: fc.integer({ min: 1, max: 500 }),
      bytes: fc.integer({ min: 1, max: 1_000_000 }),
      idleMs: fc.integer({ min: 0, max: 300 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(cost, { minLength: 2, maxLength: 30 }), async (requests) => {
        const clock = new FakeClock();
        const pacer = createPacer(QUOTA, clock);
        const sent: (RequestCost & { atMs: number })[] = [];
        for (const request of requests) {
          clock.advance(request.idleMs);
          await pacer.take(request, signal);
          sent.push({ ...request, atMs: clock.now() });
        }
        for (let first = 0; first < sent.length; first += 1) {
          for (let end = first + 1; end < sent.length; end += 1) {
            const seconds = ((sent[end]?.atMs ?? 0) - (sent[first]?.atMs ?? 0)) / 1_000 + 1e-6;
            const between = sent.slice(first, end);
            expect(between.length).toBeLessThanOrEqual(seconds * QUOTA.requestsPerSecond);
            expect(sum(between, "records")).toBeLessThanOrEqual(seconds * QUOTA.recordsPerSecond);
            expect(sum(between, "bytes")).toBeLessThanOrEqual(seconds * QUOTA.bytesPerSecond);
          }
        }
      }),
    );
  });
});

function sum(costs: readonly RequestCost[], what: keyof RequestCost): number {
  return costs.reduce((total, cost) => total + cost[what], 0);
}
