/** The claim, commit and budget protocol as a model: what can happen, and what must hold in every state. */
import { holesIn } from "../../src/ledger/coverage";
import { coverageFor, workerOf } from "../../src/ledger/ledger";
import type { Model } from "./explore";
import { transitions } from "./faults";
import { countedPosts, forgotten, problemOfClaims } from "./promises";
import { nameOf, Protocol } from "./protocol";
import { initialState, NOT_STARTED, postId, rangeOf, type Scope, type State } from "./state";

export function modelOf(scope: Scope): Model<State> {
  const protocol = new Protocol(scope);
  return {
    initial: initialState(scope),
    transitions: (state) => transitions(protocol, state),
    problemOf: (state) => problemOf(state, scope),
    problemOfEnd: (state) => problemOfEnd(state, scope),
  };
}

function problemOf(
  { ledger, processes, reads, bucket, excuses, ...state }: State,
  { posts, limit }: Scope,
): string | undefined {
  const delivered = new Set(bucket);
  for (const [query, numbers] of Object.entries(posts)) {
    const billed = numbers.map(postId).filter((id) => (reads[id] ?? 0) > 0);
    if (forgotten(ledger, query, { billed, delivered }).length > 0)
      return "a post is billed, not delivered, and in no hole";
  }
  const again = Object.entries(reads).filter(([id, count]) => count - 1 > (excuses[id] ?? 0));
  if (again.length > 0) return "a post is bought twice, and nothing came between its purchase and its commit";
  const counted = countedPosts(ledger, state.nowMs);
  if (counted > limit) return `${counted} posts are spent, at risk and reserved, under a limit of ${limit}`;
  const billed = state.billedBefore + state.billedToday.length;
  if (billed > counted) return `X has billed ${billed} posts, and the budget counts ${counted}`;
  // A process that has shown that it lives, and has not stood still since.
  const isOut = processes.some(
    ({ isProven, fence, stage }) => isProven && stage !== "leaving" && workerOf(ledger, fence) === undefined,
  );
  return isOut ? "a living worker is dismissed" : problemOfClaims(ledger);
}

/** A healthy process that nothing limits can do the rest, alone. */
function problemOfEnd(end: State, scope: Scope): string | undefined {
  const waiting = end.processes.findIndex(({ stage }) => stage !== "off");
  if (waiting >= 0) return `${nameOf(waiting)} waits, and nothing can happen any more`;
  const queries = Object.entries(scope.posts);
  const everything = queries.map(([query, numbers]) => ({
    ...{ query, from: numbers[0] ?? 0, to: numbers.at(-1) ?? 0 },
  }));
  const protocol = new Protocol({ ...scope, processes: [everything], limit: Number.MAX_SAFE_INTEGER });
  let state: State = { ...end, processes: [{ ...NOT_STARTED, startsLeft: 1 }], faultsLeft: 0, leasesLeft: 3 };
  for (let steps = 0; steps < 200; steps += 1) {
    const [step] = transitions(protocol, state);
    if (step === undefined) break;
    state = step.next;
    const problem = problemOf(state, { ...scope, limit: Number.MAX_SAFE_INTEGER });
    if (problem !== undefined) return `once everything is healthy: ${problem}`;
  }
  const left = everything.filter(
    ({ query, ...span }) => holesIn(coverageFor(state.ledger, query, query), rangeOf(span), false).length > 0,
  );
  if (left.length > 0) return `once everything is healthy, holes of ${left[0]?.query} are left`;
  const missing = queries
    .flatMap(([, numbers]) => numbers.map(postId))
    .filter((id) => !state.bucket.includes(id));
  if (missing.length > 0) return "once everything is healthy, posts are not delivered";
  const { coverage, budget } = state.ledger;
  const isLeft = budget.reservations.length > 0 || coverage.some(({ claims }) => claims.length > 0);
  return isLeft ? "once everything is healthy, claims or reservations are left" : undefined;
}
