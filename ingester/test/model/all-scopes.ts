/** Explores every scope: the entry of a bundle with a fault in it. */
import { type Exploration, explore } from "./explore";
import { modelOf } from "./model";
import { scopes } from "./scopes";
import type { Scope } from "./state";

export interface Explored extends Exploration {
  readonly scope: Scope;
  readonly seconds: number;
}

/** Smallest first; ends with the first that has a counterexample. */
export function* exploreAll(): Generator<Explored> {
  for (const scope of scopes) {
    const started = performance.now();
    const exploration = explore(modelOf(scope));
    yield { ...exploration, scope, seconds: (performance.now() - started) / 1_000 };
    if (exploration.counterexample !== undefined) return;
  }
}
