import { firehoseFaultScenarios } from "./firehose-faults";
import { handOverScenarios } from "./hand-over";
import { killScenario } from "./kills";
import { mixtureScenarios } from "./mixtures";
import { type Played, play, type Surroundings } from "./play";
import type { Scenario } from "./scenario";
import { sequenceScenarios } from "./sequences";
import { serviceScenarios } from "./services";
import { nameOf, playStream } from "./stream/play";
import { streamScenarios } from "./stream/scenarios";
import { xFaultScenarios } from "./x-faults";
import { windowScenarios } from "./x-windows";

/** A scenario of either kind, ready to be played. */
export interface Act {
  readonly name: string;
  /** Which others it shares the machine with: those that work, those that wait, those whose time runs fast. */
  readonly pool: "busy" | "idle" | "stream";
  readonly perform: (surroundings: Surroundings) => Promise<Played>;
}

/** The whole matrix. @param seeds how many of `kill -9`, and of streams with either store */
export function allActs(seeds: { readonly kills: number; readonly streams: number }): readonly Act[] {
  return [
    ...streamScenarios(seeds.streams).map(
      (scenario): Act => ({
        name: nameOf(scenario),
        pool: "stream",
        perform: (surroundings) => playStream(scenario, surroundings),
      }),
    ),
    ...searchScenarios(seeds.kills).map(
      (scenario): Act => ({
        name: scenario.name,
        pool: scenario.idle === true ? "idle" : "busy",
        perform: (surroundings) => play(scenario, surroundings),
      }),
    ),
  ];
}

function searchScenarios(kills: number): readonly Scenario[] {
  return [
    ...xFaultScenarios(),
    ...firehoseFaultScenarios(),
    ...windowScenarios(),
    ...serviceScenarios(),
    ...sequenceScenarios(),
    ...mixtureScenarios(),
    ...handOverScenarios(),
    ...Array.from({ length: kills }, (_, index) => killScenario(index + 1)),
  ];
}
