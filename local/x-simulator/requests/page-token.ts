import { invalidRequest } from "../x-problem";

/** What a pagination token carries. */
export interface PageToken {
  /** The next page's posts have smaller ids. For counts: the bucket's time in milliseconds. */
  readonly below: bigint;
  /** The pagination it belongs to. */
  readonly fingerprint: string;
  /** When it was made, milliseconds since the epoch. */
  readonly issuedMs: number;
}

const FINGERPRINT_DIGITS = 16;
const TIME_DIGITS = 12;

/** Writes a token in the digits of base32hex, as X's are. */
export function writeToken({ below, fingerprint, issuedMs }: PageToken): string {
  const time = issuedMs.toString(16).padStart(TIME_DIGITS, "0");
  return BigInt(`0x1${fingerprint}${time}${below.toString(16)}`).toString(32);
}

/** How a token is checked. */
export interface TokenCheck {
  readonly fingerprint: string;
  readonly nowMs: number;
  /** Tokens older than this are refused. */
  readonly lifetimeMs: number;
}

/**
 * Reads a token.
 * @throws XProblem (400) when it is not one, is too old, or belongs to other parameters.
 */
export function readPageToken(token: string, check: TokenCheck): PageToken {
  const parsed = parse(token);
  if (!parsed || parsed.fingerprint !== check.fingerprint) throw tokenProblem(token);
  if (check.nowMs - parsed.issuedMs > check.lifetimeMs) throw tokenProblem(token);
  return parsed;
}

/** X's answer to a token it cannot use. */
export function tokenProblem(token: string): Error {
  return invalidRequest([
    {
      parameters: { next_token: [token] },
      message: `Invalid 'next_token':'${token}'. It is not valid for this request or has expired.`,
    },
  ]);
}

function parse(token: string): PageToken | undefined {
  if (!/^[0-9a-v]+$/.test(token)) return undefined;
  let value = 0n;
  for (const digit of token) value = value * 32n + BigInt(Number.parseInt(digit, 32));
  const hex = value.toString(16);
  const below = hex.slice(1 + FINGERPRINT_DIGITS + TIME_DIGITS);
  if (hex[0] !== "1" || below === "") return undefined;
  return {
    below: BigInt(`0x${below}`),
    fingerprint: hex.slice(1, 1 + FINGERPRINT_DIGITS),
    issuedMs: Number.parseInt(hex.slice(1 + FINGERPRINT_DIGITS, 1 + FINGERPRINT_DIGITS + TIME_DIGITS), 16),
  };
}
