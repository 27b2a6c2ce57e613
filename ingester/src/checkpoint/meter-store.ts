import type { MeterState } from "./meter";

/** A meter's state as stored, and the version that the next write has to name. */
export interface StoredMeter {
  readonly state: MeterState;
  readonly version: number;
}

/** Where a money meter lives. Several processes may share one, so every write is conditional on its version. */
export interface MeterStore {
  /** Undefined while nothing has been stored. */
  load(): Promise<StoredMeter | undefined>;
  /**
   * Persists durably and returns the new version.
   * @param expectedVersion the version that `state` was computed from; undefined: nothing is stored yet
   * @throws MeterConflictError when the stored version is another one; nothing has been written
   */
  save(state: MeterState, expectedVersion: number | undefined): Promise<number>;
}

/** Another process wrote the meter in the meantime: load it again and repeat the calculation. */
export class MeterConflictError extends Error {
  override readonly name = "MeterConflictError";

  constructor() {
    super("The money meter was changed by another process since it was loaded.");
  }
}
