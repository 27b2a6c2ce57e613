import { RateLimits } from "../../src/x/rate-limits";
import { FakeClock } from "../helpers/fake-clock";

const RECENT = "tweets/search/recent";

describe("the rate limits of a token", () => {
  it("refuse a request that X would only refuse, once, with the time at which it renews", async () => {
    const clock = new FakeClock();
    const limits = new RateLimits(clock);
    const resetMs = clock.now() + 60_000;
    limits.note(
      RECENT,
      { "x-rate-limit-remaining": "0", "x-rate-limit-reset": String(resetMs / 1_000) },
      clock.now(),
    );
    await expect(limits.admit(RECENT, clock.now())).rejects.toMatchObject({
      kind: "window_limit",
      retryAtMs: resetMs,
    });
    await expect(limits.admit(RECENT, clock.now())).resolves.toBeUndefined();
  });

  it("are of one endpoint: another one may be asked", async () => {
    const limits = new RateLimits(new FakeClock());
    limits.note(RECENT, { "x-rate-limit-remaining": "0", "x-rate-limit-reset": "99999999999" }, 0);
    await expect(limits.admit("usage/tweets", 0)).resolves.toBeUndefined();
  });

  it("keep full-archive requests a second apart, and others not at all", async () => {
    const clock = new FakeClock();
    const limits = new RateLimits(clock);
    for (let n = 0; n < 3; n += 1) await limits.admit("tweets/search/all", clock.now());
    for (let n = 0; n < 3; n += 1) await limits.admit(RECENT, clock.now());
    expect(clock.sleeps).toEqual([1_000, 1_000]);
  });
});
