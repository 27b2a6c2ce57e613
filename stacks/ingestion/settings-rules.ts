import { Token } from "cdktf";
import { fits, type NumberBound } from "../constructs/checks/bound";
import { bounds } from "../constructs/checks/bounds";
import { limitBounds } from "../constructs/checks/bounds-ingestion";
import { type Problem, problem } from "../constructs/checks/check";
import { EXPANSIONS, smallestPage } from "../constructs/checks/smallest-page";
import {
  bounded,
  type Check,
  choice,
  flag,
  listOf,
  matching,
  optional,
  section,
  variants,
  wholeNumber,
} from "../environment/field-checks";
import { namedKey } from "./coverage-keys";
import { searchSource } from "./query-rules";
import type { IngesterSettings, NamedQuery } from "./settings";

const url = matching(
  /^(https:\/\/[^\s@]+|http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(\/\S*)?)$/,
  "an https URL without credentials, or http on loopback: the token travels there",
);
const postField = matching(/^[a-z][a-z0-9_.]*$/, 'one of X\'s field names, such as "created_at"');
/** Its least depends on the expansions: see limitProblems. */
const limit: Check = () => [];

const fields = section<IngesterSettings>({
  source: variants("mode", { search: searchSource }),
  monthlyPostLimit: limit,
  monthlyUsdLimit: limit,
  limitScope: optional(bounded("limitScope")),
  ledgerKey: optional(bounded("ledgerKey")),
  billingCycleDay: optional(bounded("billingCycleDay")),
  deduplicates: optional(flag),
  postFields: optional(listOf(postField)),
  expansions: optional(listOf(choice(...Object.keys(EXPANSIONS)))),
  checkpointKey: optional(bounded("checkpointKey")),
  xApiUrl: optional(url),
  httpPort: optional(bounded("httpPort")),
  metricsNamespace: optional((value) => (value === "" ? [] : bounded("metricsNamespace")(value))),
  logLevel: optional(bounded("logLevel")),
  shutdownSeconds: optional(wholeNumber(1, 115)),
});

/** Fields of the ingester's settings, what money needs, and the keys of several queries. */
export const ingesterFields: Check = (value) => {
  const settings = (value ?? {}) as Partial<IngesterSettings>;
  return [...fields(value), ...limitProblems(settings), ...keyProblems(settings)];
};

function limitProblems({
  monthlyPostLimit,
  monthlyUsdLimit,
  expansions,
}: Partial<IngesterSettings>): Problem[] {
  if (monthlyPostLimit === undefined && monthlyUsdLimit === undefined) {
    const advice = "X bills every post, so every environment says how much it may spend";
    const fix = `Set monthlyUsdLimit: 20, for example; "none" collects without a limit.`;
    return [
      { path: "monthlyPostLimit", text: `or monthlyUsdLimit must be set, got neither. ${advice}. ${fix}` },
    ];
  }
  const least = limitBounds(smallestPage(Array.isArray(expansions) ? expansions : []));
  return [
    ...limitProblem("monthlyPostLimit", monthlyPostLimit, least.monthlyPostLimit),
    ...limitProblem("monthlyUsdLimit", monthlyUsdLimit, least.monthlyUsdLimit),
  ];
}

function limitProblem(path: string, got: unknown, bound: NumberBound): Problem[] {
  if (got === undefined || got === "none" || Token.isUnresolved(got) || fits(bound, got)) return [];
  return [problem(path, { allowed: `${bound.allowed}, or "none"`, got, fix: bound.fix })];
}

/** A key and a name may each be right, and too long together. */
function keyProblems({ source, checkpointKey }: Partial<IngesterSettings>): Problem[] {
  const queries: readonly Partial<NamedQuery>[] = Array.isArray(source?.queries) ? source.queries : [];
  const bound = bounds.checkpointKey;
  if (checkpointKey === undefined || !fits(bound, checkpointKey)) return [];
  const allowed = `at most ${bound.maxLength} characters with a slash and a query's name behind it`;
  return queries.flatMap((query) => {
    const got = namedKey(checkpointKey, query?.name ?? "");
    if (!fits(bounds.queryName, query?.name) || fits(bound, got)) return [];
    return [problem("checkpointKey", { allowed, got, fix: "Shorten it, or the name." })];
  });
}
