/** What a person should do now, the most urgent first. An empty list is the answer "nothing". */
import { plural } from "../runtime/words";
import type { BudgetStatus } from "./budget-status";
import type { Counters } from "./counters";
import type { TimedPhase } from "./phase";
import { PATIENCE_MS, utcTime } from "./phase-words";
import type { QueryStatus } from "./query-status";
import { DAY_MS, HOUR_MS } from "./spend-rate";
import { actionsOfStream } from "./stream/actions";
import type { FilteredStreamStatus } from "./stream/filtered-stream";
import {
  type Action,
  FAILED,
  type Meaning,
  meaningOfDelivery,
  meaningOfWait,
  STARTING,
  STORE_FAILING,
} from "./trouble";

export interface Situation extends TimedPhase {
  readonly nowMs: number;
  readonly budget: BudgetStatus | undefined;
  readonly queries: readonly QueryStatus[];
  readonly counts: Counters;
  /** In stream mode. */
  readonly filteredStream?: FilteredStreamStatus | undefined;
}

/** As far as recent search reaches. A loss that was recorded longer ago is no news any more. */
const WEEK_MS = 7 * DAY_MS;
/** As the alarm budget-80. */
const MUCH_PERCENT = 80;

export function actionsOf(situation: Situation): readonly Action[] {
  return [
    ...actionsOfPhase(situation),
    ...actionsOfListening(situation),
    ...actionsOfBudget(situation),
    ...actionsOfLosses(situation),
    ...actionsOfDeadLetters(situation),
  ];
}

function actionsOfListening({ filteredStream, nowMs }: Situation): readonly Action[] {
  if (filteredStream === undefined) return [];
  return actionsOfStream(filteredStream, nowMs);
}

function actionsOfPhase({ phase, sinceMs, nowMs }: Situation): readonly Action[] {
  const isLong = nowMs - sinceMs >= PATIENCE_MS;
  switch (phase.kind) {
    case "starting":
      return isLong ? [actionOf(STARTING)] : [];
    case "failed":
      return [actionOf(FAILED)];
    case "waiting_for_x": {
      const meaning = meaningOfWait(phase.reason);
      return phase.needsPerson || meaning.isLasting ? [actionOf(meaning)] : [];
    }
    case "delivery_failing": {
      const meaning = meaningOfDelivery(phase);
      return isLong || meaning.isLasting ? [actionOf(meaning)] : [];
    }
    case "store_failing":
      return isLong ? [actionOf(STORE_FAILING)] : [];
    case "paused_at_limit":
      return [actionAtLimit(phase.limit, phase.renewsAtMs, nowMs)];
    default:
      return [];
  }
}

function actionAtLimit(limit: string, renewsAtMs: number | undefined, nowMs: number): Action {
  const now = `To buy more now, raise ${limit} and start the ingester again.`;
  if (renewsAtMs === undefined) return { text: now };
  const late =
    renewsAtMs - nowMs > WEEK_MS
      ? " Without that, posts become older than the 7 days that recent search reaches, and are recorded as lost."
      : "";
  return { text: `${now}${late}`, runbook: "budget-100" };
}

/** At a limit, the phase says it already. */
function actionsOfBudget({ phase, budget }: Situation): readonly Action[] {
  if (budget === undefined || phase.kind === "paused_at_limit") return [];
  const { limits, rate, cycleEndMs, usedPercent = 0 } = budget;
  const short = limits.find(({ left, runsOutAtMs = cycleEndMs }) => left > 0 && runsOutAtMs < cycleEndMs);
  if (short?.runsOutAtMs !== undefined && rate !== undefined) {
    const hours = Math.round(rate.overMs / HOUR_MS);
    const when = `${utcTime(short.runsOutAtMs).slice(0, 16)} UTC`;
    const text = `At the rate of the last ${hours} h, ${short.limit} is reached on ${when}, before the next billing cycle starts on ${utcTime(cycleEndMs)}. Narrow the query or raise the limit.`;
    return [{ text, runbook: "budget-80" }];
  }
  if (usedPercent < MUCH_PERCENT) return [];
  if (usedPercent >= 100) {
    const text = `A monthly limit is used up: nothing more is bought until ${utcTime(cycleEndMs)}, unless it is raised.`;
    return [{ text, runbook: "budget-100" }];
  }
  const text = `${Math.floor(usedPercent)} % of the tightest monthly limit is used. Check that the rest lasts until ${utcTime(cycleEndMs)}.`;
  return [{ text, runbook: "budget-80" }];
}

function actionsOfLosses({ queries, nowMs, filteredStream }: Situation): readonly Action[] {
  return queries.flatMap(({ name, losses }) => {
    const isFresh = ({ recordedAt }: { readonly recordedAt: string }) =>
      nowMs - Date.parse(recordedAt) < WEEK_MS;
    const fresh = losses.filter((loss) => loss.reason === "search_window" && isFresh(loss)).length;
    if (fresh === 0) return [];
    const ranges = plural(fresh, "range");
    const were = fresh === 1 ? "was" : "were";
    const whose = queries.length > 1 ? ` of ${name}` : "";
    const remedy =
      filteredStream === undefined
        ? "If you need them, buy them with ingester backfill --full-archive."
        : "Recent search can no longer fill them.";
    const text = `${ranges} of posts${whose} ${were} recorded as lost in the last 7 days. ${remedy}`;
    return [{ text }];
  });
}

function actionsOfDeadLetters({ counts: { deadLetters } }: Situation): readonly Action[] {
  if (deadLetters === 0) return [];
  const [were, them] = deadLetters === 1 ? ["was", "it"] : ["were", "them"];
  const text = `${plural(deadLetters, "post")} ${were} delivered incomplete since the start. The log names ${them}.`;
  return [{ text, runbook: "dead-letters" }];
}

function actionOf({ text, runbook }: Meaning): Action {
  return runbook === undefined ? { text } : { text, runbook };
}
