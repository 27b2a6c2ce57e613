/** A few worlds of `npm run test:simulation`, which plays these and thousands more, and puts faults into the product. */
import { mutated } from "./bundle";
import { mutants } from "./mutants";
import { play } from "./play";
import { scenarioOf } from "./scenario";

const SEEDS = Array.from({ length: 10 }, (_, index) => index + 1);

describe("a simulated world", () => {
  it.each(SEEDS)("keeps the promises, whatever happens: seed %i", async (seed) => {
    const { breaches } = await play(scenarioOf(seed));
    expect(breaches).toEqual([]);
  });

  it("is the same for the same seed, effect by effect", async () => {
    const [first, again] = [await play(scenarioOf(29)), await play(scenarioOf(29))];
    expect(first.world.log.length).toBeGreaterThan(100);
    expect(again.world.log).toEqual(first.world.log);
  });

  it.each(mutants)("can be played with a fault in the product: $name", (mutant) => {
    expect(mutated(mutant)).not.toContain(mutant.from);
  });
});
