/** What a stream must keep to, as pure arithmetic over what was measured. */

import type { Verdict } from "../verdict";
import { type Budget, brokenBudget, budgetColumn, format, verdictOf } from "../verdict";

/** X allows so many connects in 15 minutes. */
const MAX_CONNECTS = 50;

export interface StreamMeasures {
  /** Billed posts that no delivered object holds, and no hole that is still reported. */
  readonly lost: number;
  /** Posts that matched a rule, neither delivered nor inside a reported hole. */
  readonly unexplained: number;
  /** Lines that are no posts, or hold characters broken on the way. */
  readonly damagedLines: number;
  /** Returns of a post beyond its first, by stream and search together. */
  readonly reRead: number;
  /** Of them those outside every hole that the ledger knows. */
  readonly reReadOutside: number;
  /** Holes that reach further than the disconnections which X has seen, and their edges. */
  readonly wideHoles: number;
  /** Holes that were filled, and those that are still to be. */
  readonly filledHoles: number;
  readonly openHoles: number;
  /** Lines of a post beyond its first. */
  readonly duplicates: number;
  /** Of them those outside every hole. */
  readonly duplicatesOutside: number;
  /** Lines that the endpoint took without its client being told. */
  readonly unacknowledgedLines: number;
  /** Processes that were started. */
  readonly starts: number;
  /** Most connects in 15 minutes, refused ones included. */
  readonly connects: number;
  /** Absent: nothing was limited. */
  readonly budget?: Budget;
}

/** @param problems found by the scenario itself */
export function judgeStream(name: string, measures: StreamMeasures, problems: readonly string[]): Verdict {
  const { lost, reRead, reReadOutside, filledHoles, openHoles, duplicates, budget } = measures;
  return verdictOf(
    name,
    [
      `lost ${lost}`,
      `re-read ${format(reRead)} (outside holes ${format(reReadOutside)})`,
      `holes ${filledHoles}${openHoles > 0 ? ` + ${openHoles} open` : ""}`,
      `duplicates ${format(duplicates)} (<= ${duplicatesAllowed(measures)})`,
      `budget ${budgetColumn(budget)}`,
    ],
    [...problems, ...brokenPromises(measures)],
  );
}

function brokenPromises(measures: StreamMeasures): readonly string[] {
  const { lost, unexplained, damagedLines, reReadOutside, wideHoles, openHoles } = measures;
  const { duplicates, duplicatesOutside, unacknowledgedLines, connects, budget } = measures;
  const found = [
    lost > 0 && `${lost} billed posts are not in the bucket`,
    unexplained > 0 && `${unexplained} posts are neither delivered nor inside a reported hole`,
    damagedLines > 0 && `${damagedLines} lines are damaged`,
    reReadOutside > 0 && `${reReadOutside} posts outside holes were bought again`,
    wideHoles > 0 && `${wideHoles} holes reach beyond the disconnection and its edges`,
    openHoles > 0 && `${openHoles} holes were not filled`,
    duplicates > duplicatesAllowed(measures) && `${duplicates} lines are duplicates`,
    duplicatesOutside > unacknowledgedLines && `${duplicatesOutside} duplicates lie outside holes`,
    connects > MAX_CONNECTS && `${connects} connects were tried in 15 minutes`,
    ...(budget === undefined ? [] : brokenBudget(budget)),
  ];
  return found.filter((violation) => violation !== false);
}

/** A process does not know what the one before it has delivered: the edges of its hole, and what was not written down. */
function duplicatesAllowed({ starts, reRead, unacknowledgedLines }: StreamMeasures): number {
  return unacknowledgedLines + (starts > 1 ? reRead : 0);
}
