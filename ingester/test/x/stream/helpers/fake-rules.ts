/** The rules endpoint of X in memory, in X's form, whose answers a script can replace. */
import type { XAnswer } from "../../../../src/x/client";
import { XResponseError } from "../../../../src/x/errors";
import type { ListedRule } from "../../../../src/x/stream/rules/rules";

interface Change {
  readonly add?: readonly { readonly value: string; readonly tag?: string }[];
  readonly delete?: { readonly ids: readonly string[] };
}

export interface RulesRequest {
  readonly what: "list" | "dry_run" | "add" | "delete";
  readonly body: Change;
}

const PROBLEMS = "https://api.x.com/2/problems";

export class FakeRulesX {
  readonly requests: RulesRequest[] = [];
  /** Every body that has been answered. */
  readonly answers: object[] = [];
  /** Runs before a request is answered; what it returns is answered in place of the honest body. */
  script: (request: RulesRequest, count: number) => object | undefined = () => undefined;
  maxRules = 1_000;
  pageSize = 1_000;
  private nextId = 100;

  constructor(public rules: readonly ListedRule[] = []) {}

  readonly now = () => Date.parse("2026-11-23T12:00:00Z");

  get kinds(): readonly string[] {
    return this.requests.map(({ what }) => what);
  }

  async get(_path: string, params: Readonly<Record<string, string>>): Promise<XAnswer> {
    const from = Number(params.pagination_token ?? 0);
    const request = { what: "list", body: {} } as const;
    return this.answer(request, () => {
      const data = this.rules.slice(from, from + this.pageSize);
      const end = from + data.length;
      const next = end < this.rules.length ? { next_token: String(end).padStart(16, "0") } : {};
      return { ...(data.length > 0 && { data }), meta: { result_count: data.length, ...next } };
    });
  }

  async post(_path: string, body: Change, params: Readonly<Record<string, string>> = {}): Promise<XAnswer> {
    const dryRun = params.dry_run === "true";
    const what = body.delete === undefined ? (dryRun ? "dry_run" : "add") : "delete";
    return this.answer({ what, body }, () =>
      body.delete ? this.remove(body.delete.ids) : this.add(body, dryRun),
    );
  }

  /** Another program's rule, or one of this ingester where the tag says so. */
  put(value: string, tag?: string): ListedRule {
    this.nextId += 1;
    const rule = { id: String(this.nextId), value, tag };
    this.rules = [...this.rules, rule];
    return rule;
  }

  private answer(request: RulesRequest, honest: () => object): XAnswer {
    const scripted = this.script(request, this.requests.length);
    this.requests.push(request);
    const body = scripted ?? honest();
    this.answers.push(body);
    const { meta, data } = body as { meta?: { summary?: { valid?: number } }; data?: unknown };
    if (meta?.summary?.valid === 0 && data === undefined) {
      throw new XResponseError({ status: 400, body, headers: {}, path: "tweets/search/stream/rules" });
    }
    return { body, headers: {}, receivedAtMs: this.now() };
  }

  private add({ add = [] }: Change, dryRun: boolean): object {
    const before = this.rules;
    const errors: object[] = [];
    const data: ListedRule[] = [];
    for (const { value, tag } of add) {
      const known = this.rules.find((rule) => rule.value.toLowerCase() === value.toLowerCase());
      if (known)
        errors.push({ value, id: known.id, title: "DuplicateRule", type: `${PROBLEMS}/duplicate-rules` });
      else if (value.includes("nope:")) errors.push(invalid(value));
      else if (this.rules.length >= this.maxRules) errors.push(overLimit(value));
      else data.push(this.put(value, tag));
    }
    if (dryRun) this.rules = before;
    const bad = errors.filter((error) => (error as { title: string }).title === "UnprocessableEntity").length;
    const summary = {
      created: data.length,
      not_created: errors.length,
      valid: add.length - bad,
      invalid: bad,
    };
    return { ...(data.length > 0 && { data }), meta: { summary }, ...(errors.length > 0 && { errors }) };
  }

  private remove(ids: readonly string[]): object {
    const absent = ids.filter((id) => !this.rules.some((rule) => rule.id === id));
    this.rules = this.rules.filter(({ id }) => !ids.includes(id));
    const errors = absent.map((value) => ({
      ...{ value, title: "Not Found Error", detail: "Rule does not exist", resource_type: "rule" },
      type: `${PROBLEMS}/resource-not-found`,
    }));
    return {
      meta: { summary: { deleted: ids.length - absent.length, not_deleted: absent.length } },
      ...(errors.length > 0 && { errors }),
    };
  }
}

export function invalid(value: string): object {
  const details = ["Reference to invalid operator 'nope' (at position 1)"];
  return { value, details, title: "UnprocessableEntity", type: `${PROBLEMS}/invalid-rules` };
}

function overLimit(value: string): object {
  return { value, title: "RulesCapExceeded", detail: "Too many rules.", type: `${PROBLEMS}/rule-cap` };
}
