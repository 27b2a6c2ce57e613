import { SimulatedClock } from "../support/simulated-clock";

describe("SimulatedClock", () => {
  it("keeps the later time when a shorter run ends after a longer one", async () => {
    const clock = new SimulatedClock();
    const startMs = clock.now();
    clock.after(50, () => undefined);
    const short = clock.run(100);
    await Promise.all([clock.run(9 * 86_400_000), short]);
    expect(clock.now() - startMs).toBe(9 * 86_400_000);
  });
});
