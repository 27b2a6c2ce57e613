import { VARIABLES } from "../../ingester/src/config/variables/variables";
import type { Bound, NumberBound } from "../../stacks/constructs/checks/bound";
import { bounds } from "../../stacks/constructs/checks/bounds";
import {
  type IngesterSettings,
  ingesterEnvironment,
  SETTING_VARIABLES,
} from "../../stacks/ingestion/settings";
import { ingesterProblems, synthProblems, TARGETS, type Unchecked } from "./both-sides";

const right = { source: { mode: "search", query: "cats" }, monthlyPostLimit: 1_000 };

const live = { ...right, source: { mode: "stream", rules: [{ value: "cats", tag: "pets" }] } };

type Row = readonly [name: string, bound: NumberBound, settings: (value: number) => Unchecked];

/** Settings that are numbers, each with the row of its name that bounds it at synth and in the modules. */
const OWN: readonly Row[] = Object.keys(SETTING_VARIABLES).flatMap((name) => {
  const bound: Bound | undefined = bounds[name as keyof typeof bounds];
  const settings = (value: number): Unchecked => ({ ...right, [name]: value });
  return bound?.kind === "number" ? [[name, bound, settings] as const] : [];
});

const NUMBERS: readonly Row[] = [
  // Its end depends on Fargate; see below.
  ...OWN.filter(([name]) => name !== "shutdownSeconds"),
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

describe("the variables of the settings", () => {
  const variables = Object.entries<string>(SETTING_VARIABLES);

  it("are the ingester's", () => {
    expect(variables.filter(([, variable]) => !(variable in VARIABLES))).toEqual([]);
    const written = Object.keys(ingesterEnvironment(live as unknown as IngesterSettings, TARGETS));
    expect(written.filter((variable) => !(variable in VARIABLES))).toEqual([]);
  });

  it("that are numbers there have a row of bounds here, so that each is compared", () => {
    const isNumber = (variable: string) =>
      variable in VARIABLES && "number" in VARIABLES[variable as keyof typeof VARIABLES];
    const numbers = variables.filter(([, variable]) => isNumber(variable)).map(([name]) => name);
    expect(numbers).toEqual(OWN.map(([name]) => name));
  });
});

describe("what is refused on both sides", () => {
  it.each<[string, Unchecked]>([
    ["an expansion twice", { expansions: ["author_id", "author_id"] }],
    [
      "an expansion in its old and its new word",
      { expansions: ["referenced_tweets.id", "referenced_posts"] },
    ],
    ["a field in its new and its old word", { postFields: ["note_post", "id", "note_tweet"] }],
    ["an expansion with the name of a member of every object", { expansions: ["constructor"] }],
    ["a field twice", { postFields: ["lang", "created_at", "lang"] }],
    ["a namespace with a colon", { metricsNamespace: ":bad" }],
    ["AWS's own namespaces", { metricsNamespace: "AWS/ECS" }],
    ["a namespace of 256 characters", { metricsNamespace: "n".repeat(256) }],
  ])("%s", (_what, settings) => {
    const both = { ...right, ...settings };
    const targets = { ...TARGETS, metricsNamespace: String(settings.metricsNamespace ?? "") };
    expect([synthProblems(both).length, ingesterProblems(both, targets).length]).toEqual([1, 1]);
  });
});
