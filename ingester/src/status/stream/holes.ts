/** Holes of the filtered stream: open, filled by search, lost. What the ledger keeps outlives this process. */
import type { Coverage } from "../../ledger/coverage";
import { FILL_DELAY_MS, heardThrough } from "../../ledger/stream";
import type { FilledBySearch, SkippedRule, StreamHole } from "../../ledger/stream-state";
import { timeOfId } from "../../posts/ids";

interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface HoleStatus extends Stretch {
  /** Rules that were in force when the stream was left. */
  readonly rules: number;
  /** Rules that search has read to the end, or skipped. */
  readonly searched: number;
  readonly skipped: number;
  readonly skippedRules: readonly SkippedRule[];
}

export interface OpenHoleStatus extends HoleStatus {
  /** Search begins then at the earliest: before, it does not find every post. */
  readonly searchableAtMs: number;
}

export interface LostHoleStatus extends Stretch {
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
  const leftAt = coverage === undefined ? "0" : heardThrough(coverage);
  return {
    open: (stream?.holes ?? []).map((hole) => ({
      ...holeStatusOf(hole, stream?.sets.find(({ id }) => id === hole.set)?.rules.length ?? 0),
      searchableAtMs: timeOfId(hole.through) + FILL_DELAY_MS,
    })),
    filled: (stream?.bySearch ?? []).map((hole) =>
      holeStatusOf({ ...hole, searched: hole.rules }, hole.rules),
    ),
    lost: lost.map((loss) => ({ ...timesOf(loss), reason: loss.reason })),
    ...(isConnected || leftAt === "0" ? {} : { leftAtMs: timeOfId(leftAt) }),
  };
}

function holeStatusOf(
  hole: (StreamHole | FilledBySearch) & { readonly searched: number },
  rules: number,
): HoleStatus {
  const { searched, skipped, skippedRules = [] } = hole;
  return { ...timesOf(hole), rules, searched, skipped, skippedRules };
}

function timesOf({ after, through }: { readonly after: string; readonly through: string }): Stretch {
  return { fromMs: timeOfId(after), toMs: timeOfId(through) };
}

/** Beginnings of what is missing and can still be filled, oldest first. */
export function openSince({ open, leftAtMs }: HolesStatus): readonly number[] {
  return [...open.map(({ fromMs }) => fromMs), ...(leftAtMs === undefined ? [] : [leftAtMs])];
}
