/** Holes of the filtered stream: open, filled by search, lost. What the ledger keeps outlives this process. */
import type { Coverage } from "../../ledger/coverage";
import { FILL_DELAY_MS, heardThrough } from "../../ledger/stream";
import type { FilledBySearch, RuleText, SkipReason, StreamHole } from "../../ledger/stream-state";
import { timeOfId } from "../../posts/ids";
import { SKIP_WORDS } from "./words";

interface Times {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface HoleStatus extends Times {
  /** Rules that were in force when the stream was left. */
  readonly rules: number;
  /** Rules that search has read to the end, or skipped. */
  readonly searched: number;
  readonly skipped: number;
  /** The first of those. */
  readonly skippedRules: readonly SkippedRuleStatus[];
}

export interface SkippedRuleStatus {
  /** Its tag; its reference in the ledger where the ledger no longer has the tag. */
  readonly name: string;
  readonly why: SkipReason;
  /** In words. */
  readonly reason: string;
}

export interface OpenHoleStatus extends HoleStatus {
  /** Search begins then at the earliest: before, it does not find every post. */
  readonly searchableAtMs: number;
}

export interface LostHoleStatus extends Times {
  readonly reason: string;
}

export interface HolesStatus {
  /** Oldest first. Without the time since the stream was left, which becomes a hole with the next connection. */
  readonly open: readonly OpenHoleStatus[];
  /** Only the latest that the ledger keeps, oldest first. */
  readonly filled: readonly HoleStatus[];
  readonly lost: readonly LostHoleStatus[];
  /** When the stream was left; absent while it is connected, and where it has never been heard. */
  readonly leftAtMs?: number;
}

export function holesStatusOf(coverage: Coverage | undefined, isConnected: boolean): HolesStatus {
  const { stream, lost = [] } = coverage ?? {};
  const { holes = [], bySearch = [], sets = [], texts = [] } = stream ?? {};
  const leftAt = coverage === undefined ? "0" : heardThrough(coverage);
  const rulesOf = ({ set }: StreamHole) => sets.find(({ id }) => id === set)?.rules.length ?? 0;
  return {
    open: holes.map((hole) => ({
      ...holeStatusOf(hole, { rules: rulesOf(hole), searched: hole.searched, texts }),
      searchableAtMs: timeOfId(hole.through) + FILL_DELAY_MS,
    })),
    filled: bySearch.map((hole) => holeStatusOf(hole, { rules: hole.rules, searched: hole.rules, texts })),
    lost: lost.map((loss) => ({ ...timesOf(loss), reason: loss.reason })),
    ...(isConnected || leftAt === "0" ? {} : { leftAtMs: timeOfId(leftAt) }),
  };
}

function holeStatusOf(
  hole: StreamHole | FilledBySearch,
  {
    rules,
    searched,
    texts,
  }: { readonly rules: number; readonly searched: number; readonly texts: readonly RuleText[] },
): HoleStatus {
  const skippedRules = (hole.skippedRules ?? []).map(({ rule, why }) => ({
    ...{ name: texts.find((text) => text.rule === rule)?.tag ?? rule, why },
    reason: SKIP_WORDS[why] ?? why,
  }));
  return { ...timesOf(hole), rules, searched, skipped: hole.skipped, skippedRules };
}

function timesOf({ after, through }: { readonly after: string; readonly through: string }): Times {
  return { fromMs: timeOfId(after), toMs: timeOfId(through) };
}

/** Beginnings of what is missing and can still be filled, oldest first. */
export function openSince({ open, leftAtMs }: HolesStatus): readonly number[] {
  return [...open.map(({ fromMs }) => fromMs), ...(leftAtMs === undefined ? [] : [leftAtMs])];
}
