/** Requests of the rules endpoint, and X's result for each rule in them. None is billed. */
import { isObject } from "../../../posts/post";
import type { XClient } from "../../client";
import { explained, XResponseError } from "../../errors";
import { complaintsOf } from "../../problem";
import { type ListedRule, ruleText } from "./rules";

export type RulesClient = Pick<XClient, "get" | "post" | "now">;

const PATH = "tweets/search/stream/rules";
/** X's largest page. */
const PAGE = "1000";
/** Our own bound: X documents none. It allows 100 requests in 15 minutes, and up to 1,000 rules. */
const BATCH = 100;

/** A rule to be added, with its tag at X. */
export interface RuleDraft {
  readonly value: string;
  readonly tag: string;
}

/** Why X did not add or remove one rule. */
export interface RuleProblem {
  readonly kind: "duplicate" | "over_limit" | "absent" | "invalid";
  /** The value, or the id, that it is about. */
  readonly about: string;
  /** Id of the existing rule, if X states it. */
  readonly id: string | undefined;
  /** X's own. */
  readonly words: string;
}

export interface RulesAnswer {
  /** Rules that X has added; with a dry run, those that it would add. */
  readonly created: readonly ListedRule[];
  readonly problems: readonly RuleProblem[];
}

/** Every rule of the app, over all pages. @throws SourceError */
export async function listRules(client: RulesClient): Promise<readonly ListedRule[]> {
  const rules = new Map<string, ListedRule>();
  const tokens = new Set<string>();
  let token: string | undefined;
  do {
    const page = token === undefined ? {} : { pagination_token: token };
    const { body } = await explained(client.get(PATH, { max_results: PAGE, ...page }), client.now());
    for (const rule of rulesIn(body)) rules.set(rule.id, rule);
    const next = isObject(body) && isObject(body.meta) ? body.meta.next_token : undefined;
    token = typeof next === "string" && next !== "" && !tokens.has(next) ? next : undefined;
    if (token !== undefined) tokens.add(token);
  } while (token !== undefined);
  return [...rules.values()];
}

/** @param dryRun X only says what it would do @throws SourceError */
export function addRules(
  client: RulesClient,
  drafts: readonly RuleDraft[],
  { dryRun = false }: { readonly dryRun?: boolean } = {},
): Promise<RulesAnswer> {
  const params = dryRun ? { dry_run: "true" } : {};
  return inBatches(drafts, (add) => change(client, { add }, params));
}

/** Rules that do not exist any more are no problem. @throws SourceError */
export async function removeRules(
  client: RulesClient,
  ids: readonly string[],
): Promise<readonly RuleProblem[]> {
  const { problems } = await inBatches(ids, (batch) => change(client, { delete: { ids: batch } }));
  return problems.filter(({ kind }) => kind !== "absent");
}

async function inBatches<T>(
  items: readonly T[],
  send: (batch: readonly T[]) => Promise<RulesAnswer>,
): Promise<RulesAnswer> {
  const answers: RulesAnswer[] = [];
  for (let from = 0; from < items.length; from += BATCH)
    answers.push(await send(items.slice(from, from + BATCH)));
  return {
    created: answers.flatMap(({ created }) => created),
    problems: answers.flatMap(({ problems }) => problems),
  };
}

async function change(
  client: RulesClient,
  body: object,
  params: Readonly<Record<string, string>> = {},
): Promise<RulesAnswer> {
  try {
    return answerIn((await client.post(PATH, body, params)).body);
  } catch (error) {
    // X answers 400 if it accepts none of the rules, with a reason for each.
    const answer = error instanceof XResponseError ? answerIn(error.failure.body) : undefined;
    if (answer !== undefined && answer.problems.length > 0) return answer;
    return explained(Promise.reject(error), client.now());
  }
}

function answerIn(body: unknown): RulesAnswer {
  const errors = isObject(body) && Array.isArray(body.errors) ? body.errors.filter(isObject) : [];
  return { created: rulesIn(body), problems: errors.flatMap(problemIn) };
}

function rulesIn(body: unknown): readonly ListedRule[] {
  const data = isObject(body) && Array.isArray(body.data) ? body.data.filter(isObject) : [];
  return data.flatMap(({ id, value, tag }) =>
    typeof id === "string" && typeof value === "string"
      ? [{ id, value, tag: typeof tag === "string" ? tag : undefined }]
      : [],
  );
}

/** Problems by the last segment of their type, because X uses two host names. */
const KINDS: ReadonlyMap<string, RuleProblem["kind"]> = new Map([
  ["duplicate-rules", "duplicate"],
  ["rule-cap", "over_limit"],
  ["resource-not-found", "absent"],
  ["invalid-rules", "invalid"],
]);

/** Empty for an error that concerns no single rule. */
function problemIn(error: Readonly<Record<string, unknown>>): readonly RuleProblem[] {
  const { type, title, value, id, details } = error;
  if (typeof value !== "string" && typeof id !== "string") return [];
  const texts = complaintsOf(error).map(({ message }) => message);
  const all = [title, ...texts, ...(Array.isArray(details) ? details : [])];
  const words = [...new Set(all)].filter((text) => typeof text === "string" && text !== "").join("; ");
  return [
    {
      kind: KINDS.get(String(type).split("/").at(-1) ?? "") ?? kindOfWords(words),
      about: typeof value === "string" ? value : String(id),
      id: typeof id === "string" ? id : undefined,
      words,
    },
  ];
}

/** Types of problems of rules. X's servers send them; its OpenAPI does not list them. */
function kindOfWords(words: string): RuleProblem["kind"] {
  if (/duplicate|already exists/i.test(words)) return "duplicate";
  if (/cap.?exceeded|number of rules|maximum number|too many rules/i.test(words)) return "over_limit";
  return /not.?found|does not exist/i.test(words) ? "absent" : "invalid";
}

/** The problem of a draft, if X has named one. */
export function problemOf({ value }: RuleDraft, problems: readonly RuleProblem[]): RuleProblem | undefined {
  return (
    problems.find(({ about }) => about === value) ??
    problems.find(({ about }) => ruleText(about) === ruleText(value))
  );
}
