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

interface Polled {
  /** When the newest end of the range was last read; undefined: not since the start of this process. */
  atMs: number | undefined;
  /** The last turn of this task was such a poll. */
  justNow: boolean;
}

export class Schedule {
  private readonly polled = new Map<Task, Polled>();
  private next = 0;

  /** @param once the newest end of every range is read once, not polled again and again */
  constructor(
    private readonly tasks: readonly Task[],
    private readonly fence: number,
    private readonly once: boolean,
  ) {
    for (const task of tasks) this.polled.set(task, { atMs: undefined, justNow: false });
  }

  /** The next turn; undefined while nothing is due. */
  choose(ledger: Ledger, nowMs: number): Turn | undefined {
    for (let offset = 0; offset < this.tasks.length; offset += 1) {
      const task = this.tasks[(this.next + offset) % this.tasks.length];
      const hole = task && this.holeOf(task, ledger, nowMs);
      if (task !== undefined && hole !== undefined) return { task, hole };
    }
    return undefined;
  }

  /** To be called when a page of the turn has been committed. */
  done({ task, hole }: Turn, page: Page, nowMs: number): void {
    const polled = this.polledOf(task);
    const isPoll = this.isTop(task, hole);
    // An answer without posts that names a further page has not got anywhere yet.
    if (isPoll && (page.filled || page.covers !== undefined)) polled.atMs = nowMs;
    polled.justNow = isPoll;
    this.next = (this.tasks.indexOf(task) + 1) % this.tasks.length;
  }

  /** The newest end has been read, and there is no other hole. */
  isCaughtUp(task: Task, ledger: Ledger): boolean {
    const others = this.holesOf(task, ledger).filter((hole) => !this.isTop(task, hole));
    return others.length === 0 && this.polledOf(task).atMs !== undefined;
  }

  /** Milliseconds until the next poll; undefined when there will be none. */
  waitMs(nowMs: number): number | undefined {
    if (this.once) return undefined;
    const waits = this.tasks.flatMap((task) => {
      if (task.goal.type === "range") return [];
      return [Math.max(0, (this.polledOf(task).atMs ?? nowMs) + task.goal.pollMs - nowMs)];
    });
    return waits.length === 0 ? undefined : Math.min(...waits);
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
    const { justNow } = this.polledOf(task);
    const polls = top !== undefined && this.isPollDue(task, nowMs) && !(justNow && others.length > 0);
    return polls ? top : others[0];
  }

  private isPollDue(task: Task, nowMs: number): boolean {
    const { atMs } = this.polledOf(task);
    if (atMs === undefined) return true;
    return !this.once && task.goal.type === "ongoing" && nowMs >= atMs + task.goal.pollMs;
  }

  private isTop({ goal }: Task, hole: Interval): boolean {
    return hole.through === (goal.type === "range" ? goal.range.through : MAX_ID);
  }

  private polledOf(task: Task): Polled {
    const polled = this.polled.get(task);
    if (polled === undefined) throw new Error(`The schedule does not know the task ${task.key}.`);
    return polled;
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
