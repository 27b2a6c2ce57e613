/** The coverage of a filtered stream: what was heard, its holes with their rules, and what search cannot find. */
import type { Coverage } from "../../ledger/coverage";
import { describeInterval, type Interval, intersect, subtract, unite } from "../../ledger/intervals";
import type { FilledBySearch, RuleText, SkippedRule, StreamHole } from "../../ledger/stream-state";
import { timeOfId } from "../../posts/ids";
import { plural } from "../../runtime/words";
import { STREAM_LOSS_WORDS } from "../../status/stream/stretches";
import { SEARCH_DIFFERENCES, SKIP_WORDS } from "../../status/stream/words";
import { unsearchable } from "../../x/stream/rules/rule-source";
import { type Stretch, stretch } from "./stretch";

/** What becomes of one rule of an open hole. */
export interface HoleRule {
  /** Undefined where the ledger no longer has the rule's text. */
  readonly tag?: string;
  readonly value?: string;
  /** 12 digits of SHA-256 of its value. */
  readonly reference: string;
  readonly state: "searched" | "searching" | "waiting" | "skipped" | "will_be_skipped";
  /** Why it is skipped; how far search has come. */
  readonly note?: string;
}

export interface SkippedReport {
  readonly tag?: string;
  readonly reference: string;
  readonly reason: string;
}

export interface HoleReport {
  readonly state: "open" | "filled_by_search" | "lost";
  /** ISO 8601. */
  readonly from: string;
  readonly to: string;
  readonly after: string;
  readonly through: string;
  /** Rules that were in force when the stream was left; not known of what is lost. */
  readonly rules?: number;
  /** Rules that search was not asked for, and the first of them with the reason. */
  readonly skipped?: number;
  readonly skippedRules?: readonly SkippedReport[];
  /** Of open holes: each of its rules. */
  readonly byRule?: readonly HoleRule[];
  /** Why it is lost. */
  readonly reason?: string;
}

export interface StreamCoverage {
  /** Oldest first. */
  readonly holes: readonly HoleReport[];
  /** What holes that search has filled can lack, or have beyond what the stream would have sent. */
  readonly differences: readonly string[];
}

/** Oldest first. */
export function streamStretches({ owned, lost, stream }: Coverage): readonly Stretch[] {
  const bySearch = unite(...(stream?.bySearch ?? []));
  return [
    ...subtract(owned, bySearch).map((one) => stretch("owned", one)),
    ...intersect(owned, bySearch).map((one) => stretch("searched", one)),
    ...lost.map((one) => stretch("lost", one, STREAM_LOSS_WORDS[one.reason])),
    ...(stream?.holes ?? []).map((one) => stretch("hole", one)),
  ].sort(byTime);
}

export function streamReport({ lost, stream }: Coverage): StreamCoverage {
  const { holes = [], bySearch = [], texts = [] } = stream ?? {};
  const rulesOf = ({ set }: StreamHole) => stream?.sets.find(({ id }) => id === set)?.rules ?? [];
  const reports: readonly HoleReport[] = [
    ...lost.map((one) => ({ state: "lost" as const, ...placed(one), reason: STREAM_LOSS_WORDS[one.reason] })),
    ...bySearch.map((one) => ({
      ...{ state: "filled_by_search" as const, ...placed(one), rules: one.rules },
      ...skipsOf(one, texts),
    })),
    ...holes.map((one) => ({
      ...{ state: "open" as const, ...placed(one), rules: rulesOf(one).length, ...skipsOf(one, texts) },
      byRule: rulesOf(one).map((reference, at) => holeRule(one, { reference, at, texts })),
    })),
  ];
  return { holes: reports.toSorted(byTime), differences: SEARCH_DIFFERENCES };
}

function holeRule(
  { searched, skippedRules = [], downTo }: StreamHole,
  {
    reference,
    at,
    texts,
  }: { readonly reference: string; readonly at: number; readonly texts: readonly RuleText[] },
): HoleRule {
  const text = texts.find(({ rule }) => rule === reference);
  const rule = { reference, ...(text && { tag: text.tag, value: text.value }) };
  const skipped = skippedRules.find((one) => one.rule === reference);
  if (skipped !== undefined) return { ...rule, state: "skipped", note: SKIP_WORDS[skipped.why] };
  if (at < searched) return { ...rule, state: "searched" };
  const skip = unsearchable(text?.value);
  // The configuration may still have the text that the ledger has not.
  if (skip !== undefined && text !== undefined) return { ...rule, state: "will_be_skipped", note: skip.text };
  if (at > searched || downTo === undefined) return { ...rule, state: "waiting" };
  return { ...rule, state: "searching", note: `read down to ${iso(downTo)}` };
}

function skipsOf({ skipped, skippedRules = [] }: StreamHole | FilledBySearch, texts: readonly RuleText[]) {
  return { skipped, skippedRules: skippedRules.map((one) => skippedReport(one, texts)) };
}

function skippedReport({ rule, why }: SkippedRule, texts: readonly RuleText[]): SkippedReport {
  const tag = texts.find((text) => text.rule === rule)?.tag;
  return { ...(tag !== undefined && { tag }), reference: rule, reason: SKIP_WORDS[why] ?? why };
}

function placed({ after, through }: Interval) {
  return { from: iso(after), to: iso(through), after, through };
}

function iso(id: string): string {
  return new Date(timeOfId(id)).toISOString();
}

function byTime(a: { readonly from: string }, b: { readonly from: string }): number {
  return Date.parse(a.from) - Date.parse(b.from);
}

/** A hole can have a thousand rules: --json lists them all. */
const MAX_LISTED = 10;

export function describeHoles({ holes, differences }: StreamCoverage): readonly string[] {
  if (holes.length === 0) return ["  Holes: none"];
  const isFilled = holes.some(({ state }) => state === "filled_by_search");
  return [
    "  Holes, oldest first:",
    ...holes.flatMap(describeHole),
    ...(isFilled
      ? ["  Search finds other posts than the stream sends. What it filled can differ by:"]
      : ["  Search finds other posts than the stream sends. What it will fill can differ by:"]),
    ...differences.map((difference) => `    - ${difference}`),
  ];
}

const STATE_WORDS = { open: "open", filled_by_search: "filled by search", lost: "lost" } as const;

function describeHole(hole: HoleReport): readonly string[] {
  const { state, rules = 0, skipped = 0, skippedRules = [], byRule = [], reason } = hole;
  const head = `    ${describeInterval(hole)}  ${STATE_WORDS[state]}`;
  if (state === "lost") return [`${head}: ${reason}`];
  if (state === "filled_by_search") {
    const more = skipped - skippedRules.length;
    return [
      `${head} for ${rules - skipped} of ${plural(rules, "rule")}`,
      ...skippedRules.map(({ tag, reference, reason: why }) => `      skipped ${tag ?? reference}: ${why}`),
      ...(more > 0
        ? [`      skipped ${plural(more, "rule")} more, whose reasons are in the log (rule_skipped)`]
        : []),
    ];
  }
  const done = byRule.filter((one) => one.state === "searched" || one.state === "skipped").length;
  // What comes next is of interest, not what is done.
  const listed = byRule.slice(Math.max(0, Math.min(done, byRule.length - MAX_LISTED))).slice(0, MAX_LISTED);
  const rest = byRule.length - listed.length;
  return [
    `${head}: ${done} of ${plural(rules, "rule")} done`,
    ...listed.map(describeRule),
    ...(rest > 0 ? [`      and ${plural(rest, "rule")} more (--json lists them all)`] : []),
  ];
}

function describeRule({ tag, value, reference, state, note }: HoleRule): string {
  const name = tag === undefined ? `rule ${reference} (its text is not in the ledger)` : `${tag}: ${value}`;
  return `      ${state.replaceAll("_", " ").padEnd(15)} ${name}${note === undefined ? "" : `  (${note})`}`;
}
