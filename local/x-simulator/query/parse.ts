/** A query or rule as a tree: X's language for both. @see https://docs.x.com/x-api/posts/search/integrate/operators */
export type Term =
  | { readonly kind: "and" | "or"; readonly terms: readonly Term[] }
  | { readonly kind: "not"; readonly term: Term }
  | { readonly kind: "text"; readonly value: string; readonly isPhrase: boolean }
  | { readonly kind: "operator"; readonly name: string; readonly value: string };

/** What X says about a query that it cannot read. */
export class QueryProblem extends Error {
  override readonly name = "QueryProblem";
}

/** Operators that select posts on their own. */
const STANDALONE: ReadonlySet<string> = new Set([
  "from",
  "to",
  "url",
  "retweets_of",
  "context",
  "entity",
  "conversation_id",
  "bio",
  "bio_name",
  "bio_location",
  "place",
  "place_country",
  "point_radius",
  "bounding_box",
]);

/** Operators that only narrow what others select. */
const NARROWING: ReadonlySet<string> = new Set([
  "lang",
  "sample",
  "followers_count",
  "tweets_count",
  "following_count",
  "min_likes",
  "min_replies",
  "min_reposts",
]);

const FLAGS: Readonly<Record<string, readonly string[]>> = {
  is: ["retweet", "reply", "quote", "verified", "nullcast"],
  has: ["hashtags", "cashtags", "links", "mentions", "media", "images", "videos", "video_link", "geo"],
};

const TOKEN = /\s*(?:(\()|(\))|(-)(?=\()|(-?)(?:([a-z_]+):)?(?:"([^"]*)"|([^\s()"]+)))/y;

/**
 * Reads a query.
 * @throws QueryProblem saying what X could not read.
 */
export function parseQuery(text: string): Term {
  const parser = new Parser(text);
  const term = parser.any();
  parser.end();
  if (!isStandalone(term)) {
    throw new QueryProblem("Rules must contain a standalone term that is not negated (at position 1)");
  }
  return term;
}

class Parser {
  private position = 0;

  constructor(private readonly text: string) {}

  any(): Term {
    const terms = [this.all()];
    while (this.skip(/\s*OR(?![^\s()])/y)) terms.push(this.all());
    return joined("or", terms);
  }

  end(): void {
    if (this.text.slice(this.position).trim() !== "") throw this.problem();
  }

  private all(): Term {
    const terms: Term[] = [];
    while (!this.sees(/\s*(?:$|\)|OR(?![^\s()]))/y)) {
      terms.push(this.one());
    }
    if (terms.length === 0) throw this.problem();
    return joined("and", terms);
  }

  private one(): Term {
    TOKEN.lastIndex = this.position;
    const match = TOKEN.exec(this.text);
    if (match === null || match[2] !== undefined) throw this.problem();
    const at = this.position;
    this.position = TOKEN.lastIndex;
    if (match[3] !== undefined) return { kind: "not", term: this.one() };
    if (match[1] !== undefined) return this.group();
    const [, , , , minus, name, phrase, word] = match;
    const term = termOf({ name, phrase, word }, at + 1);
    return minus === "-" ? { kind: "not", term } : term;
  }

  private group(): Term {
    const term = this.any();
    if (!this.skip(/\s*\)/y)) throw this.problem();
    return term;
  }

  private sees(pattern: RegExp): boolean {
    pattern.lastIndex = this.position;
    return pattern.test(this.text);
  }

  private skip(pattern: RegExp): boolean {
    const found = this.sees(pattern);
    if (found) this.position = pattern.lastIndex;
    return found;
  }

  private problem(): QueryProblem {
    const rest = this.text.slice(this.position).trim();
    const found = rest === "" ? "<EOF>" : (rest.split(/\s/)[0] ?? "");
    return new QueryProblem(`no viable alternative at input '${found}' (at position ${this.position + 1})`);
  }
}

interface Token {
  readonly name: string | undefined;
  readonly phrase: string | undefined;
  readonly word: string | undefined;
}

function termOf({ name, phrase, word }: Token, position: number): Term {
  const value = phrase ?? word ?? "";
  if (name === undefined) {
    // A phrase that names an operator without a value, such as `from:`, ends with the colon.
    const empty = /^([a-z_]+):$/.exec(word ?? "")?.[1];
    if (empty !== undefined)
      throw new QueryProblem(`missing value of operator '${empty}' (at position ${position})`);
    if (phrase === undefined && /^(and|or)$/i.test(value)) {
      const instead = value.toLowerCase() === "or" ? "OR between" : "a space between";
      throw new QueryProblem(
        `Ambiguous use of '${value}' as a keyword: write ${instead} two clauses, or quotes around it (at position ${position})`,
      );
    }
    return { kind: "text", value, isPhrase: phrase !== undefined };
  }
  if (FLAGS[name] ? !FLAGS[name].includes(value) : !STANDALONE.has(name) && !NARROWING.has(name)) {
    throw new QueryProblem(`Reference to invalid operator '${name}:${value}' (at position ${position})`);
  }
  if (name === "sample" && !(Number(value) >= 1 && Number(value) <= 100)) {
    throw new QueryProblem(
      `'sample:' takes a percentage from 1 to 100, got '${value}' (at position ${position})`,
    );
  }
  return { kind: "operator", name, value };
}

function joined(kind: "and" | "or", terms: readonly Term[]): Term {
  const [only] = terms;
  return only !== undefined && terms.length === 1 ? only : { kind, terms };
}

function isStandalone(term: Term): boolean {
  switch (term.kind) {
    case "and":
      return term.terms.some(isStandalone);
    case "or":
      return term.terms.every(isStandalone);
    case "not":
      return false;
    case "text":
      return true;
    case "operator":
      return STANDALONE.has(term.name);
  }
}
