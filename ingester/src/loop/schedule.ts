/** Which hole of which query is next. Queries take turns, a page each, so that none waits for the backlog of another. */
import { riskOf } from "../ledger/account";
import { claimsOf } from "../ledger/coverage";
import { cutAfter, type Interval, type Intervals } from "../ledger/intervals";
import { coverageOf, type Ledger } from "../ledger/ledger";
import { MAX_ID } from "../posts/ids";
import type { Page } from "./ports";
import type { Task } from "./task";

/** One page to read. */
export interface Turn {
  readonly task: Task;
  readonly hole: Interval;
}

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

export class Schedule {
  private readonly progress = new Map<Task, Progress>();
  private next = 0;

  /** @param once the newest end of every range is read once, not polled again and again */
  constructor(
    private readonly tasks: readonly Task[],
    private readonly fence: number,
    private readonly once: boolean,
  ) {
    for (const task of tasks) {
      this.progress.set(task, { polledAtMs: undefined, justPolled: false, stalls: 0, notBeforeMs: 0 });
    }
  }

  /** The next turn; undefined while nothing is due. */
  choose(ledger: Ledger, nowMs: number): Turn | undefined {
    for (let offset = 0; offset < this.tasks.length; offset += 1) {
      const task = this.tasks[(this.next + offset) % this.tasks.length];
      if (task === undefined || this.isPostponed(task, nowMs)) continue;
      const hole = this.holeOf(task, ledger, nowMs);
      if (hole !== undefined) return { task, hole };
    }
    return undefined;
  }

  /** To be called when a page of the turn has been committed. */
  done({ task, hole }: Turn, page: Page, nowMs: number): void {
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
  isCaughtUp(task: Task, ledger: Ledger): boolean {
    const others = this.holesOf(task, ledger).filter((hole) => !this.isTop(task, hole));
    return others.length === 0 && this.progressOf(task).polledAtMs !== undefined;
  }

  /** When the task is asked again although its last page brought nothing new; undefined: its pages bring something. */
  postponedUntilMs(task: Task): number | undefined {
    const { stalls, notBeforeMs } = this.progressOf(task);
    return stalls === 0 ? undefined : notBeforeMs;
  }

  /** A task that is read no more, because its pages bring nothing new. */
  get givenUp(): Task | undefined {
    return this.once ? this.tasks.find((task) => this.progressOf(task).stalls >= MAX_STALLS) : undefined;
  }

  /** Milliseconds until the next turn; undefined when there will be none. */
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
   * Posts that may have been paid for already come first: asking for them again on the same day costs nothing. Then the
   * newest end of the range, when its poll is due; a task with older holes does not poll twice in a row. Then the other
   * holes, newest first.
   */
  private holeOf(task: Task, ledger: Ledger, nowMs: number): Interval | undefined {
    const holes = [...this.holesOf(task, ledger)].reverse();
    const atRisk = holes.find((hole) => riskOf(ledger.budget, task.key, hole, nowMs) !== undefined);
    if (atRisk !== undefined) return atRisk;
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

  private progressOf(task: Task): Progress {
    const progress = this.progress.get(task);
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
