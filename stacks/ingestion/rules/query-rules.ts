import { Token } from "cdktf";
import { fits } from "../../constructs/checks/bound";
import { bounds } from "../../constructs/checks/bounds";
import {
  boundProblems,
  fieldProblems,
  type Problem,
  problem,
  repeatProblems,
  under,
} from "../../constructs/checks/check";
import { normalized } from "../coverage-keys";
import type { NamedQuery, SearchSource } from "../source";

/** The ingester's limit: a ledger holds 64 queries, half of which are left for changes. */
export const MAX_QUERIES = 32;

export const COUNT_OF_QUERIES = "A ledger holds 64 queries, half of which are left for changes.";

/** A search: one query, or several that differ in name and text. */
export function searchProblems(source: SearchSource): Problem[] {
  const { query, queries, start } = source;
  return [
    // Blanks around it are ignored.
    ...boundProblems("searchQuery", "query", Token.isUnresolved(query) ? query : query?.trim()),
    ...queriesProblems(queries),
    ...fieldProblems({ pollSeconds: "pollSeconds", start: "searchStart" }, source),
    ...startProblems(start),
    ...choiceProblems(source),
  ];
}

/** The pattern checks the form of a time, but not the calendar. */
function startProblems(start: string | undefined): Problem[] {
  if (start === undefined || !fits(bounds.searchStart, start) || start === "now" || start === "window")
    return [];
  const time = Date.parse(start);
  if (Number.isNaN(time)) {
    return [
      problem("start", { allowed: "a time that exists", got: start, fix: "Correct its date or hour." }),
    ];
  }
  if (time <= Date.now()) return [];
  const fix = 'X has no posts of the future; "now" begins when the ingester first runs.';
  return [problem("start", { allowed: "a time in the past", got: start, fix })];
}

function choiceProblems({ query, queries }: SearchSource): Problem[] {
  if ((query === undefined) !== (queries === undefined)) return [];
  const got = query === undefined ? "neither" : "both";
  const fix = 'Set query: "from:nasa", or queries: [{ name: "nasa", query: "from:nasa" }].';
  return [{ path: "query", text: `or queries must be set, exactly one of them, got ${got}. ${fix}` }];
}

function queriesProblems(queries: readonly NamedQuery[] | undefined): Problem[] {
  if (queries === undefined || Token.isUnresolved(queries)) return [];
  const count = queries.length;
  return [
    ...(count >= 1 && count <= MAX_QUERIES
      ? []
      : [
          problem("queries", {
            allowed: `a list of 1 to ${MAX_QUERIES}`,
            got: count,
            fix: COUNT_OF_QUERIES,
          }),
        ]),
    ...queries.flatMap((each, index) =>
      under(`queries.${index}`, fieldProblems<NamedQuery>({ name: "queryName", query: "searchQuery" }, each)),
    ),
    ...repeatProblems(
      "queries",
      queries.map(({ name }) => name),
      "name",
    ),
    ...repeatProblems(
      "queries",
      queries.map(({ query }) => normalized(query)),
      "query",
    ),
  ];
}
