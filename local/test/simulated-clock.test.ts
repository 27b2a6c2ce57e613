import { SimulatedClock } from "../support/simulated-clock";

describe("SimulatedClock", () => {
  it("keeps the later time when two runs overlap", async () => {
    const clock = new SimulatedClock();
    const startMs = clock.now();
    const short = clock.run(100);
    await Promise.all([clock.run(9 * 86_400_000), short]);
    expect(clock.now() - startMs).toBe(9 * 86_400_000);
  });

  it("never goes back, whichever of two runs ends last", async () => {
    const clock = new SimulatedClock();
    const startMs = clock.now();
    clock.after(50, () => undefined);
    const long = clock.run(1_000);
    await clock.run(100);
    await long;
    expect(clock.now() - startMs).toBe(1_000);
  });
});
