/** Checks of a query before it is sent to X. */
import { count } from "../runtime/words";

/** docs.x.com, "Search Posts": query length of recent search, and of full-archive search. */
export const RECENT_QUERY_MAX_CHARACTERS = 512;
export const ARCHIVE_QUERY_MAX_CHARACTERS = 1_024;

/**
 * Operators that work in rules of the stream, and that search ignores without an error: a query with one of them would
 * buy far more posts than intended.
 */
const IGNORED_BY_SEARCH = ["sample:", "bio:", "bio_name:", "bio_location:"] as const;

/** @returns the problem as a sentence that follows the name of the variable; undefined if there is none */
export function checkQuery(query: string, maxCharacters: number): string | undefined {
  const length = [...query].length;
  if (length > maxCharacters)
    return `must be at most ${count(maxCharacters)} characters, got ${count(length)}.`;
  const ignored = ignoredBySearch(query);
  if (ignored.length === 0) return undefined;
  return `uses ${ignored.join(", ")}, which X's search ignores, so it would buy more posts than meant. Remove it.`;
}

/** The operators of a query or rule that search and counts ignore. */
export function ignoredBySearch(query: string): readonly string[] {
  return IGNORED_BY_SEARCH.filter((operator) =>
    new RegExp(`(^|[\\s(-])${operator}`).test(withoutQuotes(query)),
  );
}

/** A rule without its operator `sample:`, and the share of posts that the operator lets X send. */
export interface Sampled {
  /** The rule without it. */
  readonly query: string;
  /** Share of the matching posts that X sends, above 0 and at most 1. */
  readonly share: number;
}

/** @returns a share of 1 for a rule without `sample:`, or with one that X would refuse */
export function sampledBy(rule: string): Sampled {
  const found = [...rule.matchAll(/"[^"]*"|(?<=^|[\s(])sample:(\d{1,3})(?=[\s)]|$)/g)].filter(
    ([, n]) => n !== undefined,
  );
  const [sample, ...more] = found;
  const percent = Number(sample?.[1]);
  if (sample === undefined || more.length > 0 || percent < 1 || percent > 100)
    return { query: rule, share: 1 };
  const rest = rule.slice(0, sample.index) + rule.slice(sample.index + sample[0].length);
  return { query: rest.trim().replace(/\s+/g, " "), share: percent / 100 };
}

function withoutQuotes(query: string): string {
  return query.replace(/"[^"]*"/g, " ");
}
