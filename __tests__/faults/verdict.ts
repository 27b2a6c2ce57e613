/** What a scenario must keep to, as pure arithmetic over what was measured. */

/** Posts that one request can return: recent search gives 100, the full archive 500. */
export const RECENT_PAGE = 100;
export const ARCHIVE_PAGE = 500;

/** What the simulator's ledger, the endpoint's statistics and the bucket say after a scenario. */
export interface Measures {
  /** Billed posts that no delivered object holds. */
  readonly lost: number;
  /** Posts that X still returns, neither delivered nor inside a recorded gap. */
  readonly unexplained: number;
  /** Lines that are no posts, or hold characters broken on the way. */
  readonly damagedLines: number;
  /** Returns of a post beyond its first. */
  readonly reRead: number;
  /** Lines of a post beyond its first. */
  readonly duplicates: number;
  /** Lines that the endpoint took without an answer to its client. */
  readonly unacknowledgedLines: number;
  /** Posts in answers that X billed and the client never had whole: they must be read again. */
  readonly unreceivedPosts: number;
  /** Processes that ended with a page in hand: killed, or at the end of their patience with Firehose. */
  readonly crashes: number;
  readonly pageSize: number;
  /** Absent: nothing was limited. */
  readonly budget?: Budget;
}

/** Where X's own bill stood against a limit when the limited part of a scenario had ended. */
export interface Budget {
  readonly unit: "posts" | "usd";
  readonly limit: number;
  readonly billed: number;
  /** What the limit may leave unused: less than the smallest page, and reservations of unknown outcome. */
  readonly unusedAllowed: number;
}

export interface Verdict {
  /** One line for people. */
  readonly line: string;
  /** Broken promises; none is the goal. */
  readonly violations: readonly string[];
}

/** A cent's thousandth: sums of dollars are not exact. */
const ROUNDING = 1e-6;

/** @param problems found by the scenario itself */
export function judge(name: string, measures: Measures, problems: readonly string[]): Verdict {
  return verdictOf(
    name,
    [
      `lost ${measures.lost}`,
      `re-read ${format(measures.reRead)} (<= ${format(reReadAllowed(measures))})`,
      `duplicates ${format(measures.duplicates)} (<= ${format(duplicatesAllowed(measures))})`,
      `budget ${budgetColumn(measures.budget)}`,
    ],
    [...problems, ...brokenPromises(measures)],
  );
}

/** One line for people: whether the promises hold, the scenario's name, its figures. */
export function verdictOf(name: string, figures: readonly string[], violations: readonly string[]): Verdict {
  const mark = violations.length === 0 ? "ok    " : "BROKEN";
  return { line: [`${mark}  ${name.padEnd(58)}`, ...figures].join("  "), violations };
}

function brokenPromises(measures: Measures): readonly string[] {
  const { lost, unexplained, damagedLines, reRead, duplicates, budget } = measures;
  const found = [
    lost > 0 && `${lost} billed posts are not in the bucket`,
    unexplained > 0 && `${unexplained} posts are neither delivered nor inside a recorded gap`,
    damagedLines > 0 && `${damagedLines} lines are damaged`,
    reRead > reReadAllowed(measures) && `${reRead} posts were read again`,
    duplicates > duplicatesAllowed(measures) && `${duplicates} lines are duplicates`,
    ...(budget === undefined ? [] : brokenBudget(budget)),
  ];
  return found.filter((violation) => violation !== false);
}

export function brokenBudget({ limit, billed, unusedAllowed }: Budget): readonly (string | false)[] {
  return [
    billed > limit + ROUNDING && `X would bill ${billed}, above the limit of ${limit}`,
    billed < limit - unusedAllowed - ROUNDING && `only ${billed} of ${limit} were used, for no reason`,
  ];
}

/** A crash costs one page; answers that were cut or came too late are read again beside that. */
function reReadAllowed({ crashes, pageSize, unreceivedPosts }: Measures): number {
  return crashes * pageSize + unreceivedPosts;
}

/** A page can be delivered and not yet saved when its process is killed; else only unknown outcomes repeat lines. */
function duplicatesAllowed({ crashes, pageSize, unacknowledgedLines }: Measures): number {
  return crashes * pageSize + unacknowledgedLines;
}

export function budgetColumn(budget: Budget | undefined): string {
  if (budget === undefined) return "-";
  const { unit, billed, limit } = budget;
  return unit === "posts"
    ? `${format(billed)}/${format(limit)}`
    : `$${billed.toFixed(2)}/$${limit.toFixed(2)}`;
}

export function format(count: number): string {
  return count.toLocaleString("en-US");
}
