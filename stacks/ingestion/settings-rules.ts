import { Token } from "cdktf";
import { fits, type NumberBound } from "../constructs/checks/bound";
import { type BoundName, bounds } from "../constructs/checks/bounds";
import { limitBounds } from "../constructs/checks/bounds-ingestion";
import {
  boundProblems,
  type FieldBounds,
  fieldProblems,
  itemProblems,
  type Problem,
  problem,
  repeatProblems,
  under,
} from "../constructs/checks/check";
import { smallestPage } from "../constructs/checks/smallest-page";
import { namedKey } from "./coverage-keys";
import { type IngesterSettings, SETTING_VARIABLES } from "./settings";
import { sourceProblems } from "./source-rules";

/** The least that a limit may be follows from the expansions, and either may be "none". */
const LIMITS: readonly string[] = ["monthlyPostLimit", "monthlyUsdLimit"];

/** Settings with a row of their own name in the table of bounds. */
const FIELDS: FieldBounds<IngesterSettings> = Object.fromEntries(
  Object.keys(SETTING_VARIABLES)
    .filter((name): name is BoundName => name in bounds && !LIMITS.includes(name))
    .map((name) => [name, name]),
);

/** What the ingester would refuse at its start. The contract test compares both. */
export function settingsProblems(settings: IngesterSettings): Problem[] {
  const { source, postFields, expansions, metricsNamespace, xApiUrl } = settings;
  return [
    ...under("source", sourceProblems(source)),
    ...fieldProblems(FIELDS, settings),
    ...(fits(bounds.xApiUrl, xApiUrl) && !URL.canParse(String(xApiUrl))
      ? [problem("xApiUrl", { allowed: "a URL", got: xApiUrl, fix: "Correct its host or port." })]
      : []),
    ...itemProblems("postField", "postFields", postFields),
    ...repeatProblems("postFields", postFields),
    ...itemProblems("expansion", "expansions", expansions),
    ...repeatProblems("expansions", expansions),
    ...(metricsNamespace === ""
      ? []
      : boundProblems("metricsNamespace", "metricsNamespace", metricsNamespace)),
    ...limitProblems(settings),
    ...keyProblems(settings),
  ];
}

function limitProblems({ monthlyPostLimit, monthlyUsdLimit, expansions = [] }: IngesterSettings): Problem[] {
  if (monthlyPostLimit === undefined && monthlyUsdLimit === undefined) {
    const advice = "X bills every post, so every environment says how much it may spend";
    const fix = `Set monthlyUsdLimit: 20, for example; "none" collects without a limit.`;
    return [
      { path: "monthlyPostLimit", text: `or monthlyUsdLimit must be set, got neither. ${advice}. ${fix}` },
    ];
  }
  const least = limitBounds(smallestPage(expansions));
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
function keyProblems({ source, checkpointKey }: IngesterSettings): Problem[] {
  const bound = bounds.checkpointKey;
  if (checkpointKey === undefined || !fits(bound, checkpointKey) || source.mode !== "search") return [];
  const allowed = `at most ${bound.maxLength} characters with a slash and a query's name behind it`;
  return (source.queries ?? []).flatMap(({ name }) => {
    const got = namedKey(checkpointKey, name);
    if (!fits(bounds.queryName, name) || fits(bound, got)) return [];
    return [problem("checkpointKey", { allowed, got, fix: "Shorten it, or the name." })];
  });
}
