import { MIN_MS, rateOf, type Sample, WINDOW_MS, withSample } from "../../src/status/spend-rate";
import { DAY, HOUR, MINUTE, NOON } from "./helpers";

function sample(atMs: number, posts: number, overrides: Partial<Sample> = {}): Sample {
  return { atMs, posts, usd: posts * 0.005, cycleStartMs: NOON - 22 * DAY, knowsOthers: true, ...overrides };
}

/** Samples every ten minutes up to noon, at 600 posts an hour. */
function steady(overMs: number): readonly Sample[] {
  let samples: readonly Sample[] = [];
  for (let atMs = NOON - overMs; atMs <= NOON; atMs += 10 * MINUTE) {
    samples = withSample(samples, sample(atMs, ((atMs - NOON + overMs) / MINUTE) * 10));
  }
  return samples;
}

const last = (samples: readonly Sample[]) => sample(NOON, samples.at(-1)?.posts ?? 0);

describe("the rate of spending", () => {
  it("is known after an hour", () => {
    const short = steady(MIN_MS - 10 * MINUTE);
    const long = steady(MIN_MS);
    expect(rateOf(short, last(short))).toBeUndefined();
    expect(rateOf(long, last(long))).toEqual({ overMs: HOUR, postsPerHour: 600, usdPerHour: 3 });
  });

  it("goes by the last six hours alone", () => {
    const samples = [
      sample(NOON - DAY, 0),
      ...steady(WINDOW_MS).map((one) => sample(one.atMs, one.posts + 9_000)),
    ];
    expect(rateOf(samples, sample(NOON, 12_600))).toMatchObject({ overMs: 6 * HOUR, postsPerHour: 600 });
  });

  it("keeps no more samples than six hours have", () => {
    expect(steady(3 * DAY)).toHaveLength(37);
  });

  it("takes a sample every ten minutes", () => {
    const first = withSample([], sample(NOON, 0));
    expect(withSample(first, sample(NOON + 9 * MINUTE, 5))).toBe(first);
    expect(withSample(first, sample(NOON + 10 * MINUTE, 5))).toHaveLength(2);
  });

  it.each<[string, Partial<Sample>]>([
    ["the billing cycle turns", { cycleStartMs: NOON, posts: 0 }],
    ["a person corrects what has been spent", { posts: 100 }],
    ["X first says what others have used", { knowsOthers: false }],
  ])("starts anew when %s", (_what, overrides) => {
    const samples = steady(2 * HOUR);
    const next = sample(NOON + MINUTE, 1_210, overrides);
    expect(rateOf(samples, next)).toBeUndefined();
    expect(withSample(samples, next)).toEqual([next]);
  });

  it("is nothing when nothing was bought", () => {
    expect(rateOf([sample(NOON - HOUR, 500)], sample(NOON, 500))).toMatchObject({
      postsPerHour: 0,
      usdPerHour: 0,
    });
  });
});
