/** Walks through every state that a model can reach, nearest first, so that the first fault found has the shortest way. */
import { createHash } from "node:crypto";

/** What can happen in a state. */
export interface Transition<State> {
  readonly name: string;
  readonly next: State;
}

export interface Model<State> {
  readonly initial: State;
  readonly transitions: (state: State) => readonly Transition<State>[];
  /** What is wrong with a state, as a sentence. */
  readonly problemOf: (state: State) => string | undefined;
  /** What is wrong with a state in which nothing can happen any more. */
  readonly problemOfEnd: (state: State) => string | undefined;
}

export interface Exploration {
  readonly states: number;
  readonly transitions: number;
  /** States in which nothing can happen any more. */
  readonly ends: number;
  /** Transitions on the longest of the shortest ways. */
  readonly depth: number;
  readonly counterexample?: Counterexample;
}

export interface Counterexample {
  readonly problem: string;
  /** Names of the transitions from the initial state. */
  readonly way: readonly string[];
}

interface Visited {
  readonly parent: number;
  readonly name: string;
}

/** @param maxStates throws above it: bounds that are too wide must not pass for a proof */
export function explore<State>(model: Model<State>, maxStates = 2_000_000): Exploration {
  const known = new Set<string>([keyOf(model.initial)]);
  const visited: Visited[] = [{ parent: -1, name: "" }];
  let frontier: { readonly index: number; readonly state: State }[] = [{ index: 0, state: model.initial }];
  let [transitions, ends, depth] = [0, 0, 0];
  const result = (problem?: string, index = 0): Exploration => ({
    ...{ states: visited.length, transitions, ends, depth },
    ...(problem !== undefined && { counterexample: { problem, way: wayTo(index, visited) } }),
  });
  const first = model.problemOf(model.initial);
  if (first !== undefined) return result(first);
  while (frontier.length > 0) {
    const reached: typeof frontier = [];
    for (const { index, state } of frontier) {
      const possible = model.transitions(state);
      if (isEnd(state, possible)) {
        ends += 1;
        const problem = model.problemOfEnd(state);
        if (problem !== undefined) return result(problem, index);
      }
      for (const { name, next } of possible) {
        transitions += 1;
        const key = keyOf(next);
        if (known.has(key)) continue;
        known.add(key);
        visited.push({ parent: index, name });
        const problem = model.problemOf(next);
        if (problem !== undefined) return result(problem, visited.length - 1);
        reached.push({ index: visited.length - 1, state: next });
      }
      if (visited.length > maxStates) throw new Error(`The model has more than ${maxStates} states.`);
    }
    if (reached.length > 0) depth += 1;
    frontier = reached;
  }
  return result();
}

/** Nothing can happen, or nothing that changes anything. */
function isEnd<State>(state: State, possible: readonly Transition<State>[]): boolean {
  const [only, ...others] = possible;
  return only === undefined || (others.length === 0 && keyOf(only.next) === keyOf(state));
}

/** States are plain data whose members are always made in the same order. */
function keyOf(state: unknown): string {
  return createHash("md5").update(JSON.stringify(state)).digest("base64");
}

function wayTo(index: number, visited: readonly Visited[]): readonly string[] {
  const way: string[] = [];
  for (let at = visited[index]; at !== undefined && at.parent >= 0; at = visited[at.parent])
    way.unshift(at.name);
  return way;
}
