import { systemClock } from "../../src/runtime/clock";

/** Node fires a longer one at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const NEVER = new AbortController().signal;

describe("systemClock", () => {
  it("gives the time of day, and how much time has elapsed", async () => {
    const [now, elapsed] = [systemClock.now(), systemClock.elapsed()];
    expect(Math.abs(now - Date.now())).toBeLessThan(1_000);
    await systemClock.sleep(20, NEVER);
    // Timers may fire a millisecond early.
    expect(systemClock.elapsed() - elapsed).toBeGreaterThanOrEqual(18);
  });

  it("measures what has elapsed apart from the time of day", () => {
    const [now, elapsed] = [Date.now, systemClock.elapsed()];
    try {
      Date.now = () => 0;
      expect(systemClock.now()).toBe(0);
      expect(systemClock.elapsed()).toBeGreaterThanOrEqual(elapsed);
      expect(systemClock.uptime()).toBeGreaterThan(0);
    } finally {
      Date.now = now;
    }
  });

  it("wakes up without an error when the signal aborts", async () => {
    const controller = new AbortController();
    const sleeping = systemClock.sleep(600_000, controller.signal);
    controller.abort();
    await expect(sleeping).resolves.toBeUndefined();
  });

  it("does not sleep at all when the signal has aborted, or when there is no time to sleep", async () => {
    await systemClock.sleep(600_000, AbortSignal.abort());
    await systemClock.sleep(0, NEVER);
    await systemClock.sleep(-1, NEVER);
  });

  it("sleeps longer than a timer of Node can", async () => {
    const controller = new AbortController();
    const outcome = Promise.race([
      systemClock.sleep(LONGEST_TIMER_MS + 10, controller.signal).then(() => "woke up"),
      systemClock.sleep(100, NEVER).then(() => "sleeps"),
    ]);
    expect(await outcome).toBe("sleeps");
    controller.abort();
  });
});
