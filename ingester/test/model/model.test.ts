/** A part of `npm run test:model`, which explores more and puts faults into the product and the protocol. */
import { mutated } from "../simulation/bundle";
import { explore, type Model } from "./explore";
import { modelOf } from "./model";
import { mutants } from "./mutants";
import { scopes } from "./scopes";

/** Numbers up to 20, reached by doubling and by adding 3. */
function numbers(isWrong: (n: number) => boolean): Model<number> {
  const steps = (n: number) => [
    { name: "double", next: 2 * n },
    { name: "add 3", next: n + 3 },
  ];
  return {
    initial: 1,
    transitions: (n) => steps(n).filter(({ next }) => next <= 20),
    problemOf: (n) => (isWrong(n) ? `${n} is wrong` : undefined),
    problemOfEnd: (n) => (n === 19 ? "19 is an end" : undefined),
  };
}

describe("the explorer", () => {
  it("finds what is wrong on the shortest way", () => {
    const { counterexample } = explore(numbers((n) => n === 8));
    expect(counterexample).toEqual({ problem: "8 is wrong", way: ["add 3", "double"] });
  });

  it("finds an end that is wrong", () => {
    expect(explore(numbers(() => false)).counterexample).toMatchObject({ problem: "19 is an end" });
  });

  it("does not take a part for the whole", () => {
    expect(() =>
      explore(
        numbers(() => false),
        5,
      ),
    ).toThrow("more than 5 states");
  });
});

describe("the claim, commit and budget protocol", () => {
  it.each(scopes.slice(0, 1))("keeps its promises in every state: $name", (scope) => {
    const { states, ends, counterexample } = explore(modelOf(scope));
    expect(counterexample).toBeUndefined();
    expect(states).toBeGreaterThan(10_000);
    expect(ends).toBeGreaterThan(100);
  });

  it.each(mutants)("can be explored with a fault in it: $name", (mutant) => {
    expect(mutated(mutant)).not.toContain(mutant.from);
  });
});
