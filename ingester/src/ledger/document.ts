/** The ledger as text and back. What is stored decides what is bought, so nothing unexpected is taken for a ledger. */
import { isId } from "../posts/ids";
import { LEDGER_FORMAT, type Ledger, MAX_LEDGER_BYTES } from "./ledger";

export type Parsed = { readonly ledger: Ledger } | { readonly problem: string };

/** @throws RangeError above MAX_LEDGER_BYTES; fitted.ts keeps it below */
export function serializeLedger(ledger: Ledger): string {
  const text = JSON.stringify(ledger);
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_LEDGER_BYTES) return text;
  const say = (count: number) => count.toLocaleString("en-US");
  throw new RangeError(`The ledger has ${say(bytes)} bytes, at most ${say(MAX_LEDGER_BYTES)} can be stored.`);
}

/** @returns the ledger, or what is wrong with the text, as a phrase for a message */
export function parseLedger(text: string): Parsed {
  const value = parseJson(text);
  if (!isRecord(value)) return { problem: "it is no JSON object" };
  if (value.format !== LEDGER_FORMAT) {
    const got = value.format === undefined ? "none" : JSON.stringify(value.format);
    return { problem: `its format must be ${LEDGER_FORMAT}, got ${got}` };
  }
  const wrong = Object.keys(PARTS).find((part) => !PARTS[part]?.(value[part]));
  return wrong === undefined
    ? { ledger: value as unknown as Ledger }
    : { problem: `its part "${wrong}" has an unknown shape` };
}

type Check = (value: unknown) => boolean;
type Json = Readonly<Record<string, unknown>>;

const isCount: Check = (value) => Number.isSafeInteger(value);
const isNumber: Check = (value) => typeof value === "number" && Number.isFinite(value);
const isText: Check = (value) => typeof value === "string";
const isNumbers: Check = (value) => Array.isArray(value) && value.every(isNumber);
const isTexts: Check = (value) => Array.isArray(value) && value.every(isText);
const isAmounts: Check = (value) => isRecord(value) && Object.values(value).every(isNumber);
const isHost = shape({ name: isText, bootId: optional(isText), pidNamespace: optional(isText) });
const interval = { after: isId, through: isId };
const skippedRules = optional(listOf({ rule: isText, why: isText }));
const risk = {
  key: isText,
  part: optional(isText),
  atMs: isNumber,
  amounts: isAmounts,
  interval: optional(shape(interval)),
};

const PARTS: Readonly<Record<string, Check>> = {
  days: optional(
    shape({
      sinceMs: isNumber,
      queries: listOf({ key: isText, days: (days) => Array.isArray(days) && days.every(isNumbers) }),
    }),
  ),
  receipts: optional(isTexts),
  fence: isCount,
  workers: listOf({
    fence: isCount,
    beat: isCount,
    leaseSeconds: isNumber,
    command: isText,
    since: isText,
    process: shape({ pid: isCount, startTicks: optional(isText), host: isHost }),
  }),
  coverage: listOf({
    key: isText,
    query: isText,
    start: optional(isId),
    owned: listOf(interval),
    lost: listOf({ ...interval, reason: isText, recordedAt: isText }),
    claims: listOf({ ...interval, fence: isCount }),
    stream: optional(
      shape({
        set: isText,
        sets: listOf({ id: isText, rules: isTexts }),
        texts: listOf({ rule: isText, value: isText, tag: isText }),
        holes: listOf({
          ...interval,
          set: isText,
          searched: isCount,
          skipped: isCount,
          skippedRules,
          downTo: optional(isId),
        }),
        bySearch: listOf({ ...interval, rules: isCount, skipped: isCount, skippedRules }),
      }),
    ),
  }),
  budget: shape({
    cycle: shape({ day: isCount, startMs: isNumber, endMs: isNumber }),
    turnedAtMs: optional(isNumber),
    project: optional(shape({ posts: isNumber, others: isNumber, readAtMs: isNumber })),
    spent: listOf({ key: isText, amounts: isAmounts }),
    risks: listOf(risk),
    reservations: listOf({
      ...{
        id: isText,
        key: isText,
        part: optional(isText),
        fence: isCount,
        interval: shape(interval),
        atMs: isNumber,
      },
      ...{ amounts: isAmounts, carried: optional(shape(risk)) },
    }),
    corrections: listOf({ at: isText, what: isText, reason: isText, before: isAmounts, after: isAmounts }),
  }),
};

/** Members that are not listed are kept: a newer ingester may have written them. */
function shape(members: Readonly<Record<string, Check>>): Check {
  return (value) => isRecord(value) && Object.entries(members).every(([name, check]) => check(value[name]));
}

function listOf(members: Readonly<Record<string, Check>>): Check {
  const check = shape(members);
  return (value) => Array.isArray(value) && value.every(check);
}

function optional(check: Check): Check {
  return (value) => value === undefined || check(value);
}

function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
