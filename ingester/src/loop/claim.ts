/** Claiming the holes of a command's tasks, so that no two processes buy the same posts. */
import { heldByOthers, withClaims } from "../ledger/coverage";
import { bytesOf, FITTED_BYTES, fitted } from "../ledger/fitted";
import type { Intervals } from "../ledger/intervals";
import { coverageFor, type Ledger, MAX_QUERIES, type Worker, withCoverage } from "../ledger/ledger";
import { MAX_ID } from "../posts/ids";
import { count } from "../runtime/words";
import { ConfigError, HeldError } from "./errors";
import type { Membership } from "./membership";
import { begun, type Task, targetOf } from "./task";

/** How many queries a message about the ledger's size names. */
const SHOWN_PARTS = 5;

/** What is claimed for a task, whatever reads it. */
export type Claimable = Omit<Task, "source">;

/** What living workers hold of a task. */
export interface Held {
  readonly task: Claimable;
  readonly intervals: Intervals;
  readonly workers: readonly Worker[];
}

/**
 * Claims every free hole of the tasks. Workers that are gone lose what they had claimed.
 * @returns what is left to living workers
 * @throws HeldError when one of them holds the newest end of an ongoing task, or all that a range has left
 */
export async function claimHoles(
  membership: Membership,
  tasks: readonly Claimable[],
): Promise<readonly Held[]> {
  for (;;) {
    const held = await membership.update((before, nowMs) => {
      const wanted = tasks.reduce(
        (sum, task) => claimed(sum, { task, fence: membership.fence, nowMs }),
        before,
      );
      const ledger = fitted(wanted, nowMs);
      requireRoom(ledger);
      return { ledger, result: tasks.flatMap((task) => heldOf(ledger, task, membership)) };
    });
    const fences = held.flatMap(({ workers }) => workers.map(({ fence }) => fence));
    const living = (await membership.livingAmong(fences)).map(({ fence }) => fence);
    if (fences.every((fence) => living.includes(fence))) return refuseHeld(held, membership);
  }
}

function claimed(
  ledger: Ledger,
  { task, fence, nowMs }: { readonly task: Claimable; readonly fence: number; readonly nowMs: number },
): Ledger {
  const coverage = begun(coverageFor(ledger, task.key, task.query), task.goal, nowMs);
  const next = withCoverage(ledger, withClaims(coverage, fence, targetOf(coverage, task.goal)));
  if (next.coverage.length <= MAX_QUERIES) return next;
  throw new ConfigError([
    `The ledger remembers ${MAX_QUERIES} queries, which is the most it can, and "${task.key}" is not among them. ` +
      "Remove one that is not used any more (ingester coverage --forget KEY), or use another ledger (LEDGER_KEY, CHECKPOINT_FILE).",
  ]);
}

/** What is bought must have room in the ledger. @throws ConfigError */
function requireRoom(ledger: Ledger): void {
  const bytes = bytesOf(ledger);
  if (bytes <= FITTED_BYTES) return;
  const largest = ledger.coverage
    .map((coverage) => ({ key: coverage.key, bytes: bytesOf(coverage) }))
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, SHOWN_PARTS)
    .map((part) => `"${part.key}" (${count(part.bytes)} bytes)`);
  throw new ConfigError([
    `The ledger has no room for what would be bought: it has ${count(bytes)} bytes, at most ${count(FITTED_BYTES)} are allowed. ` +
      `Its largest queries: ${largest.join(", ")}. ` +
      "Remove those that are not used any more (ingester coverage --forget KEY), or use another ledger (LEDGER_KEY, CHECKPOINT_FILE).",
  ]);
}

function heldOf(ledger: Ledger, task: Claimable, membership: Membership): readonly Held[] {
  const coverage = coverageFor(ledger, task.key, task.query);
  const intervals = heldByOthers(coverage, membership.fence, targetOf(coverage, task.goal).range);
  if (intervals.length === 0) return [];
  const fences = coverage.claims.map(({ fence }) => fence);
  return [
    { task, intervals, workers: membership.others(ledger).filter(({ fence }) => fences.includes(fence)) },
  ];
}

function refuseHeld(held: readonly Held[], membership: Membership): readonly Held[] {
  for (const one of held) {
    const isOngoing = one.task.goal.type === "ongoing";
    const hasTop = one.intervals.some(({ through }) => through === MAX_ID);
    const coverage = coverageFor(membership.ledger, one.task.key, one.task.query);
    const isAll = !coverage.claims.some(({ fence }) => fence === membership.fence);
    if (isOngoing ? hasTop : isAll) throw refusal(one);
  }
  return held;
}

function refusal({ task, workers }: Held): HeldError {
  const who = workers.map(describeWorker).join(" and ");
  return new HeldError(
    `Another worker holds what was asked for: "${task.query}" (${task.key}) is being collected by ${who}. ` +
      "No two workers buy the same posts. Wait for it, stop it, or ask for another range or query; all of them can use this ledger.",
  );
}

/** Such as "run, process 4711 on worker-1, since 2026-11-26 08:00:00 UTC". */
export function describeWorker({ command, process: { pid, host }, since }: Worker): string {
  return `${command}, process ${pid} on ${host.name}, since ${since.slice(0, 19).replace("T", " ")} UTC`;
}
