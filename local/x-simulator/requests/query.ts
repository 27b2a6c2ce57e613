import type { ParameterReader } from "./parameter-reader";

/** Characters in a query, by endpoint. */
export const MAX_QUERY_LENGTH = { recent: 512, all: 1024 } as const;

/**
 * Checks a query's length and the balance of its quotes and parentheses. The simulator finds every post
 * for every query, but a query X could not read must fail here too.
 */
export function checkQuery(reader: ParameterReader, endpoint: keyof typeof MAX_QUERY_LENGTH): void {
  const query = reader.text("query") ?? "";
  const max = MAX_QUERY_LENGTH[endpoint];
  const length = [...query].length;
  if (query.trim() === "") {
    reader.refuse("query", "The `query` query parameter can not be empty");
  } else if (length > max) {
    reader.refuse(
      "query",
      `There were errors processing your request: query length [${length}] exceeds max [${max}]`,
    );
  } else if (!isBalanced(query)) {
    reader.refuse("query", `There were errors processing your request: missing EOF at '${query.at(-1)}'`);
  }
}

function isBalanced(query: string): boolean {
  let depth = 0;
  let quoted = false;
  for (const character of query) {
    if (character === '"') quoted = !quoted;
    else if (!quoted && character === "(") depth += 1;
    else if (!quoted && character === ")") depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0 && !quoted;
}
