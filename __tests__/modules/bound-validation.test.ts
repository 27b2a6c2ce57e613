import type { Bound } from "../../stacks/constructs/checks/bound";
import { type BoundName, bounds } from "../../stacks/constructs/checks/bounds";
import { boundProblems } from "../../stacks/constructs/checks/check";
import { boundValidation, itemValidation } from "../../stacks/modules/bound-validation";
import { choiceExamples, patternExamples } from "../helpers/bound-examples";
import { describeWithTerraform, terraformIn } from "../helpers/terraform";

const ONE_MINUTE = 60_000;

interface Case {
  readonly name: BoundName;
  readonly value: unknown;
}

/** What the table's own tests try, and both sides of every limit. */
const cases: Case[] = [
  ...Object.entries(patternExamples).flatMap(([name, { good, bad }]) =>
    each(name as BoundName, [...good, ...bad]),
  ),
  ...choiceExamples.flatMap(([name, good, bad]) => each(name, [...good, ...bad.filter(sameTypeAs(good[0]))])),
  ...Object.entries(bounds).flatMap(([name, bound]) => each(name as BoundName, limits(bound))),
];

describeWithTerraform("a validation block", () => {
  it(
    "lets through in Terraform what the same bound lets through at synth time",
    async () => {
      const outputs = cases.map(({ name, value }, index) => [
        `case_${index}`,
        { value: condition(name, value) },
      ]);
      const files = { "main.tf.json": JSON.stringify({ output: Object.fromEntries(outputs) }) };
      const text = await terraformIn(files, "plan", "-input=false", "-no-color");

      const verdicts = cases.map((each, index) => ({ ...each, accepted: verdict(text, index) }));
      expect(verdicts.length).toBeGreaterThan(200);
      expect(verdicts).toEqual(cases.map((each) => ({ ...each, accepted: isAccepted(each) })));
    },
    ONE_MINUTE,
  );
});

const [one, two] = ["subnet-0a1b2c3d4e5f67890", "subnet-0fedcba9876543210"];

describeWithTerraform("a validation block of a list", () => {
  it(
    "lets a list through in which every item is right and none is repeated",
    async () => {
      const lists: readonly (readonly [readonly string[], boolean])[] = [
        [[one], true],
        [[one, two], true],
        [[one, two, one], false],
        [[one, "subnet"], false],
      ];
      const { condition: expression } = itemValidation("x", bounds.subnetId);
      const outputs = lists.map(([list], index) => [
        `case_${index}`,
        { value: expression.replaceAll("var.x", () => JSON.stringify(list)) },
      ]);
      const files = { "main.tf.json": JSON.stringify({ output: Object.fromEntries(outputs) }) };
      const text = await terraformIn(files, "plan", "-input=false", "-no-color");
      expect(lists.map((_list, index) => verdict(text, index))).toEqual(lists.map(([, isRight]) => isRight));
    },
    ONE_MINUTE,
  );
});

describe("its message", () => {
  it("says what is allowed, what was given and how to fix it, in the words of the bound", () => {
    expect(boundValidation("buffering_size_mib", bounds.bufferingSizeMiB).errorMessage).toBe(
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform fills it in.
      "buffering_size_mib must be a whole number from 1 to 128 MiB, got ${jsonencode(var.buffering_size_mib)}. " +
        bounds.bufferingSizeMiB.fix,
    );
  });

  it("leaves nothing for Terraform to fill in but what was given", () => {
    const [dollar, bound] = ["$", { ...bounds.streamName, allowed: `\${a}`, fix: "%{if}" }];
    expect(boundValidation("x", bound).errorMessage).toBe(
      `x must be ${dollar}${dollar}{a}, got ${dollar}{jsonencode(var.x)}. %%{if}`,
    );
  });
});

function each(name: BoundName, values: readonly unknown[]): Case[] {
  return values.map((value) => ({ name, value }));
}

function limits(bound: Bound): number[] {
  if (bound.kind !== "number") return [];
  const { min, max, also = [] } = bound;
  return [min - 1, min - 0.01, min, min + 0.5, max, max + 0.01, max + 1, ...also];
}

function sameTypeAs(sample: unknown): (value: unknown) => boolean {
  return (value) => typeof value === typeof sample;
}

/** The block's own expression, about a literal in place of the variable. */
function condition(name: BoundName, value: unknown): string {
  const literal = JSON.stringify(value)
    .replaceAll("${", () => "$${")
    .replaceAll("%{", "%%{");
  return boundValidation("x", bounds[name]).condition.replaceAll("var.x", () => literal);
}

function verdict(planText: string, index: number): boolean {
  return new RegExp(`\\bcase_${index}\\s+= true$`, "m").test(planText);
}

function isAccepted({ name, value }: Case): boolean {
  return boundProblems(name, "value", value).length === 0;
}
