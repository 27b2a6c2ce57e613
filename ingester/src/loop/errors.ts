/**
 * Errors whose message is for a person: what happened, what was given, what is allowed, how to fix it. Each carries the
 * exit code of the process. None of them ever holds a secret.
 */

/** Documented in docs/configuration.md and in `ingester --help`. */
export const EXIT = { done: 0, failure: 1, configuration: 2, access: 3, held: 4 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An error that needs no stack trace. */
export class IngesterError extends Error {
  readonly exitCode: ExitCode = EXIT.failure;
  override readonly name: string = "IngesterError";
}

/** Everything that is wrong with the configuration, all at once. */
export class ConfigError extends IngesterError {
  override readonly exitCode = EXIT.configuration;
  override readonly name = "ConfigError";

  constructor(
    readonly problems: readonly string[],
    options?: ErrorOptions,
  ) {
    super(
      problems.length === 1 ? `${problems[0]}` : problems.map((problem) => `- ${problem}`).join("\n"),
      options,
    );
  }
}

/** Credentials or access refused, by X or by AWS. */
export class AccessError extends IngesterError {
  override readonly exitCode = EXIT.access;
  override readonly name = "AccessError";
}

/** A living worker holds what was asked for. */
export class HeldError extends IngesterError {
  override readonly exitCode = EXIT.held;
  override readonly name = "HeldError";
}

/** Another process has dismissed this worker from the ledger: it must buy nothing more. */
export class DismissedError extends IngesterError {
  override readonly exitCode = EXIT.held;
  override readonly name = "DismissedError";
}

/** A stop was requested before the work began, or while nothing was at stake: no failure. */
export class StoppedError extends IngesterError {
  override readonly exitCode = EXIT.failure;
  override readonly name = "StoppedError";
}

/** Lines that could not be delivered. Their page is not committed, so the next run reads it again. */
export class DeliveryError extends IngesterError {
  override readonly name = "DeliveryError";

  constructor(
    message: string,
    /** How many lines were not acknowledged. */
    readonly undelivered: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What a failed read means. X answers the same status for different things: x/errors.ts reads it from the body. */
export type SourceErrorKind =
  /** The 15-minute window of the endpoint is used up. */
  | "window_limit"
  /** One request per second on full-archive search. */
  | "second_limit"
  /** The 24-hour limit of the app is used up. */
  | "day_limit"
  /** The monthly cap of the project is used up. */
  | "usage_cap"
  /** The spending limit set in X's console is reached. */
  | "spending_limit"
  /** Prepaid credit is used up. */
  | "credits_depleted"
  /** 5xx, timeouts, broken connections, bodies that are cut or no JSON, answers that are not X's. */
  | "transient"
  /** X's pages bring nothing new: they repeat, or ignore the bounds that were asked for. */
  | "no_progress"
  /** X never answered at the configured address. */
  | "unreachable"
  /** The token is wrong, or may not do this. */
  | "access"
  /** The query or a parameter is wrong. */
  | "invalid_request";

/** Exit codes of the kinds that end a command. */
const SOURCE_EXIT: Readonly<Partial<Record<SourceErrorKind, ExitCode>>> = {
  access: EXIT.access,
  credits_depleted: EXIT.access,
  invalid_request: EXIT.configuration,
  unreachable: EXIT.configuration,
};

export interface SourceErrorDetails {
  readonly kind: SourceErrorKind;
  /** True when X can have billed an answer that did not arrive whole. */
  readonly mayBeBilled?: boolean;
  /** Epoch milliseconds from which trying again makes sense, as X said. */
  readonly retryAtMs?: number;
}

export class SourceError extends IngesterError {
  override readonly name = "SourceError";
  override readonly exitCode: ExitCode;
  readonly kind: SourceErrorKind;
  readonly mayBeBilled: boolean;
  readonly retryAtMs: number | undefined;

  constructor(message: string, details: SourceErrorDetails, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = SOURCE_EXIT[details.kind] ?? EXIT.failure;
    this.kind = details.kind;
    this.mayBeBilled = details.mayBeBilled ?? false;
    this.retryAtMs = details.retryAtMs;
  }
}
