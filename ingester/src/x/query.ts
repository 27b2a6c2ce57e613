/** What can be known about a query before X is asked. */
import { count } from "../runtime/words";

/** docs.x.com, "Search Posts": query length of recent search, and of full-archive search. */
export const RECENT_QUERY_MAX_CHARACTERS = 512;
export const ARCHIVE_QUERY_MAX_CHARACTERS = 1_024;

/**
 * Operators that the stream honours and search ignores without a word: a query that relies on one buys far more
 * than its author meant to.
 */
const IGNORED_BY_SEARCH = ["sample:", "bio:", "bio_name:", "bio_location:"] as const;

/** What is wrong with a query, as a sentence that follows the name of its variable; undefined when nothing is. */
export function checkQuery(query: string, maxCharacters: number): string | undefined {
  const length = [...query].length;
  if (length > maxCharacters)
    return `must be at most ${count(maxCharacters)} characters, got ${count(length)}.`;
  const ignored = ignoredBySearch(query);
  if (ignored.length === 0) return undefined;
  return `uses ${ignored.join(", ")}, which X's search ignores, so it would buy more posts than meant. Remove it.`;
}

/** Operators of a query or rule that the stream honours and search, counts included, does not. */
export function ignoredBySearch(query: string): readonly string[] {
  return IGNORED_BY_SEARCH.filter((operator) =>
    new RegExp(`(^|[\\s(-])${operator}`).test(withoutQuotes(query)),
  );
}

/** A rule with its `sample:` apart, which holds for the whole rule. */
export interface Sampled {
  /** The rule without it. */
  readonly query: string;
  /** Of the posts that come, 0 to 1. */
  readonly share: number;
}

/** A share of 1 where a rule has no `sample:`, or one that X would refuse. */
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
