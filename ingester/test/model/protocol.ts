/**
 * What a process does, step by step: join, claim, reserve, confirm, ask X, deliver, commit, leave. Each write of the ledger
 * is made by the product's own functions; a write is one transition, because the store compares versions. loop/buy.ts,
 * loop/claim.ts, loop/membership.ts and loop/gone-workers.ts are the product's side of this file.
 */
import { NEW_ACCOUNT, settled } from "../../src/ledger/account";
import { budgetAt } from "../../src/ledger/budget";
import { claimsOf, heldByOthers, withClaims } from "../../src/ledger/coverage";
import { isWithin } from "../../src/ledger/intervals";
import {
  coverageFor,
  type Ledger,
  withBeat,
  withCoverage,
  withoutTheWorkers,
  withWorker,
  workerOf,
} from "../../src/ledger/ledger";
import type { Terms } from "../../src/ledger/limits";
import { DEFAULT_PRICES } from "../../src/ledger/prices";
import { reserve } from "../../src/ledger/reserve";
import { RESERVED_FOR_MS, type Settlement } from "../../src/ledger/risks";
import type { Page, PostSource } from "../../src/loop/ports";
import { Schedule } from "../../src/loop/schedule";
import { type Task, targetOf } from "../../src/loop/task";
import { compareIds, type Id } from "../../src/posts/ids";
import { topOf } from "../helpers/fake-ports";
import type { Transition } from "./explore";
import {
  counted,
  NOT_STARTED,
  type Process,
  type Purchase,
  postId,
  rangeOf,
  type Scope,
  type State,
  withExcuses,
  withProcess,
} from "./state";

/** A change of the ledger by a worker that is listed, and what the worker is afterwards. */
type Write = (ledger: Ledger, process: Process) => { readonly ledger: Ledger; readonly next: Process };

export class Protocol {
  private readonly tasks: readonly (readonly Task[])[];
  private readonly posts: Readonly<Record<string, readonly Id[]>>;
  private readonly terms: Terms;

  constructor(readonly scope: Scope) {
    const source: PostSource = {
      readLimits: { minPosts: 1, maxPosts: scope.pageSize, perPost: { posts: 1 } },
      read: () => Promise.reject(new Error("the model answers for X")),
    };
    this.tasks = scope.processes.map((collected) =>
      collected.map(({ query, ...span }) => ({
        ...{ key: query, query, source },
        goal: { type: "range" as const, range: rangeOf(span), archive: false },
      })),
    );
    this.posts = Object.fromEntries(
      Object.entries(scope.posts).map(([query, numbers]) => [query, numbers.map(postId)]),
    );
    this.terms = {
      ...{ limits: { monthlyPosts: scope.limit }, prices: DEFAULT_PRICES, scope: "own", deduplicates: true },
    };
  }

  /** What the process can do next, when nothing fails. */
  stepsOf(state: State, n: number): readonly Transition<State>[] {
    const process = processOf(state, n);
    const name = nameOf(n);
    if (process.unanswered !== undefined)
      return [{ name: `${name} asks the store what became of its write`, next: this.asked(state, n) }];
    switch (process.stage) {
      case "off":
        return process.startsLeft === 0 ? [] : [{ name: `${name} joins`, next: this.joined(state, n) }];
      case "joined":
        return [{ name: `${name} claims`, next: this.write(state, n, this.claim(n)) }];
      case "waiting":
        return this.afterWaiting(state, n);
      case "reserving":
        return this.turns(n).map(([order, tasks]) => ({
          name: `${name} reserves${order}`,
          next: this.write(state, n, (ledger, own) => this.reserveNext(state.nowMs, tasks, { ledger, own })),
        }));
      case "reserved":
        return [{ name: `${name} makes sure that it is listed`, next: this.confirmed(state, n) }];
      case "asking":
        return [{ name: `${name} reads`, next: this.read(state, n) }];
      case "lost":
        return [{ name: `${name} books the lost answer`, next: this.settledAs(state, n, "unknown") }];
      case "refused":
        return [{ name: `${name} gives the reservation back`, next: this.settledAs(state, n, "nothing") }];
      case "delivering":
        return [{ name: `${name} delivers`, next: this.delivered(state, n) }];
      case "committing":
        return this.turns(n).map(([order, tasks]) => ({
          name: `${name} commits, and reserves${order}`,
          next: this.write(state, n, this.commit(state.nowMs, tasks)),
        }));
      case "leaving":
        return [{ name: `${name} leaves`, next: this.left(state, n) }];
    }
  }

  /** X answers, and bills. */
  answered(state: State, n: number): { readonly state: State; readonly ids: readonly Id[] } {
    const { purchase, isLate } = processOf(state, n);
    const ids = purchase === undefined ? [] : this.pageOf(purchase);
    const billedToday = [...new Set([...state.billedToday, ...ids])].sort(compareIds);
    const billed = { ...state, reads: counted(state.reads, ids), billedToday };
    return { state: isLate ? withExcuses(billed, ids) : billed, ids };
  }

  /** X charges for a page that is not committed: once it is gone, it is bought again. */
  pageInHand({ stage, page, unanswered }: Process): readonly Id[] {
    const isCommitted = unanswered !== undefined && stage === "committing";
    return isCommitted ? [] : (page ?? []);
  }

  private pageOf({ query, asked, maxPosts }: Purchase): readonly Id[] {
    return this.found(query, asked).slice(0, maxPosts);
  }

  private found(query: string, asked: Purchase["asked"]): readonly Id[] {
    return (this.posts[query] ?? []).filter((id) => isWithin(asked, id)).toReversed();
  }

  private joined(state: State, n: number): State {
    const { startsLeft } = processOf(state, n);
    const ledger = withWorker(atNow(state.ledger, state.nowMs), WORKER);
    const { fence } = ledger;
    const own: Process = {
      ...NOT_STARTED,
      startsLeft: startsLeft - 1,
      stage: "joined",
      fence,
      isProven: true,
    };
    return withProcess({ ...state, ledger, writer: n }, n, looked(own, ledger));
  }

  /** As LedgerAccess and Membership write: workers that are gone go, and nothing is written by one that is not listed. */
  private write(state: State, n: number, step: Write): State {
    const process = looked(processOf(state, n), state.ledger);
    const gone = process.seen.filter(({ isGone }) => isGone).map(({ fence }) => fence);
    const standing = withoutTheWorkers(atNow(state.ledger, state.nowMs), gone, state.nowMs);
    if (workerOf(standing, process.fence) === undefined) return withProcess(state, n, ended(process));
    const { ledger, next } = step(standing, process);
    if (ledger === state.ledger) return withProcess(state, n, next);
    const written = { ...this.dismissed(state, gone), ledger: withBeat(ledger, process.fence), writer: n };
    return withProcess(written, n, { ...next, isProven: true });
  }

  /** What others have in hand when they are dismissed will be bought again. */
  private dismissed(state: State, gone: readonly number[]): State {
    return state.processes.reduce((sum, other, m) => {
      if (!gone.includes(other.fence) || workerOf(state.ledger, other.fence) === undefined) return sum;
      const excused = withExcuses(sum, this.pageInHand(other));
      return other.stage === "asking" ? withProcess(excused, m, { ...other, isLate: true }) : excused;
    }, state);
  }

  /** As DynamoStore: a write that is still there is its own; and as Membership: one with its beat has been built upon. */
  private asked(state: State, n: number): State {
    const process = processOf(state, n);
    const { unanswered } = process;
    if (unanswered === undefined) return state;
    const isDone = state.writer === n || workerOf(state.ledger, process.fence)?.beat === unanswered.beat;
    return withProcess(
      state,
      n,
      isDone ? ifFresh(unanswered.after, state.nowMs) : { ...process, unanswered: undefined },
    );
  }

  private claim(n: number): Write {
    return (before, process) => {
      const tasks = this.tasks[n] ?? [];
      const ledger = tasks.reduce((sum, { key, query, goal }) => {
        const coverage = coverageFor(sum, key, query);
        return withCoverage(sum, withClaims(coverage, process.fence, targetOf(coverage, goal)));
      }, before);
      const isHeld = tasks.some(({ key, query, goal }) => {
        const coverage = coverageFor(ledger, key, query);
        return heldByOthers(coverage, process.fence, targetOf(coverage, goal).range).length > 0;
      });
      return { ledger, next: { ...looked(process, ledger), stage: isHeld ? "waiting" : "reserving" } };
    };
  }

  /** Until each holder is known to live, or to be gone. */
  private afterWaiting(state: State, n: number): readonly Transition<State>[] {
    const process = processOf(state, n);
    const { seen, fence } = process;
    const name = nameOf(n);
    if (seen.some(({ isGone }) => isGone))
      return [{ name: `${name} claims what a dead worker held`, next: this.write(state, n, this.claim(n)) }];
    const beatOf = (other: number) => workerOf(state.ledger, other)?.beat;
    if (!seen.every((other) => beatOf(other.fence) !== other.beat)) return [];
    const hasAll = (this.tasks[n] ?? []).every(
      ({ key, query }) => claimsOf(coverageFor(state.ledger, key, query), fence).length > 0,
    );
    const next = withProcess(state, n, { ...process, stage: hasAll ? "reserving" : "leaving" });
    return [{ name: `${name} ${hasAll ? "buys what is free" : "finds all of it held"}`, next }];
  }

  /** Any of its tasks can be next. */
  private turns(n: number): readonly (readonly [string, readonly Task[]])[] {
    const tasks = this.tasks[n] ?? [];
    if (tasks.length === 1) return [["", tasks]];
    return tasks.map((task) => [
      ` (${task.query} first)`,
      [task, ...tasks.filter((other) => other !== task)],
    ]);
  }

  private reserveNext(
    nowMs: number,
    tasks: readonly Task[],
    { ledger, own }: { readonly ledger: Ledger; readonly own: Process },
  ): { readonly ledger: Ledger; readonly next: Process } {
    const turn = new Schedule(tasks, own.fence, true).choose(ledger, nowMs);
    const leaving: Process = { ...own, stage: "leaving", purchase: undefined, page: undefined };
    if (turn === undefined) return { ledger, next: leaving };
    const id = `${own.fence}.${own.purchases}`;
    const { key } = turn.task;
    const wanted = { id, key, fence: own.fence, hole: turn.hole, read: turn.task.source.readLimits };
    const answer = reserve({ budget: ledger.budget, run: NEW_ACCOUNT }, wanted, { terms: this.terms, nowMs });
    if (!("accounts" in answer)) return { ledger, next: leaving };
    const { asked, maxPosts } = answer;
    const purchase = { id, query: key, hole: turn.hole, asked, maxPosts, reservedAtMs: nowMs };
    const next: Process = {
      ...own,
      stage: "reserved",
      purchases: own.purchases + 1,
      purchase,
      page: undefined,
    };
    return { ledger: { ...ledger, budget: answer.accounts.budget }, next };
  }

  private confirmed(state: State, n: number): State {
    const process = processOf(state, n);
    const asking: Process = { ...process, stage: "asking" };
    if (process.isProven) return withProcess(state, n, ifFresh(asking, state.nowMs));
    return this.write(state, n, (ledger) => ({ ledger: { ...ledger }, next: ifFresh(asking, state.nowMs) }));
  }

  private read(state: State, n: number): State {
    const { state: billed, ids } = this.answered(state, n);
    return withProcess(billed, n, { ...processOf(billed, n), stage: "delivering", page: ids, isLate: false });
  }

  private settledAs(state: State, n: number, type: "unknown" | "nothing"): State {
    const { nowMs } = state;
    return this.write(state, n, (ledger, own) => {
      const settlement: Settlement = type === "unknown" ? { type, atMs: nowMs } : { type };
      const budget = { ...ledger.budget, ...settled(ledger.budget, own.purchase?.id ?? "", settlement) };
      return { ledger: { ...ledger, budget }, next: { ...own, stage: "reserving", purchase: undefined } };
    });
  }

  private delivered(state: State, n: number): State {
    const process = processOf(state, n);
    const bucket = [...new Set([...state.bucket, ...(process.page ?? [])])].sort(compareIds);
    return withProcess({ ...state, bucket }, n, { ...process, stage: "committing" });
  }

  private commit(nowMs: number, tasks: readonly Task[]): Write {
    return (before, own) => {
      const { purchase, page: ids = [] } = own;
      if (purchase === undefined) return { ledger: before, next: own };
      const page = this.asPage(purchase, ids);
      const downTo = page.covers?.after ?? purchase.asked.after;
      const settlement: Settlement = { type: "billed", amounts: page.billed, ids, downTo };
      const budget = { ...before.budget, ...settled(before.budget, purchase.id, settlement) };
      const task = tasks.find(({ key }) => key === purchase.query);
      if (task === undefined) return { ledger: before, next: own };
      const read = { task, hole: purchase.hole, asked: purchase.asked, page };
      const ledger = new Schedule(tasks, own.fence, true).advanced({ ...before, budget }, read, nowMs);
      return this.reserveNext(nowMs, tasks, { ledger, own });
    };
  }

  private asPage({ query, asked }: Purchase, ids: readonly Id[]): Page {
    return topOf(asked, ids, ids.length === this.found(query, asked).length);
  }

  private left(state: State, n: number): State {
    const process = processOf(state, n);
    const ledger = withoutTheWorkers(atNow(state.ledger, state.nowMs), [process.fence], state.nowMs);
    return withProcess({ ...state, ledger, writer: n }, n, ended(process));
  }
}

const WORKER = {
  ...{ leaseSeconds: 30, command: "backfill", since: "2026-11-10T00:00:00Z" },
  process: { pid: 1, host: { name: "any" } },
};

export function processOf({ processes }: State, n: number): Process {
  const process = processes[n];
  if (process === undefined) throw new Error(`There is no process ${n}.`);
  return process;
}

/** A, B, ... */
export function nameOf(n: number): string {
  return String.fromCharCode(65 + n);
}

export function ended({ startsLeft }: Process): Process {
  return { ...NOT_STARTED, startsLeft };
}

/** X is not asked with a reservation that is old. */
function ifFresh(process: Process, nowMs: number): Process {
  const { stage, purchase } = process;
  const isOld = stage === "asking" && nowMs - (purchase?.reservedAtMs ?? nowMs) > RESERVED_FOR_MS;
  return isOld ? { ...process, stage: "refused" } : process;
}

export function atNow(ledger: Ledger, nowMs: number): Ledger {
  const budget = budgetAt(ledger.budget, nowMs);
  return budget === ledger.budget ? ledger : { ...ledger, budget };
}

/** What it sees of the others' beats when it looks at the ledger. */
export function looked(process: Process, ledger: Ledger): Process {
  const seen = ledger.workers
    .filter(({ fence }) => fence !== process.fence)
    .map(({ fence, beat }) => {
      const known = process.seen.find((other) => other.fence === fence);
      return known?.beat === beat ? known : { fence, beat, isGone: false };
    });
  return { ...process, seen };
}
