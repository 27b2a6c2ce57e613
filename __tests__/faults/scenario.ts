import type { FirehoseEndpointOptions } from "../../local/firehose/firehose-endpoint";
import type { XSimulatorOptions } from "../../local/x-simulator/options";
import type { Environment } from "../ingest/world";
import type { Stage, StageOptions } from "./stage";

/** A world, what happens in it, and what it may cost. */
export interface Scenario extends StageOptions {
  /** As it is printed; unique. */
  readonly name: string;
  readonly x?: XSimulatorOptions;
  readonly firehose?: Partial<FirehoseEndpointOptions>;
  /** Holds for every process of the scenario. */
  readonly environment?: Environment;
  /** @default 100 */
  readonly pageSize?: number;
  /** The most that one post can cost, in posts. @default 1 */
  readonly postsPerPost?: number;
  /** Where progress lives. @default "file" */
  readonly checkpoint?: "file" | "dynamodb";
  /** Queries that each find every post, so that each post is read so often. @default 1 */
  readonly queries?: number;
  /** Mostly waits: does not count as one of the processes that share the processor. @default false */
  readonly idle?: boolean;
  /** X can give the rest of the posts in this scenario. @default true */
  readonly canFinish?: boolean;
  play(stage: Stage): Promise<void>;
}
