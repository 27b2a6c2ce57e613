import { killScenario } from "./kills";
import type { Scenario } from "./scenario";

/** The whole matrix. @param seeds how many of `kill -9` */
export function allScenarios(seeds: number): readonly Scenario[] {
  return [...Array.from({ length: seeds }, (_, index) => killScenario(index + 1))];
}
