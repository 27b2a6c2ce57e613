/**
 * Decides which fields a page is requested with, and what changes when X does not know one of them. A refusal is not
 * billed. A field that X leaves out would be missing from every post that is bought.
 */
import type { SourceError } from "../../loop/errors";
import type { Post } from "../../posts/post";
import { type RefusedField, refusal, type XFailure } from "../errors";
import { dialects, type QueryParams, RELATION_FIELDS } from "../fields";

export interface AskingOptions {
  /** Undefined: all public post fields. */
  readonly postFields: readonly string[] | undefined;
  readonly expansions: readonly string[];
  /** Called once for each change. */
  readonly onChange: (message: string) => void;
}

/** X returns these of every post. */
const OF_EVERY_POST = ["created_at", "author_id"] as const;
const OWN_RELATIONS: ReadonlySet<string> = new Set(RELATION_FIELDS);

export class Asking {
  private readonly ways: readonly QueryParams[];
  private way = 0;
  /** Parameter and value, such as `post.fields=article`. */
  private readonly dropped = new Set<string>();
  /**
   * Indexes of the dialects that X has answered with posts, the first one first. Their answers are checked only once.
   */
  private readonly answeredWays = new Set<number>();
  /** Indexes of the dialects that X has refused since its last answer: none of them is tried again before the next one. */
  private readonly refusedWays = new Set<number>();

  constructor(private readonly options: AskingOptions) {
    this.ways = dialects(options.postFields, options.expansions);
  }

  /** Parameters of the next request. */
  get params(): QueryParams {
    const entries = Object.entries(this.ways[this.way] ?? {}).map(([parameter, list]) => {
      const values = list.split(",").filter((value) => !this.dropped.has(`${parameter}=${value}`));
      return [parameter, values.join(",")] as const;
    });
    return Object.fromEntries(entries.filter(([, list]) => list !== ""));
  }

  asksFor(field: string): boolean {
    const { params } = this;
    return [params["post.fields"], params["tweet.fields"]].some((list) => list?.split(",").includes(field));
  }

  /**
   * Changes the request so that X does not refuse these any more.
   * @throws SourceError naming the variable when they were asked for by the user
   */
  refused(failure: XFailure, refused: readonly RefusedField[]): void {
    const values = refused.flatMap((one) => this.askedValues(one));
    const isOptional = values.length > 0 && values.every((value) => this.isOptional(value));
    if (!isOptional) {
      this.refusedWays.add(this.way);
      if (this.nextWay(`X does not take ${refused.map(nameOf).join(", ")}`) || this.goBack()) return;
    }
    const own = values.filter((value) => this.variableOf(value) !== undefined);
    if (values.length > 0 && own.length === 0) this.drop(values);
    else throw this.refusalOf(failure, own);
  }

  private refusalOf(failure: XFailure, own: readonly AskedValue[]): SourceError {
    const about = own.map((value) => `${value.value} (${this.variableOf(value)})`).join(", ");
    return refusal(failure, about === "" ? undefined : about);
  }

  /** Checks the first posts of each dialect: if all of them lack a field, X knows the field under another name. */
  answered(posts: readonly Post[]): void {
    this.refusedWays.clear();
    if (posts.length === 0 || this.answeredWays.has(this.way)) return;
    this.answeredWays.add(this.way);
    const missing = OF_EVERY_POST.filter(
      (field) => this.asksFor(field) && posts.every((post) => !(field in post)),
    );
    if (missing.length > 0 && !this.nextWay(`X left out ${missing.join(" and ")}`)) this.goBack();
  }

  /**
   * Returns to the first dialect that X has answered, which has the most fields.
   * @returns false if there is no other one, or X has refused it since
   */
  private goBack(): boolean {
    const [first] = this.answeredWays;
    if (first === undefined || first === this.way || this.refusedWays.has(first)) return false;
    this.way = first;
    return true;
  }

  private nextWay(why: string): boolean {
    if (this.way + 1 >= this.ways.length) return false;
    this.way += 1;
    this.options.onChange(`${why}: asking in other words (${Object.keys(this.params).join(", ")}).`);
    return true;
  }

  private drop(values: readonly AskedValue[]): void {
    for (const { parameter, value } of values) {
      this.dropped.add(`${parameter}=${value}`);
      this.options.onChange(`X does not know ${value} in ${parameter} any more: it is not asked for.`);
    }
  }

  private askedValues({ parameter, values }: RefusedField): readonly AskedValue[] {
    const asked = this.params[parameter]?.split(",") ?? [];
    return values.filter((value) => asked.includes(value)).map((value) => ({ parameter, value }));
  }

  /** Relations are requested again in the next dialect. Fields that the user has configured are never dropped. */
  private isOptional({ parameter, value }: AskedValue): boolean {
    if (this.variableOf({ parameter, value }) !== undefined) return false;
    return !(isOfPost(parameter) && OWN_RELATIONS.has(value));
  }

  /** The variable that the value comes from; undefined for our own lists. */
  private variableOf({ parameter }: AskedValue): string | undefined {
    if (parameter === "expansions") return "EXPANSIONS";
    return isOfPost(parameter) && this.options.postFields !== undefined ? "POST_FIELDS" : undefined;
  }
}

interface AskedValue {
  readonly parameter: string;
  readonly value: string;
}

function isOfPost(parameter: string): boolean {
  return parameter === "post.fields" || parameter === "tweet.fields";
}

function nameOf({ parameter, values }: RefusedField): string {
  return values.length === 0 ? parameter : `${values.join(", ")} in ${parameter}`;
}
