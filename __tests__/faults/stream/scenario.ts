import type { XSimulatorOptions } from "../../../local/x-simulator/options";
import type { Environment } from "../../ingest/world";
import type { StreamStage, StreamStageOptions } from "./stage";

/** A stream, what happens to it, and what it may cost. Times in seconds of the scenario's own clock. */
export interface StreamScenario extends StreamStageOptions {
  /** As it is printed; unique together with its store. */
  readonly name: string;
  /** Where progress lives. @default "file" */
  readonly store?: "file" | "dynamodb";
  readonly x?: XSimulatorOptions;
  readonly environment?: Environment;
  /** How long before X counts a connection as over its last post may have been written down. @default 25 */
  readonly noticeSeconds?: number;
  play(stage: StreamStage): Promise<void>;
}
