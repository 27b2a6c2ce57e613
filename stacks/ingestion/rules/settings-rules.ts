import { Token } from "cdktf";
import { fits, type NumberBound } from "../../constructs/checks/bound";
import { type BoundName, bounds } from "../../constructs/checks/bounds";
import { limitBounds } from "../../constructs/checks/bounds-ingestion";
import {
  boundProblems,
  type FieldBounds,
  fieldProblems,
  itemProblems,
  type Problem,
  problem,
  repeatProblems,
  under,
} from "../../constructs/checks/check";
import { smallestPage } from "../../constructs/checks/smallest-page";
import { namedKey } from "../coverage-keys";
import { type AnyIngesterSettings, SETTING_VARIABLES } from "../settings";
import { sourceProblems } from "./source-rules";

/** The least that a limit may be follows from the expansions, and either may be "none". */
const LIMITS: readonly string[] = ["monthlyPostLimit", "monthlyUsdLimit"];

/** Settings with a row of their own name in the table of bounds. */
const FIELDS: FieldBounds<AnyIngesterSettings> = Object.fromEntries(
  Object.keys(SETTING_VARIABLES)
    .filter((name): name is BoundName => name in bounds && !LIMITS.includes(name))
    .map((name) => [name, name]),
);

/** X's older names of expansions and fields, by today's. The ingester has the same, and the contract test compares them. */
export const OLDER_EXPANSIONS: Readonly<Record<string, string>> = {
  referenced_posts: "referenced_tweets.id",
  edit_history_post_ids: "edit_history_tweet_ids",
};
export const OLDER_FIELDS: Readonly<Record<string, string>> = {
  note_post: "note_tweet",
  referenced_posts: "referenced_tweets",
  edit_history_post_ids: "edit_history_tweet_ids",
};

/** Problems that the ingester would report at its start. The contract test compares both. */
export function settingsProblems(settings: AnyIngesterSettings): Problem[] {
  const { source, postFields, expansions, metricsNamespace, xApiUrl } = settings;
  return [
    ...under("source", source.mode === "either" ? [] : sourceProblems(source)),
    ...fieldProblems(FIELDS, settings),
    ...(fits(bounds.xApiUrl, xApiUrl) && !URL.canParse(String(xApiUrl))
      ? [problem("xApiUrl", { allowed: "a URL", got: xApiUrl, fix: "Correct its host or port." })]
      : []),
    ...itemProblems("postField", "postFields", postFields),
    ...repeatProblems("postFields", postFields),
    ...twoNameProblems("postFields", postFields, OLDER_FIELDS),
    ...itemProblems("expansion", "expansions", expansions),
    ...repeatProblems("expansions", expansions),
    ...twoNameProblems("expansions", expansions, OLDER_EXPANSIONS),
    ...(metricsNamespace === ""
      ? []
      : boundProblems("metricsNamespace", "metricsNamespace", metricsNamespace)),
    ...limitProblems(settings),
    ...keyProblems(settings),
  ];
}

/** One problem for each thing that a list names in both of X's vocabularies. */
function twoNameProblems(
  path: string,
  items: readonly string[] = [],
  older: Readonly<Record<string, string>>,
): Problem[] {
  return Object.entries(older).flatMap(([today, before]) => {
    const [now, old] = [items.indexOf(today), items.indexOf(before)];
    if (now < 0 || old < 0) return [];
    const allowed = `unlike ${path}.${now}, which is "${today}", today's name for it`;
    return [problem(`${path}.${old}`, { allowed, got: before, fix: "Remove one of the two." })];
  });
}

function limitProblems({
  monthlyPostLimit,
  monthlyUsdLimit,
  expansions = [],
}: AnyIngesterSettings): Problem[] {
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

export const NAMED_KEY = {
  allowed: `at most ${bounds.checkpointKey.maxLength} characters with a slash and a query's name behind it`,
  fix: "Shorten it, or the name.",
};

/** A key and a name can be valid separately, and too long together. */
function keyProblems({ source, checkpointKey }: AnyIngesterSettings): Problem[] {
  const bound = bounds.checkpointKey;
  if (checkpointKey === undefined || !fits(bound, checkpointKey) || source.mode !== "search") return [];
  return (source.queries ?? []).flatMap(({ name }) => {
    const got = namedKey(checkpointKey, name);
    if (!fits(bounds.queryName, name) || fits(bound, got)) return [];
    return [problem("checkpointKey", { ...NAMED_KEY, got })];
  });
}
