/** What can go wrong, and the time that passes. Each fault can come at any step, as often as the scope allows. */
import { withBeat, workerOf } from "../../src/ledger/ledger";
import type { Transition } from "./explore";
import { ended, looked, nameOf, type Protocol, processOf } from "./protocol";
import { type Process, type State, withExcuses, withProcess } from "./state";

const NEARLY_MIDNIGHT_MS = Date.parse("2026-11-10T23:59:30Z");
const PAST_MIDNIGHT_MS = Date.parse("2026-11-11T00:00:15Z");

/** Everything that can happen: what processes do, what fails, and time. */
export function transitions(protocol: Protocol, state: State): readonly Transition<State>[] {
  const own = state.processes.map((_process, n) => protocol.stepsOf(state, n));
  const isOver =
    own.every((steps) => steps.length === 0) && state.processes.every(({ stage }) => stage === "off");
  if (isOver) return [];
  const failing =
    state.faultsLeft === 0 ? [] : own.flatMap((steps, n) => faultsOf(protocol, state, { n, steps }));
  const isStuck = own.every((steps) => steps.length === 0);
  const passing = isStuck ? [{ name: "a lease passes", next: lease(state, undefined) }] : leases(state);
  return [...own.flat(), ...failing, ...passing, ...midnight(state)].map(({ name, next }) => ({
    name,
    next: canonical(next),
  }));
}

function faultsOf(
  protocol: Protocol,
  before: State,
  { n, steps }: { readonly n: number; readonly steps: readonly Transition<State>[] },
): readonly Transition<State>[] {
  const state = { ...before, faultsLeft: before.faultsLeft - 1 };
  const process = processOf(state, n);
  if (process.stage === "off") return [];
  const name = nameOf(n);
  const killed = withProcess(withExcuses(state, protocol.pageInHand(process)), n, ended(process));
  return [
    { name: `${name} is killed`, next: killed },
    ...steps.filter(({ next }) => next.ledger !== before.ledger).map((step) => unanswered(state, n, step)),
    ...(process.unanswered === undefined ? ofStage(protocol, state, n) : []),
  ];
}

/** The store carries a write out, and its answer gets lost. */
function unanswered(state: State, n: number, { name, next }: Transition<State>): Transition<State> {
  const after = processOf(next, n);
  const left = { ...next, faultsLeft: state.faultsLeft };
  const beat = workerOf(next.ledger, after.fence)?.beat ?? -1;
  const process: Process = { ...processOf(state, n), unanswered: { after, beat } };
  return { name: `${name}; the store's answer gets lost`, next: withProcess(left, n, process) };
}

function ofStage(protocol: Protocol, state: State, n: number): readonly Transition<State>[] {
  const process = processOf(state, n);
  const name = nameOf(n);
  const to = (next: State, changed: Partial<Process>) =>
    withProcess(next, n, { ...processOf(next, n), ...changed });
  switch (process.stage) {
    case "asking": {
      const { state: billed, ids } = protocol.answered(state, n);
      const excused = process.isLate ? billed : withExcuses(billed, ids);
      return [
        {
          name: `X bills ${name}'s page, and the answer gets lost`,
          next: to(excused, { stage: "lost", isLate: false }),
        },
        { name: `X refuses ${name}'s request`, next: to(state, { stage: "refused", isLate: false }) },
      ];
    }
    case "delivering": {
      const excused = withExcuses(state, process.page ?? []);
      const some = (process.page ?? []).slice(0, 1);
      const bucket = [...new Set([...state.bucket, ...some])].sort();
      const next = to({ ...excused, bucket }, { stage: "leaving", page: undefined });
      return [{ name: `Firehose takes ${some.length} of ${name}'s posts, and fails`, next }];
    }
    default:
      return [];
  }
}

/**
 * A lease passes: who lives has beaten, and what has not beaten is gone. One process can have stood still meanwhile. Half
 * a minute is nothing to the budget, so the time stays.
 */
function leases(state: State): readonly Transition<State>[] {
  if (state.leasesLeft === 0) return [];
  const living = state.processes.map(({ fence }) => fence);
  const isWatched = state.processes.some(({ stage }) => stage === "waiting");
  const hasDead = state.ledger.workers.some(({ fence }) => !living.includes(fence));
  const passed = { name: "a lease passes", next: lease(state, undefined) };
  const asleep = state.processes.flatMap(({ fence }, n) => (fence === 0 ? [] : [n]));
  return [
    ...(isWatched || hasDead ? [passed] : []),
    ...(state.faultsLeft === 0 ? [] : asleep).map((n) => ({
      name: `a lease passes, in which ${nameOf(n)} stands still`,
      next: { ...lease(state, n), faultsLeft: state.faultsLeft - 1 },
    })),
  ];
}

function lease(state: State, asleep: number | undefined): State {
  const { ledger } = state;
  const later = { ...state, leasesLeft: Math.max(0, state.leasesLeft - 1) };
  const processes = later.processes.map((process, n): Process => {
    if (process.stage === "off" || process.fence === 0) return process;
    // A write that is repeated holds up the beats.
    if (n === asleep || process.unanswered !== undefined) return unproven(process);
    const known = looked(process, ledger);
    const wasSeen = ({ fence, beat }: Process["seen"][number]) =>
      process.seen.some((other) => other.fence === fence && other.beat === beat);
    const isListed = workerOf(ledger, process.fence) !== undefined;
    return {
      ...known,
      seen: known.seen.map((other) => (wasSeen(other) ? { ...other, isGone: true } : other)),
      isProven: isListed,
    };
  });
  const beating = processes.filter(({ isProven, stage }) => isProven && stage !== "off");
  return {
    ...later,
    processes,
    ledger: beating.reduce((sum, { fence }) => withBeat(sum, fence), ledger),
    writer: beating.length > 0 ? -1 : state.writer,
  };
}

function unproven({ unanswered, ...process }: Process): Process {
  if (unanswered === undefined) return { ...process, isProven: false, unanswered };
  const after = { ...unanswered.after, isProven: false };
  return { ...process, isProven: false, unanswered: { ...unanswered, after } };
}

/**
 * First to just before midnight, then past it. A request is under way for less than STRADDLE_MS: it can be sent before
 * midnight and billed after, but none is under way through the five minutes before.
 */
function midnight(state: State): readonly Transition<State>[] {
  if (state.midnightsLeft === 0) return [];
  const isNearly = state.nowMs === NEARLY_MIDNIGHT_MS;
  const isUnderWay = state.processes.some(({ stage }) => stage === "asking");
  if (!isNearly) {
    return isUnderWay ? [] : [{ name: "midnight is near", next: { ...state, nowMs: NEARLY_MIDNIGHT_MS } }];
  }
  const billedBefore = state.billedBefore + state.billedToday.length;
  const times = { nowMs: PAST_MIDNIGHT_MS, midnightsLeft: state.midnightsLeft - 1 };
  return [{ name: "midnight passes", next: { ...state, ...times, billedBefore, billedToday: [] } }];
}

/** Two states that no process can tell apart are one: beats only tell whether they have moved. */
function canonical(state: State): State {
  const beats = new Map(state.ledger.workers.map(({ fence, beat }) => [fence, beat]));
  const rebased = (fence: number, beat: number) => (beats.get(fence) === beat ? 0 : -1);
  const processes = state.processes.map((process): Process => {
    const seen = process.seen.map((other) => ({ ...other, beat: rebased(other.fence, other.beat) }));
    return { ...process, seen, unanswered: rebasedAnswer(process, rebased) };
  });
  const waits = processes.some(({ unanswered }) => unanswered !== undefined);
  const workers = state.ledger.workers.map((worker) => ({ ...worker, beat: 0 }));
  return { ...state, ledger: { ...state.ledger, workers }, writer: waits ? state.writer : -1, processes };
}

function rebasedAnswer(
  { unanswered }: Process,
  rebased: (fence: number, beat: number) => number,
): Process["unanswered"] {
  if (unanswered === undefined) return undefined;
  const { after, beat } = unanswered;
  const seen = after.seen.map((other) => ({ ...other, beat: rebased(other.fence, other.beat) }));
  return { after: { ...after, seen }, beat: rebased(after.fence, beat) };
}
