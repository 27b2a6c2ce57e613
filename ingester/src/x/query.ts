/** What can be known about a query before X is asked. */

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
  if (length > maxCharacters) return `must be at most ${maxCharacters} characters, got ${length}.`;
  const unquoted = query.replace(/"[^"]*"/g, " ");
  const ignored = IGNORED_BY_SEARCH.filter((operator) => new RegExp(`(^|[\\s(-])${operator}`).test(unquoted));
  if (ignored.length === 0) return undefined;
  return `uses ${ignored.join(", ")}, which X's search ignores, so it would buy more posts than meant. Remove it.`;
}
