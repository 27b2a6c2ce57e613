/**
 * What is remembered of a stream. It owns what it hears while it is connected; each disconnection leaves a hole, which
 * search fills rule by rule. A hole knows the rules that were in force when the stream was left. Pure; times in epoch
 * milliseconds of X's clock.
 */
import { compareIds, type Id, lastIdBefore, newerId } from "../posts/ids";
import { type Coverage, dropped, lostFrom } from "./coverage";
import { type Interval, isEmpty, isWithin, unite } from "./intervals";
import type { RuleSet, RuleText, SkippedRule, StreamHole, StreamState } from "./stream-state";

/**
 * docs.x.com: 99 of 100 posts are sent within 7 s after they were made. A post made so shortly before a disconnection may
 * not have been sent; one made before a connection may be sent on it.
 */
export const STREAM_EDGE_MS = 10_000;
/** Search has found every post by then: a hole is not searched earlier. */
export const FILL_DELAY_MS = 60_000;

/** Own bounds, so that the ledger stays small; together with 1,000 rules of 15 bytes in each set. */
export const MAX_HOLES = 50;
export const MAX_SETS = 8;
/** Rules of a connection that is about to be made, with those before it: two configurations of 1,000. */
export const MAX_RULES_BOTH = 2_000;
export const MAX_TEXT_BYTES = 64 * 1024;
export const MAX_BY_SEARCH = 50;
export const MAX_NAMED_SKIPS = 5;

/** What a hole is bordered by: nothing newer is known yet. */
export function heardThrough({ start, owned, lost, stream }: Coverage): Id {
  return [owned.at(-1), lost.at(-1), stream?.holes.at(-1)]
    .flatMap((piece) => piece?.through ?? [])
    .reduce(newerId, start ?? "0");
}

/**
 * The stream is connected at `atMs`: what lies between is a hole, left by the rules that were in force before. Around the
 * connection itself, posts of the rules from now on may have been sent and not been delivered, too.
 * @param set the rules in force from now on, with their texts
 */
export function connected(
  coverage: Coverage,
  { atMs, set, texts }: { readonly atMs: number; readonly set: RuleSet; readonly texts: readonly RuleText[] },
): Coverage {
  const { stream } = coverage;
  const before: StreamState = stream ?? { set: set.id, sets: [set], texts: [], holes: [], bySearch: [] };
  const both = unionOf(
    before.sets.find(({ id }) => id === before.set),
    set,
  );
  const end = lastIdBefore(atMs + STREAM_EDGE_MS);
  // Until then, only the rules before can have sent what this connection is not sent any more.
  const mixed = both.id === before.set ? end : lastIdBefore(atMs - STREAM_EDGE_MS);
  const first = heardThrough(coverage);
  const holes = [
    { after: first, through: mixed, set: before.set },
    { after: newerId(first, mixed), through: end, set: both.id },
  ].reduce((sum, left) => (isEmpty(left) ? sum : withHole(sum, left)), before.holes);
  const isKept = ({ id }: RuleSet) => id !== set.id && id !== both.id;
  const sets = [...before.sets.filter(isKept), ...(both.id === set.id ? [] : [both]), set];
  const news = texts.filter(({ rule }) => !before.texts.some((text) => text.rule === rule));
  const state = { ...before, set: set.id, sets, holes, texts: [...before.texts, ...news] };
  return bounded({ ...coverage, stream: state }, atMs);
}

/**
 * A connection is about to be made with these rules. X may send posts of theirs before it can be written that it is
 * connected, so that they are written down first, beside those that were in force. The same coverage when it knows them.
 */
export function connecting(coverage: Coverage, at: Parameters<typeof connected>[1]): Coverage {
  const { stream } = coverage;
  const known = stream?.sets.find(({ id }) => id === stream.set);
  const both = unionOf(known, at.set);
  if (both.id === known?.id) return coverage;
  return connected(coverage, { ...at, set: both.rules.length > MAX_RULES_BOTH ? at.set : both });
}

/** The rules of either set; the same set where it holds all of the other. */
function unionOf(before: RuleSet | undefined, set: RuleSet): RuleSet {
  if (before === undefined) return set;
  const added = set.rules.filter((rule) => !before.rules.includes(rule));
  if (added.length === 0) return before;
  if (added.length + before.rules.length === set.rules.length) return set;
  return { id: `${before.id}+${set.id}`, rules: [...before.rules, ...added] };
}

function withHole(
  holes: readonly StreamHole[],
  left: Interval & { readonly set: string },
): readonly StreamHole[] {
  const last = holes.at(-1);
  const isSame =
    last?.through === left.after && last.set === left.set && last.searched === 0 && last.downTo === undefined;
  return isSame
    ? [...holes.slice(0, -1), { ...last, through: left.through }]
    : [...holes, { ...left, searched: 0, skipped: 0 }];
}

/** Everything has been heard and delivered that was sent until `lastByteMs`. */
export function heard(coverage: Coverage, lastByteMs: number): Coverage {
  const piece = { after: heardThrough(coverage), through: lastIdBefore(lastByteMs - STREAM_EDGE_MS) };
  return isEmpty(piece) ? coverage : { ...coverage, owned: unite(...coverage.owned, piece) };
}

/** The hole that search is to fill next, and what is left to read of it for its next rule. */
export interface HoleToFill {
  readonly hole: StreamHole;
  /** Reference of the rule. */
  readonly rule: string;
  readonly left: Interval;
}

/** The oldest hole that search can find all posts of; X forgets it first. */
export function holeToFill({ stream }: Coverage, nowMs: number): HoleToFill | undefined {
  const reached = lastIdBefore(nowMs - FILL_DELAY_MS);
  const hole = stream?.holes.find(({ through }) => compareIds(through, reached) <= 0);
  const rule = stream?.sets.find(({ id }) => id === hole?.set)?.rules[hole?.searched ?? 0];
  if (hole === undefined || rule === undefined) return undefined;
  return { hole, rule, left: { after: hole.after, through: hole.downTo ?? hole.through } };
}

/** What has become of the search for the next rule of a hole. */
export type Searched =
  /** Delivered down to this id. */
  | { readonly type: "part"; readonly downTo: Id }
  /** X has nothing more of the rule. */
  | { readonly type: "all" }
  | { readonly type: "skipped"; readonly rule: SkippedRule }
  /** X can no longer return this part of the hole, for whatever rule. */
  | { readonly type: "lost"; readonly lost: Interval };

/**
 * A hole that has grown since its search was asked for becomes two: the answer says nothing about the new part.
 * @param asked what was left to read of the hole
 */
export function withGrowthApart(coverage: Coverage, asked: Interval): Coverage {
  const { stream } = coverage;
  const grown = stream?.holes.find(
    ({ after, through, downTo }) =>
      downTo === undefined &&
      isWithin({ after, through }, asked.through) &&
      compareIds(through, asked.through) > 0,
  );
  if (stream === undefined || grown === undefined) return coverage;
  const parts = [
    { ...grown, through: asked.through },
    { ...grown, after: asked.through },
  ];
  return {
    ...coverage,
    stream: { ...stream, holes: stream.holes.flatMap((hole) => (hole === grown ? parts : [hole])) },
  };
}

/** The coverage after a search; the same one when it does not know the hole. */
export function withSearched(
  coverage: Coverage,
  {
    hole: { after },
    searched,
    nowMs,
  }: { readonly hole: Interval; readonly searched: Searched; readonly nowMs: number },
): Coverage {
  const hole = coverage.stream?.holes.find((candidate) => candidate.after === after);
  if (hole === undefined) return coverage;
  const { downTo: _done, ...rest } = hole;
  switch (searched.type) {
    case "part":
      return replaced(coverage, hole, { ...hole, downTo: searched.downTo });
    case "lost":
      return lostUpTo(coverage, hole, { through: searched.lost.through, nowMs });
    case "all":
      return completed(coverage, hole, { ...rest, searched: hole.searched + 1 });
    case "skipped":
      return completed(coverage, hole, {
        ...{ ...rest, searched: hole.searched + 1, skipped: hole.skipped + 1 },
        skippedRules: [...(hole.skippedRules ?? []), searched.rule].slice(0, MAX_NAMED_SKIPS),
      });
  }
}

function completed(coverage: Coverage, hole: StreamHole, next: StreamHole): Coverage {
  const { stream } = coverage;
  const rules = stream?.sets.find(({ id }) => id === hole.set)?.rules.length ?? 0;
  if (stream === undefined || next.searched < rules) return replaced(coverage, hole, next);
  const { after, through, skipped, skippedRules } = next;
  const filling = { after, through, rules, skipped, ...(skippedRules && { skippedRules }) };
  const bySearch = [...stream.bySearch, filling].slice(-MAX_BY_SEARCH);
  const filled = replaced({ ...coverage, stream: { ...stream, bySearch } }, hole);
  return { ...filled, owned: unite(...filled.owned, { after, through }) };
}

/** Holes that X has forgotten are lost. The same coverage when there is none. */
export function withoutForgotten(
  coverage: Coverage,
  window: { readonly startMs: number; readonly nowMs: number },
): Coverage {
  const [oldest] = coverage.stream?.holes ?? [];
  const edge = lastIdBefore(window.startMs);
  if (oldest === undefined || compareIds(oldest.through, edge) > 0) return coverage;
  const next = lostUpTo(coverage, oldest, { through: oldest.through, nowMs: window.nowMs });
  return withoutForgotten(next, window);
}

function lostUpTo(
  coverage: Coverage,
  hole: StreamHole,
  { through, nowMs }: { readonly through: Id; readonly nowMs: number },
): Coverage {
  const rest = { ...hole, after: through };
  const lost = lostFrom(coverage, { after: hole.after, through }, nowMs);
  return isEmpty(rest) ? replaced(lost, hole) : replaced(lost, hole, rest);
}

/** The coverage with another hole in the place of one, or without it; sets and texts that no hole needs any more go. */
function replaced(coverage: Coverage, hole: StreamHole, next?: StreamHole): Coverage {
  const { stream } = coverage;
  if (stream === undefined) return coverage;
  const holes = stream.holes.flatMap((one) => (one === hole ? (next ?? []) : [one]));
  return { ...coverage, stream: withoutUnused({ ...stream, holes }) };
}

function withoutUnused(stream: StreamState): StreamState {
  const sets = stream.sets.filter(
    ({ id }) => id === stream.set || stream.holes.some(({ set }) => set === id),
  );
  const rules = new Set(sets.flatMap((set) => set.rules));
  return { ...stream, sets, texts: stream.texts.filter(({ rule }) => rules.has(rule)) };
}

/** Of the oldest holes only that they are lost is remembered, until the bounds hold. */
function bounded(coverage: Coverage, nowMs: number): Coverage {
  const { stream } = coverage;
  if (stream === undefined) return coverage;
  const current = withoutUnused(stream);
  const [oldest] = current.holes;
  const isOver = current.holes.length > MAX_HOLES || current.sets.length > MAX_SETS;
  if (!isOver || oldest === undefined) return { ...coverage, stream: withBoundedTexts(current) };
  const next = replaced({ ...coverage, stream: current }, oldest);
  return bounded(dropped(next, oldest, nowMs), nowMs);
}

/** Of a rule without its text, only the configuration can say what it was; else it is skipped, and that is reported. */
function withBoundedTexts(stream: StreamState): StreamState {
  let bytes = 0;
  const texts = stream.texts.filter(({ rule, value, tag }) => {
    bytes += Buffer.byteLength(rule + value + tag);
    return bytes <= MAX_TEXT_BYTES;
  });
  return { ...stream, texts };
}
