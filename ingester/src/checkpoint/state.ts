import type { CheckpointStore } from "../ports";
import type { Position } from "../window";
import type { MeterStore } from "./meter-store";

/** Everything an ingester keeps between runs: its checkpoint and its money meter, in one place. */
export interface CheckpointState {
  readonly checkpoints: CheckpointStore;
  readonly meterStore: MeterStore;
  /** Aborts, with a CheckpointLostError as its reason, when another ingester has taken the checkpoint over. */
  readonly lost: AbortSignal;
  /**
   * Looks without taking anything: for `doctor`.
   * @throws ConfigError, AccessError as acquire() would
   */
  inspect(): Promise<CheckpointReport>;
}

export interface CheckpointReport {
  /** Undefined while there is no checkpoint. */
  readonly position: Position | undefined;
  /** ISO 8601; undefined while there is no checkpoint. */
  readonly updatedAt: string | undefined;
  /** A description of the ingester that holds it, living or not; undefined when it was released. */
  readonly heldBy: string | undefined;
}
