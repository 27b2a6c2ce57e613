import type { Status } from "../status";
import type { FilteredStreamStatus } from "../stream/filtered-stream";

/** The figures of a summary line, and of the line at the end of a run. */
export function progressFields({ counts, lagSeconds, queries, budget, filteredStream }: Status): object {
  const completeMs = queries.flatMap(({ completeUpToMs }) => completeUpToMs ?? []);
  return {
    posts_read: counts.postsRead,
    posts_delivered: counts.postsDelivered,
    dead_letters: counts.deadLetters,
    ...(counts.replacedCharacters > 0 ? { replaced_characters: counts.replacedCharacters } : {}),
    partial_errors: counts.partialErrors,
    holes_open: queries.reduce((sum, { holesOpen }) => sum + holesOpen, 0),
    ...(filteredStream === undefined ? {} : streamFields(filteredStream)),
    lag_seconds: lagSeconds === undefined ? undefined : Math.round(lagSeconds),
    complete_up_to: completeMs.length === 0 ? undefined : new Date(Math.min(...completeMs)).toISOString(),
    spent_usd: budget?.spent.usd,
    at_risk_usd: budget?.atRisk.usd,
    budget_used_percent:
      budget?.usedPercent === undefined ? undefined : Math.round(budget.usedPercent * 10) / 10,
    ...(queries.length > 1 ? { queries: queries.map(queryFields) } : {}),
  };
}

function streamFields({ connected, disconnections, holes }: FilteredStreamStatus): object {
  return { connected, disconnections, holes_filled: holes.filled.length };
}

function queryFields({ name, counts, lagSeconds, holesOpen }: Status["queries"][number]): object {
  return {
    name,
    posts_read: counts.postsRead,
    posts_delivered: counts.postsDelivered,
    holes_open: holesOpen,
    lag_seconds: lagSeconds === undefined ? undefined : Math.round(lagSeconds),
  };
}
