import { type Problem, problem, under } from "../constructs/checks/check";
import { bounded, type Check, listOf, optional, section, text } from "../environment/field-checks";
import { normalized } from "./coverage-keys";
import type { NamedQuery, SearchSource } from "./settings";

/** The ingester's own: a ledger remembers 64 queries, and half of them leaves room for changes. */
const MAX_QUERIES = 32;

/** Blanks around it are no part of it. */
const query: Check = (value) => bounded("searchQuery")(typeof value === "string" ? value.trim() : value);

const fields = section<SearchSource>({
  mode: text,
  query: optional(query),
  queries: optional(
    listOf(section<NamedQuery>({ name: bounded("queryName"), query: bounded("searchQuery") }), {
      min: 1,
      max: MAX_QUERIES,
    }),
  ),
  pollSeconds: optional(bounded("pollSeconds")),
  start: optional(bounded("searchStart")),
});

/** A search: one query, or several that differ in name and text. */
export const searchSource: Check = (value) => {
  const source = value as Partial<SearchSource>;
  return [...fields(value), ...choiceProblems(source), ...under("queries", twiceProblems(source))];
};

function choiceProblems(source: Partial<SearchSource>): Problem[] {
  if ((source.query === undefined) !== (source.queries === undefined)) return [];
  const got = source.query === undefined ? "neither" : "both";
  const fix = 'Set query: "from:nasa", or queries: [{ name: "nasa", query: "from:nasa" }].';
  return [{ path: "query", text: `or queries must be set, exactly one of them, got ${got}. ${fix}` }];
}

function twiceProblems({ queries }: Partial<SearchSource>): Problem[] {
  if (!Array.isArray(queries)) return [];
  return [...repeated(queries, "name", (name) => name), ...repeated(queries, "query", normalized)];
}

/** One problem for each value that was there before. */
function repeated(
  queries: readonly Partial<NamedQuery>[],
  field: keyof NamedQuery,
  identity: (text: string) => string,
): Problem[] {
  const values = queries.map((each) => {
    const value = each?.[field];
    return typeof value === "string" ? identity(value) : undefined;
  });
  return values.flatMap((got, index) => {
    const first = values.indexOf(got);
    if (got === undefined || first === index) return [];
    const allowed = `unlike queries.${first}.${field}`;
    return [problem(`${index}.${field}`, { allowed, got, fix: "Change or remove one of the two." })];
  });
}
