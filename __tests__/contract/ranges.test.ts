import type { NumberBound } from "../../stacks/constructs/checks/bound";
import { bounds } from "../../stacks/constructs/checks/bounds";
import type { IngesterSettings } from "../../stacks/ingestion/settings";
import { ingesterProblems, synthProblems, type Unchecked } from "./both-sides";

const right = { source: { mode: "search", query: "cats" }, monthlyPostLimit: 1_000 };

const live = { ...right, source: { mode: "stream", rules: [{ value: "cats", tag: "pets" }] } };

/** Settings that are numbers, by the row of the table that bounds them at synth and in the modules. */
const NUMBERS: readonly [name: string, bound: NumberBound, settings: (value: number) => Unchecked][] = [
  ["monthlyPostLimit", bounds.monthlyPostLimit, (monthlyPostLimit) => ({ ...right, monthlyPostLimit })],
  ["monthlyUsdLimit", bounds.monthlyUsdLimit, (monthlyUsdLimit) => ({ ...right, monthlyUsdLimit })],
  ["billingCycleDay", bounds.billingCycleDay, (billingCycleDay) => ({ ...right, billingCycleDay })],
  ["httpPort", bounds.httpPort, (httpPort) => ({ ...right, httpPort })],
  [
    "source.pollSeconds",
    bounds.pollSeconds,
    (pollSeconds) => ({ ...right, source: { ...right.source, pollSeconds } }),
  ],
  [
    "source.bufferMiB",
    bounds.streamBufferMiB,
    (bufferMiB) => ({ ...live, source: { ...live.source, bufferMiB } }),
  ],
];

describe("the range of a number", () => {
  it.each(NUMBERS)(
    "is the same in the table of bounds, at synth and in the ingester: %s",
    (_name, bound, of) => {
      const step = bound.whole ? 1 : 0.001;
      const isAccepted = (value: number) =>
        [synthProblems(of(value)), ingesterProblems(of(value))].map((problems) => problems.length === 0);
      expect([bound.min, bound.max].map(isAccepted)).toEqual([
        [true, true],
        [true, true],
      ]);
      expect([bound.min - step, bound.max + (bound.whole ? 1 : 0.5)].map(isAccepted)).toEqual([
        [false, false],
        [false, false],
      ]);
    },
  );

  it("of seconds to stop ends before Fargate kills the task, which the ingester cannot know", () => {
    const { min, max } = bounds.shutdownSeconds;
    expect(max).toBe(bounds.stopTimeoutSeconds.max - 1);
    const of = (shutdownSeconds: number): Unchecked => ({ ...right, shutdownSeconds });
    expect([min, max].map((value) => ingesterProblems(of(value)))).toEqual([[], []]);
    expect(ingesterProblems(of(min - 1))).toHaveLength(1);
  });
});

/** The compiler asks for each setting that is a number: one more must be compared, too. */
type NumberSetting = {
  [Key in keyof IngesterSettings]-?: Extract<IngesterSettings[Key], number> extends never ? never : Key;
}[keyof IngesterSettings];
const compared: Readonly<Record<NumberSetting, true>> = {
  monthlyPostLimit: true,
  monthlyUsdLimit: true,
  billingCycleDay: true,
  httpPort: true,
  shutdownSeconds: true,
};

it("every number of the settings is compared", () => {
  const names = [...NUMBERS.map(([name]) => name), "shutdownSeconds"];
  expect(Object.keys(compared).filter((name) => !names.includes(name))).toEqual([]);
});
