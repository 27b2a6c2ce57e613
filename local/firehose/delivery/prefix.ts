import { randomInt } from "node:crypto";
import { UsageError } from "../../support/usage-error";

/**
 * S3 prefix expressions of a delivery stream.
 * @see https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html
 */

const EXPRESSION = /!\{([^}]*)\}/g;
const DEFAULT_TIME_PREFIX = "!{timestamp:yyyy/MM/dd/HH/}";
const ALLOWED_EXPRESSIONS =
  "!{timestamp:...} with yyyy MM dd HH mm ss, !{firehose:random-string}, and in the error prefix !{firehose:error-output-type}";

/** What an expression is evaluated with. */
export interface PrefixContext {
  /** Arrival of the object's oldest record, milliseconds since the epoch; printed in UTC. */
  readonly arrivalMs: number;
  /** Only in an error prefix, for example `processing-failed`. */
  readonly errorOutputType?: string;
}

/**
 * Checks a prefix once, before anything is delivered with it.
 * @returns the prefix, with `yyyy/MM/dd/HH/` appended where AWS does so: when a data prefix names no time.
 * @throws UsageError naming the expression that Firehose would not accept.
 */
export function checkPrefix(prefix: string, use: "data" | "error"): string {
  evaluatePrefix(prefix, {
    arrivalMs: 0,
    ...(use === "error" ? { errorOutputType: "processing-failed" } : {}),
  });
  const hasExpression = prefix.includes("!{");
  if (use === "error" && hasExpression && !prefix.includes("!{firehose:error-output-type}")) {
    throw new UsageError(
      `The error prefix ${JSON.stringify(prefix)} has expressions but lacks !{firehose:error-output-type}. Add it.`,
    );
  }
  return prefix.includes("!{timestamp:") ? prefix : prefix + DEFAULT_TIME_PREFIX;
}

/** Evaluates every expression of a prefix. */
export function evaluatePrefix(prefix: string, context: PrefixContext): string {
  const evaluated = prefix.replace(EXPRESSION, (whole, inner: string) => evaluate(whole, inner, context));
  if (evaluated.includes("!{")) {
    throw new UsageError(`The prefix ${JSON.stringify(prefix)} has an expression without its closing brace.`);
  }
  return evaluated;
}

function evaluate(whole: string, inner: string, context: PrefixContext): string {
  if (inner.startsWith("timestamp:")) return formatTime(inner.slice("timestamp:".length), context.arrivalMs);
  if (inner === "firehose:random-string") return randomString();
  if (inner === "firehose:error-output-type" && context.errorOutputType) return context.errorOutputType;
  throw new UsageError(
    `The prefix expression ${whole} is not supported here. Allowed: ${ALLOWED_EXPRESSIONS}.`,
  );
}

/** Quoted text and runs of one letter are tokens in Java's DateTimeFormatter; the rest stands for itself. */
const TIME_TOKEN = /'((?:[^']|'')*)'|([A-Za-z])\2*/g;

function formatTime(pattern: string, ms: number): string {
  const iso = new Date(ms).toISOString();
  const parts: Readonly<Record<string, string>> = {
    yyyy: iso.slice(0, 4),
    MM: iso.slice(5, 7),
    dd: iso.slice(8, 10),
    HH: iso.slice(11, 13),
    mm: iso.slice(14, 16),
    ss: iso.slice(17, 19),
  };
  return pattern.replace(TIME_TOKEN, (token: string, quoted: string | undefined) => {
    if (quoted !== undefined) return quoted === "" ? "'" : quoted.replaceAll("''", "'");
    const value = parts[token];
    if (value === undefined) {
      throw new UsageError(
        `The time pattern "${token}" is not supported here. Allowed: ${ALLOWED_EXPRESSIONS}.`,
      );
    }
    return value;
  });
}

/** Firehose's random string has eleven characters. */
function randomString(): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  return Array.from({ length: 11 }, () => alphabet[randomInt(alphabet.length)]).join("");
}
