import { firehoseFaultScenarios } from "./firehose-faults";
import { handOverScenarios } from "./hand-over";
import { killScenario } from "./kills";
import { mixtureScenarios } from "./mixtures";
import type { Scenario } from "./scenario";
import { sequenceScenarios } from "./sequences";
import { serviceScenarios } from "./services";
import { xFaultScenarios } from "./x-faults";
import { windowScenarios } from "./x-windows";

/** The whole matrix. @param seeds how many of `kill -9` */
export function allScenarios(seeds: number): readonly Scenario[] {
  return [
    ...xFaultScenarios(),
    ...firehoseFaultScenarios(),
    ...windowScenarios(),
    ...serviceScenarios(),
    ...sequenceScenarios(),
    ...mixtureScenarios(),
    ...handOverScenarios(),
    ...Array.from({ length: seeds }, (_, index) => killScenario(index + 1)),
  ];
}
