import { fits } from "../../constructs/checks/bound";
import { bounds } from "../../constructs/checks/bounds";
import { boundProblems, type Problem, problem, repeatProblems, under } from "../../constructs/checks/check";
import { CONTAINERS_MAX_BYTES } from "../../constructs/worker/container";
import { normalized } from "../coverage-keys";
import type { StreamRule, StreamSource } from "../source";

/** Rules of an app: https://docs.x.com/x-api/posts/filtered-stream/introduction */
export const MAX_RULES = 1_000;

type Member = keyof StreamRule;

/** The row of each member, and the form in which the ingester uses it. */
const MEMBERS = {
  value: { row: "ruleValue", tidied: normalized },
  tag: { row: "ruleTag", tidied: (text: string) => text.trim() },
} as const;
const NAMES = Object.keys(MEMBERS) as readonly Member[];
const EXAMPLE = '{ value: "from:nasa", tag: "nasa" }';

/** Problems of the rules and the settings of a stream. */
export function streamProblems({ rules, fill, bufferMiB }: StreamSource): Problem[] {
  return [
    ...rulesProblems(rules),
    ...(fill === undefined || typeof fill === "boolean"
      ? []
      : [
          problem("fill", {
            allowed: "true or false",
            got: fill,
            fix: "False leaves holes to a later start.",
          }),
        ]),
    ...boundProblems("streamBufferMiB", "bufferMiB", bufferMiB),
  ];
}

export const COUNT_OF_RULES = `Each is a rule such as ${EXAMPLE}; X allows ${MAX_RULES} for an app.`;

function rulesProblems(rules: readonly StreamRule[]): Problem[] {
  const isList = Array.isArray(rules);
  const isCounted = isList && rules.length >= 1 && rules.length <= MAX_RULES;
  const count = problem("rules", {
    allowed: `a list of 1 to ${MAX_RULES}`,
    got: isList ? rules.length : rules,
    fix: COUNT_OF_RULES,
  });
  return [...(isCounted ? [] : [count]), ...(isList ? listProblems(rules) : [])];
}

function listProblems(rules: readonly StreamRule[]): Problem[] {
  return [
    ...rules.flatMap((rule, index) => under(`rules.${index}`, ruleProblems(rule))),
    ...NAMES.flatMap((name) => repeatProblems("rules", soundMembers(rules, name), name)),
    ...sizeProblems(rules),
  ];
}

function ruleProblems(rule: unknown): Problem[] {
  if (!isObject(rule)) {
    return [problem("", { allowed: "a rule", got: rule, fix: `Write it as ${EXAMPLE}.` })];
  }
  const others = Object.keys(rule).filter((name) => !NAMES.some((known) => known === name));
  return [
    ...others.map((name) =>
      problem(name, { allowed: "left out of a rule", got: rule[name], fix: `A rule is ${EXAMPLE}.` }),
    ),
    ...NAMES.flatMap((name) => memberProblems(name, rule[name])),
  ];
}

function memberProblems(name: Member, got: unknown): Problem[] {
  const { row, tidied } = MEMBERS[name];
  if (got !== undefined) return boundProblems(row, name, typeof got === "string" ? tidied(got) : got);
  const { allowed, fix } = bounds[row];
  return [problem(name, { allowed, got, fix })];
}

/** X refuses a second rule with the same value, and lines name rules by tags. Members with a problem are not compared. */
function soundMembers(rules: readonly unknown[], name: Member): readonly (string | undefined)[] {
  const { row, tidied } = MEMBERS[name];
  return rules.map((rule) => {
    const value = isObject(rule) ? rule[name] : undefined;
    const text = typeof value === "string" ? tidied(value) : undefined;
    return fits(bounds[row], text) ? text : undefined;
  });
}

/** Rules that are too large for a task definition by themselves; the worker checks the whole definition. */
function sizeProblems(rules: readonly StreamRule[]): Problem[] {
  const got = Buffer.byteLength(JSON.stringify(JSON.stringify(rules)));
  if (got <= CONTAINERS_MAX_BYTES) return [];
  return [problem("rules", { allowed: FITTING_SIZE, got, fix: TOO_MANY_BYTES })];
}

export const FITTING_SIZE = `at most ${CONTAINERS_MAX_BYTES} bytes as JSON in the task definition`;
export const TOO_MANY_BYTES =
  "ECS takes 64 KiB. Join rules by OR, shorten values and tags, or move rules to an environment whose token is of another X app.";

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
