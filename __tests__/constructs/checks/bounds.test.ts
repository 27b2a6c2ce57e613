import type { NumberBound, PatternBound } from "../../../stacks/constructs/checks/bound";
import { type BoundName, bounds } from "../../../stacks/constructs/checks/bounds";
import { boundProblems } from "../../../stacks/constructs/checks/check";
import { choiceExamples, patternExamples } from "../../helpers/bound-examples";

const accepted = (name: BoundName, value: unknown) => boundProblems(name, "value", value).length === 0;

const ofKind = <T>(kind: string) =>
  Object.entries(bounds).filter(([, bound]) => bound.kind === kind) as unknown as [BoundName, T][];

describe("numbers in the table of bounds", () => {
  it.each(ofKind<NumberBound>("number"))("%s is accepted at both limits", (name, { min, max }) => {
    expect([accepted(name, min), accepted(name, max)]).toEqual([true, true]);
  });

  it.each(ofKind<NumberBound>("number"))("%s is refused one step beyond either limit", (name, bound) => {
    const step = bound.whole ? 1 : 0.01;
    const below = bound.min - step;
    expect(accepted(name, below)).toBe((bound.also ?? []).includes(below));
    expect(accepted(name, bound.max + step)).toBe(false);
  });

  it.each(ofKind<NumberBound>("number"))("%s is refused as text, as nothing and as NaN", (name, { min }) => {
    expect([String(min), null, Number.NaN].map((value) => accepted(name, value))).toEqual([
      false,
      false,
      false,
    ]);
  });

  it("are those that AWS and X document", () => {
    const limits = ofKind<NumberBound>("number").map(([name, { min, max }]) => [name, min, max]);
    expect(limits).toEqual(
      expect.arrayContaining([
        ["bufferingSizeMiB", 1, 128],
        ["bufferingIntervalSeconds", 0, 900],
        ["deliveryRetrySeconds", 0, 7200],
        ["lambdaBufferMB", 0.2, 3],
        ["transformTimeoutSeconds", 1, 300],
        ["lambdaMemoryMiB", 128, 10240],
        ["ephemeralStorageGiB", 21, 200],
        ["healthCheckIntervalSeconds", 5, 300],
        ["healthCheckTimeoutSeconds", 2, 120],
        ["healthCheckRetries", 1, 10],
        ["stopTimeoutSeconds", 2, 120],
        ["secretRecoveryDays", 7, 30],
        ["monthlyPostLimit", 10, 10 ** 12],
        ["monthlyUsdLimit", 0.05, 10 ** 9],
        ["billingCycleDay", 1, 31],
        ["streamBufferMiB", 8, 4_096],
      ]),
    );
  });

  it("let a secret be deleted at once, but not after one to six days", () => {
    expect([0, 1, 6, 7].map((days) => accepted("secretRecoveryDays", days))).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  it("refuse a fraction of a mebibyte", () => {
    expect(accepted("bufferingSizeMiB", 1.5)).toBe(false);
  });
});

describe("patterns in the table of bounds", () => {
  it.each(ofKind<PatternBound>("pattern"))(
    "%s accepts what AWS accepts and refuses what it refuses",
    (name) => {
      const { good = [], bad = [] } = patternExamples[name] ?? {};
      expect(good.length && bad.length).toBeTruthy();
      expect(good.filter((value) => !accepted(name, value))).toEqual([]);
      expect(bad.filter((value) => accepted(name, value))).toEqual([]);
    },
  );
});

describe("choices in the table of bounds", () => {
  it.each(choiceExamples)("%s knows AWS's words", (name, good, bad) => {
    expect(good.filter((value) => !accepted(name, value))).toEqual([]);
    expect(bad.filter((value) => accepted(name, value))).toEqual([]);
  });

  it("are all tried here", () => {
    expect(choiceExamples.map(([name]) => name).sort()).toEqual(
      ofKind("choice")
        .map(([name]) => name)
        .sort(),
    );
  });
});

describe("a problem with a bound", () => {
  it("says what, what is allowed, what was given, and how to fix it", () => {
    expect(boundProblems("bufferingSizeMiB", "bufferingSizeMiB", 129)).toEqual([
      {
        path: "bufferingSizeMiB",
        text: "must be a whole number from 1 to 128 MiB, got 129. Firehose delivers at this size or after the buffering interval, whichever comes first.",
      },
    ]);
  });

  it("carries a source for every row", () => {
    for (const bound of Object.values(bounds))
      expect(bound.source).toMatch(/^https:\/\/(docs\.(aws\.amazon|github|x)\.com|getpino\.io)\//);
  });
});
