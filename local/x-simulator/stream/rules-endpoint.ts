import { ParameterReader } from "../requests/parameter-reader";
import { invalidRequest, type XProblem } from "../x-problem";
import { ruleNotFound } from "./rule-problems";
import { type DeletedRules, MAX_RULES, type RuleBook, type RuleDraft, type RuleSelector } from "./rules";

const ID_PATTERN = /^[0-9]{1,19}$/;

/** X's tokens of this endpoint: 16 digits of base32hex. */
const TOKEN_DIGITS = 16;

/** An answer before it is written. */
export interface RulesAnswer {
  readonly status: number;
  readonly body: object;
}

/**
 * Answers `GET /2/tweets/search/stream/rules`.
 * @throws XProblem (400) when the request is not one X would accept.
 */
export function listRules(rules: RuleBook, parameters: URLSearchParams): RulesAnswer {
  const reader = new ParameterReader(parameters);
  reader.checkNames(["ids", "max_results", "pagination_token"]);
  const ids = readIds(reader);
  const size = reader.integer("max_results", { min: 1, max: MAX_RULES, fallback: MAX_RULES });
  const below = readToken(reader);
  reader.finish();
  const found = rules.list().filter(({ id }) => (ids?.includes(id) ?? true) && BigInt(id) > below);
  const page = found.slice(0, size);
  const last = page.at(-1);
  const next =
    last && found.length > size
      ? { next_token: BigInt(last.id).toString(32).padStart(TOKEN_DIGITS, "0") }
      : {};
  const missing = (ids ?? []).filter((id) => !rules.list().some((rule) => rule.id === id));
  const meta = { result_count: page.length, ...next };
  return {
    status: 200,
    body: { ...filled("data", page), meta, ...filled("errors", missing.map(ruleNotFound)) },
  };
}

/**
 * Answers `POST /2/tweets/search/stream/rules`.
 * @param body the request's body: `{"add":[...]}` or `{"delete":{...}}`; ignored with `delete_all=true`
 * @throws XProblem (400) when the request is not one X would accept.
 */
export function changeRules(
  rules: RuleBook,
  request: { readonly parameters: URLSearchParams; readonly body: string; readonly nowMs: number },
): RulesAnswer {
  const reader = new ParameterReader(request.parameters);
  reader.checkNames(["dry_run", "delete_all"]);
  const [dryRun] = reader.list("dry_run", ["true", "false"]);
  const [deleteAll] = reader.list("delete_all", ["true", "false"]);
  reader.finish();
  const change = deleteAll === "true" ? { which: "all" as const } : readChange(request.body);
  const sent = new Date(request.nowMs).toISOString();
  return "drafts" in change
    ? add(rules, { ...change, sent, dryRun: dryRun === "true" })
    : remove(rules.delete(change.which, dryRun === "true"), sent);
}

function add(
  rules: RuleBook,
  change: { readonly drafts: readonly RuleDraft[]; readonly sent: string; readonly dryRun: boolean },
): RulesAnswer {
  const { drafts, sent, dryRun } = change;
  const { created, problems, valid } = rules.add(drafts, dryRun);
  const summary = {
    created: created.length,
    not_created: drafts.length - created.length,
    valid,
    invalid: drafts.length - valid,
  };
  // X refuses a request in which it can read no rule at all.
  const status = valid === 0 ? 400 : 200;
  return {
    status,
    body: { ...filled("data", created), meta: { sent, summary }, ...filled("errors", problems) },
  };
}

function remove({ deleted, notFound }: DeletedRules, sent: string): RulesAnswer {
  const summary = { deleted: deleted.length, not_deleted: notFound.length };
  return { status: 200, body: { meta: { sent, summary }, ...filled("errors", notFound.map(ruleNotFound)) } };
}

/** X leaves out lists with nothing in them. */
function filled(name: string, list: readonly unknown[]): object {
  return list.length === 0 ? {} : { [name]: list };
}

type Change = { readonly drafts: readonly RuleDraft[] } | { readonly which: RuleSelector };

function readChange(body: string): Change {
  const value = parseObject(body);
  const names = Object.keys(value);
  const unknown = names.filter((name) => name !== "add" && name !== "delete");
  if (unknown.length > 0) throw bodyProblem(`$.${unknown[0]}: is not defined in the schema`);
  if (names.length !== 1) throw bodyProblem("Exactly one of `add` and `delete` must be specified");
  return value.add === undefined ? { which: readSelector(value.delete) } : { drafts: readDrafts(value.add) };
}

function readDrafts(value: unknown): readonly RuleDraft[] {
  if (!Array.isArray(value) || value.length === 0) throw bodyProblem("$.add: must be an array of rules");
  return value.map((rule: unknown, at) => {
    const { value: text, tag, ...others } = asObject(rule, `$.add[${at}]`);
    const [unknown] = Object.keys(others);
    if (unknown !== undefined) throw bodyProblem(`$.add[${at}].${unknown}: is not defined in the schema`);
    if (typeof text !== "string" || text === "") throw bodyProblem(`$.add[${at}].value: is missing`);
    if (tag !== undefined && typeof tag !== "string") throw bodyProblem(`$.add[${at}].tag: must be a string`);
    return { value: text, ...(tag === undefined ? {} : { tag }) };
  });
}

function readSelector(value: unknown): RuleSelector {
  const { ids, values } = asObject(value, "$.delete");
  const lists = { ...stringsOf("ids", ids), ...stringsOf("values", values) };
  if (Object.keys(lists).length === 0) throw bodyProblem("$.delete: ids or values are missing");
  const bad = lists.ids?.find((id) => !ID_PATTERN.test(id));
  if (bad !== undefined) throw bodyProblem(`$.delete.ids: [${bad}] does not match ${ID_PATTERN.source}`);
  return lists;
}

function stringsOf<Name extends string>(
  name: Name,
  value: unknown,
): { readonly [key in Name]?: readonly string[] } {
  if (value === undefined) return {};
  if (!Array.isArray(value) || value.some((item) => typeof item !== "string")) {
    throw bodyProblem(`$.delete.${name}: must be an array of strings`);
  }
  return { [name]: value as readonly string[] } as { readonly [key in Name]?: readonly string[] };
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw bodyProblem("The request body is not valid JSON");
  }
  return asObject(value, "$");
}

function asObject(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw bodyProblem(`${path}: must be an object`);
  }
  return value as Readonly<Record<string, unknown>>;
}

function bodyProblem(message: string): XProblem {
  return invalidRequest([{ parameters: {}, message }]);
}

function readIds(reader: ParameterReader): readonly string[] | undefined {
  const ids = reader.text("ids")?.split(",");
  for (const id of ids ?? []) {
    if (!ID_PATTERN.test(id)) {
      reader.refuse("ids", `The \`ids\` query parameter value [${id}] does not match ${ID_PATTERN.source}`);
    }
  }
  return ids;
}

/** A token is the id of the last rule of the page before. */
function readToken(reader: ParameterReader): bigint {
  const token = reader.text("pagination_token");
  if (token === undefined) return 0n;
  if (token.length === TOKEN_DIGITS && /^[0-9a-v]+$/.test(token)) {
    return [...token].reduce((sum, digit) => sum * 32n + BigInt(Number.parseInt(digit, 32)), 0n);
  }
  reader.refuse("pagination_token", `Invalid 'pagination_token':'${token}'.`);
  return 0n;
}
