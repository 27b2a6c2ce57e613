/** STREAM_RULES: the rules of the filtered stream. */
import { count, plural } from "../runtime/words";
import {
  MAX_RULES,
  RULE_MAX_CHARACTERS,
  ruleText,
  type StreamRule,
  TAG_MAX_CHARACTERS,
} from "../x/stream/rules/rules";
import type { EnvReader } from "./reader";

const VARIABLE = "STREAM_RULES";
const EXAMPLE = '[{"value":"from:nasa","tag":"nasa"}]';
const MEMBERS = ["value", "tag"] as const;
type Member = (typeof MEMBERS)[number];

/** The longest value of a member, and the form in which it is used. */
const FORMS: Readonly<Record<Member, { readonly max: number; readonly tidied: (text: string) => string }>> = {
  value: { max: RULE_MAX_CHARACTERS, tidied: ruleText },
  tag: { max: TAG_MAX_CHARACTERS, tidied: (text) => text.trim() },
};

/** @returns the rules without problems, in their order */
export function readRules(reader: EnvReader): readonly StreamRule[] {
  const hint = `Set the rules of the stream, a JSON array such as ${EXAMPLE}.`;
  const text = reader.required(VARIABLE, hint);
  const list = text === "" ? [] : readList(reader, text);
  const rules = list.map((item, index) => readRule(reader, `${VARIABLE}[${index}]`, item));
  for (const member of MEMBERS) refuseRepeated(reader, rules, member);
  return rules.filter((rule): rule is StreamRule => rule.value !== undefined && rule.tag !== undefined);
}

function readList(reader: EnvReader, text: string): readonly unknown[] {
  const allowed = `must be a JSON array of 1 to ${count(MAX_RULES)} rules, such as ${EXAMPLE}`;
  try {
    const value: unknown = JSON.parse(text);
    if (!Array.isArray(value)) reader.problem(VARIABLE, `${allowed}; got ${shortened(text)}`);
    else if (value.length < 1 || value.length > MAX_RULES)
      reader.problem(VARIABLE, `${allowed}; got ${plural(value.length, "rule")}.`);
    return Array.isArray(value) ? value : [];
  } catch (error) {
    reader.problem(VARIABLE, `${allowed}; got no JSON (${(error as Error).message}): ${shortened(text)}`);
    return [];
  }
}

/** Members that have a problem are undefined. */
type RuleRead = { readonly [M in Member]: string | undefined };

function readRule(reader: EnvReader, place: string, item: unknown): RuleRead {
  if (typeof item !== "object" || item === null || Array.isArray(item)) {
    reader.problem(
      place,
      `must be a rule such as {"value":"from:nasa","tag":"nasa"}, got ${described(item)}.`,
    );
    return { value: undefined, tag: undefined };
  }
  const unknown = Object.keys(item).filter((name) => !MEMBERS.some((member) => member === name));
  if (unknown.length > 0) {
    const names = shortened(unknown.join(", "));
    reader.problem(place, `holds unknown members: ${names}. Allowed: ${MEMBERS.join(", ")}.`);
  }
  const members = item as Readonly<Record<string, unknown>>;
  const read = (member: Member) => readMember(reader, `${place}.${member}`, { member, got: members[member] });
  return { value: read("value"), tag: read("tag") };
}

function readMember(
  reader: EnvReader,
  place: string,
  { member, got }: { readonly member: Member; readonly got: unknown },
): string | undefined {
  const { max, tidied } = FORMS[member];
  const text = typeof got === "string" ? tidied(got) : "";
  const length = [...text].length;
  const problem =
    length === 0
      ? described(got)
      : length > max
        ? `${count(length)} characters: ${shortened(text)}`
        : // Values and tags appear in terminals and logs, and X accepts only text.
          /[\p{Cc}\p{Cs}]/u.test(text)
          ? `characters that are no text: ${shortened(JSON.stringify(text))}`
          : undefined;
  if (problem === undefined) return text;
  reader.problem(place, `must be a text of 1 to ${count(max)} characters, got ${problem}.`);
  return undefined;
}

/** X refuses a second rule with the same value, and a line names its rules by their tags. */
function refuseRepeated(reader: EnvReader, rules: readonly RuleRead[], member: Member): void {
  const places = new Map<string, string>();
  rules.forEach((rule, index) => {
    const text = rule[member];
    if (text === undefined) return;
    const place = `${VARIABLE}[${index}].${member}`;
    const first = places.get(text);
    if (first === undefined) places.set(text, place);
    else reader.problem(place, `must differ from ${first}, got ${described(text)} in both.`);
  });
}

function described(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === "") return "an empty text";
  if (typeof value === "string" && value.trim() === "") return "white space";
  return shortened(JSON.stringify(value));
}

function shortened(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}...` : text;
}
