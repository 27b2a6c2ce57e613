/** The part of Firehose that delivery needs, in its own words; client.ts implements it, tests fake it by hand. */
import type { FailureKind } from "../runtime/failures";

/** A request that failed as a whole. Its message never holds a secret and is one line. */
export class FirehoseFailure extends Error {
  override readonly name = "FirehoseFailure";

  constructor(
    readonly kind: FailureKind,
    /** AWS's or the system's own name of the failure, such as `AccessDeniedException` or `ECONNREFUSED`. */
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** `code` of a failure for want of credentials, as the SDK names it. */
export const CREDENTIALS_MISSING = "CredentialsProviderError";

/** What is known of a stream; undefined where the endpoint does not tell. */
export interface StreamDescription {
  /** `ACTIVE`, `CREATING`, `CREATING_FAILED`, `DELETING`, `DELETING_FAILED`. */
  readonly status: string | undefined;
  /** `DirectPut` for streams that take PutRecordBatch. */
  readonly source: string | undefined;
}

export interface FirehoseApi {
  /**
   * @returns for each record undefined when it was taken, else the code of its own failure
   * @throws FirehoseFailure when the request failed as a whole, or `signal` aborted it
   */
  putRecordBatch(
    records: readonly Uint8Array[],
    signal: AbortSignal,
  ): Promise<readonly (string | undefined)[]>;
  /**
   * A batch without records, which costs nothing. Firehose refuses it as invalid once it has accepted the caller and the
   * call; some emulators take it. Returns when the endpoint answers as if it had taken it.
   * @throws FirehoseFailure
   */
  putNothing(signal: AbortSignal): Promise<void>;
  /** @throws FirehoseFailure */
  describe(signal: AbortSignal): Promise<StreamDescription>;
  close(): void;
}

/** Where lines go, as its user wrote it. */
export interface DeliveryTarget {
  readonly streamName: string;
  /** Undefined: the SDK looks for it (shared config file). */
  readonly region: string | undefined;
  /** Undefined: AWS's own endpoint of the region. */
  readonly endpointUrl: string | undefined;
}
