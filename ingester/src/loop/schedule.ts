/** Which hole of which query is next. Queries take turns, a page each, so that none waits for the backlog of another. */

import {
  advanced,
  type Coverage,
  type Progress as Covered,
  claimsOf,
  searchablePart,
  withClaims,
} from "../ledger/coverage";
import { cutAfter, type Interval, type Intervals, isWithin } from "../ledger/intervals";
import { coverageFor, coverageOf, type Ledger, withCoverage } from "../ledger/ledger";
import { isSettled, riskOf } from "../ledger/risks";
import { type Id, isMoment, MAX_ID, nextId } from "../posts/ids";
import { linesOf } from "../posts/page-lines";
import type { Post, PostLine } from "../posts/post";
import type { Plan, ReadPage, Turn } from "./plan";
import type { Page } from "./ports";
import { type Task, targetOf } from "./task";

interface Progress {
  /** When the newest end of the range was last read; undefined: not since the start of this process. */
  polledAtMs: number | undefined;
  /** The last turn of this task was such a poll. */
  justPolled: boolean;
  /** Pages in a row after which asking again at once would have brought the same. */
  stalls: number;
  notBeforeMs: number;
}

/** Waits after pages that brought nothing new: each may cost money. */
const STALL_BACKOFF = { firstMs: 10_000, capMs: 3_600_000 } as const;
/** After so many of them, a run that ends by itself reads no more of the query. */
const MAX_STALLS = 3;

export class Schedule implements Plan {
  /** By key of the coverage. */
  private readonly progress = new Map<string, Progress>();
  private next = 0;

  /** @param once the newest end of every range is read once, not polled again and again */
  constructor(
    private readonly tasks: readonly Task[],
    private readonly fence: number,
    private readonly once: boolean,
  ) {
    for (const task of tasks) {
      this.progress.set(task.key, { polledAtMs: undefined, justPolled: false, stalls: 0, notBeforeMs: 0 });
    }
  }

  choose(ledger: Ledger, nowMs: number): Turn | undefined {
    for (let offset = 0; offset < this.tasks.length; offset += 1) {
      const task = this.tasks[(this.next + offset) % this.tasks.length];
      if (task === undefined || this.isPostponed(task, nowMs)) continue;
      const hole = this.holeOf(task, ledger, nowMs);
      if (hole !== undefined) return { task, hole };
    }
    return undefined;
  }

  linesOf({ task, asked, page }: ReadPage, ledger: Ledger): readonly PostLine[] {
    const owned = coverageOf(ledger, task.key)?.owned ?? [];
    return linesOf(page, ({ id }: Post) => isWithin(asked, id) || !isBoundOf(owned, id));
  }

  advanced(ledger: Ledger, { task, asked, page }: ReadPage, nowMs: number): Ledger {
    const known = coverageFor(ledger, task.key, task.query);
    const coverage = advanced(known, coveredBy(known, { asked, page, nowMs }), nowMs);
    return withCoverage(ledger, withClaims(coverage, this.fence, targetOf(coverage, this.taskOf(task).goal)));
  }

  done({ task: { key }, hole, page }: ReadPage, nowMs: number): void {
    const task = this.taskOf({ key });
    const progress = this.progressOf(task);
    const isPoll = this.isTop(task, hole);
    // An answer without posts that names a further page has not got anywhere yet.
    if (isPoll && (page.filled || page.covers !== undefined)) progress.polledAtMs = nowMs;
    progress.justPolled = isPoll;
    const isStalled = page.stalled !== undefined && !(page.filled && this.once);
    progress.stalls = isStalled ? progress.stalls + 1 : 0;
    progress.notBeforeMs = isStalled ? nowMs + stallMs(progress.stalls) : 0;
    this.next = (this.tasks.indexOf(task) + 1) % this.tasks.length;
  }

  /** The newest end has been read, and there is no other hole. */
  isCaughtUp({ task: { key } }: Turn, ledger: Ledger): boolean {
    const task = this.taskOf({ key });
    const others = this.holesOf(task, ledger).filter((hole) => !this.isTop(task, hole));
    return others.length === 0 && this.progressOf(task).polledAtMs !== undefined;
  }

  postponedUntilMs({ task }: Turn): number | undefined {
    const { stalls, notBeforeMs } = this.progressOf(task);
    return stalls === 0 ? undefined : notBeforeMs;
  }

  get givenUp(): Task | undefined {
    return this.once ? this.tasks.find((task) => this.progressOf(task).stalls >= MAX_STALLS) : undefined;
  }

  waitMs(nowMs: number): number | undefined {
    const times = this.tasks.flatMap((task) => this.nextTime(task, nowMs) ?? []);
    return times.length === 0 ? undefined : Math.max(0, Math.min(...times) - nowMs);
  }

  private nextTime(task: Task, nowMs: number): number | undefined {
    const { stalls, notBeforeMs, polledAtMs } = this.progressOf(task);
    if (stalls > 0) return this.once && stalls >= MAX_STALLS ? undefined : notBeforeMs;
    if (this.once || task.goal.type === "range") return undefined;
    return (polledAtMs ?? nowMs) + task.goal.pollMs;
  }

  private isPostponed(task: Task, nowMs: number): boolean {
    const { stalls, notBeforeMs } = this.progressOf(task);
    return nowMs < notBeforeMs || (this.once && stalls >= MAX_STALLS);
  }

  /**
   * Posts that may have been paid for already come first, and of these the ones that the same request brings again: on the
   * same day that costs nothing, however often it gets lost. Then the newest end of the range, when its poll is due; a task with older holes does not poll twice in a row. Then the other
   * holes, newest first.
   */
  private holeOf(task: Task, ledger: Ledger, nowMs: number): Interval | undefined {
    const holes = [...this.holesOf(task, ledger)].reverse();
    const atRisk = holes.flatMap((hole) => {
      const risk = riskOf(ledger.budget, { key: task.key, interval: hole }, nowMs);
      return risk === undefined ? [] : [{ hole, risk }];
    });
    const repeated = atRisk.find(({ risk }) => isSettled(risk)) ?? atRisk[0];
    if (repeated !== undefined) return repeated.hole;
    const others = holes.filter((hole) => !this.isTop(task, hole));
    const top = holes.find((hole) => this.isTop(task, hole));
    const { justPolled } = this.progressOf(task);
    const polls = top !== undefined && this.isPollDue(task, nowMs) && !(justPolled && others.length > 0);
    return polls ? top : others[0];
  }

  private isPollDue(task: Task, nowMs: number): boolean {
    const { polledAtMs } = this.progressOf(task);
    if (polledAtMs === undefined) return true;
    return !this.once && task.goal.type === "ongoing" && nowMs >= polledAtMs + task.goal.pollMs;
  }

  private isTop({ goal }: Task, hole: Interval): boolean {
    return hole.through === (goal.type === "range" ? goal.range.through : MAX_ID);
  }

  private taskOf({ key }: Pick<Task, "key">): Task {
    const task = this.tasks.find((candidate) => candidate.key === key);
    if (task === undefined) throw new Error(`The schedule does not know the task ${key}.`);
    return task;
  }

  private progressOf(task: Pick<Task, "key">): Progress {
    const progress = this.progress.get(task.key);
    if (progress === undefined) throw new Error(`The schedule does not know the task ${task.key}.`);
    return progress;
  }

  /** What this worker has claimed, cut where something is at risk: only the same request replaces that. */
  private holesOf({ key }: Task, ledger: Ledger): Intervals {
    const coverage = coverageOf(ledger, key);
    if (coverage === undefined) return [];
    const risky = ledger.budget.risks.flatMap((risk) =>
      risk.key === key && risk.interval ? [risk.interval.through] : [],
    );
    return cutAfter(claimsOf(coverage, this.fence), risky);
  }
}

function stallMs(stalls: number): number {
  return Math.min(STALL_BACKOFF.firstMs * 2 ** (stalls - 1), STALL_BACKOFF.capMs);
}

/** The newest part of the range of a task is owned only as far as X is sure to find what was posted. */
function coveredBy(
  { owned }: Coverage,
  { asked, page, nowMs }: { readonly asked: Interval; readonly page: Page; readonly nowMs: number },
): Covered {
  const { covers, lost, posts } = page;
  // Search had found the post above it before this was asked for. At a moment, another worker may have gone on since.
  const isBelowPost = !isMoment(asked.through) && owned.some(({ after }) => after === asked.through);
  if (covers === undefined || isBelowPost) return { covers, lost };
  return {
    covers: searchablePart(
      covers,
      posts.map(({ id }) => id),
      nowMs,
    ),
    lost,
  };
}

/**
 * Bounds of what is owned are ids of posts that were delivered; X may return them again. Of other posts outside the
 * hole it is not known whether they are new, unless the source has seen them: they are delivered, perhaps twice.
 */
function isBoundOf(owned: Intervals, id: Id): boolean {
  return owned.some(({ after, through }) => id === through || id === nextId(after));
}
