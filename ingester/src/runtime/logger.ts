/**
 * JSON lines on stdout. One event name per line in `event`, values as fields, a sentence in `message` where a person
 * is meant to act. The policy:
 * - ERROR: data is lost, or nothing moves until a person acts;
 * - WARN: something is wrong, nothing is lost and it heals by itself;
 * - INFO: a healthy run says that it started, that it has caught up for the first time, how far it has come at most
 *   every five minutes, and that it stopped.
 */
import pino from "pino";
import { IngesterError } from "../loop/errors";
import type { Scrubber } from "./scrub";

export type Logger = pino.Logger;

/** Takes whole lines, the newline included. */
export interface LineOutput {
  write(line: string): void;
}

export interface LoggerOptions {
  /** A pino level, as LOG_LEVEL gives it. */
  readonly level: string;
  readonly output: LineOutput;
}

/** For log lines and metric lines alike: the only way to the destination, so that no secret gets there. */
export function createOutput(scrub: Scrubber, destination: LineOutput): LineOutput {
  return { write: (line) => destination.write(scrub(line)) };
}

export function createLogger({ level, output }: LoggerOptions): Logger {
  const withStack = level === "debug" || level === "trace";
  return pino(
    {
      level,
      // Neither pid nor host name: the platform that collects the lines knows the task.
      base: null,
      messageKey: "message",
      errorKey: "error",
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: (error: unknown) => describeError(error, withStack) },
    },
    output,
  );
}

/** How many causes of an error are logged; a cycle of causes ends there too. */
const MAX_CAUSES = 5;

interface ErrorFields {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: ErrorFields;
}

/** A user's mistake never shows a stack trace; an unexpected error shows it at debug level only. */
export function describeError(error: unknown, withStack: boolean, depth = 0): ErrorFields {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  const { name, message, stack, cause } = error;
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  const expected = error instanceof IngesterError;
  return {
    type: name,
    message,
    ...(code === undefined ? {} : { code }),
    ...(withStack && !expected && stack !== undefined ? { stack } : {}),
    ...(cause === undefined || depth >= MAX_CAUSES
      ? {}
      : { cause: describeError(cause, withStack, depth + 1) }),
  };
}
