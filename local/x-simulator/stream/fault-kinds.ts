import type { XFault } from "../faults/kinds";
import type { RuleDraft, RuleSelector } from "./rules";

type SharedKind =
  | "none"
  | "rate-limit-window"
  | "day-limit"
  | "usage-cap"
  | "credits-depleted"
  | "spending-limit"
  | "unauthorized"
  | "client-forbidden"
  | "server-error"
  | "non-json"
  | "empty-body"
  | "redirect"
  | "rejected-parameter"
  | "reset"
  | "hang"
  | "slow"
  | "compressed";

/** What can go wrong when a client connects. Those it shares with search do the same here. */
export type ConnectFault =
  | Extract<XFault, { readonly kind: SharedKind }>
  /** HTTP 429 TooManyConnections, although none is open. */
  | { readonly kind: "too-many-connections" }
  /** HTTP 409, although there are rules. */
  | { readonly kind: "no-rules" };

/** When a fault of an open stream begins: at once, unless one of these is given. */
export interface FaultMoment {
  /** Once so many records more have been sent. */
  readonly afterRecords?: number;
  /** So many milliseconds later. */
  readonly afterMs?: number;
}

/** What changes the way in which records are written. */
export type ShapingFault =
  /** The connection breaks after so many bytes of the next record, which is billed. Beyond its end: after all of it. */
  | { readonly kind: "cut-record"; readonly atByte: number }
  /** Chunks of so many bytes each (default 1). */
  | { readonly kind: "split-bytes"; readonly pieceBytes?: number; readonly records?: number }
  /** Chunks of so many bytes, with a pause before each. */
  | {
      readonly kind: "slow-writer";
      readonly pieceBytes: number;
      readonly pauseMs: number;
      readonly records?: number;
    }
  /** Records end with `\n` instead of `\r\n`. */
  | { readonly kind: "bare-newlines"; readonly records?: number }
  /** Records larger than Firehose takes (default 3,000,000 bytes more than the post has). */
  | { readonly kind: "oversize-post"; readonly bytes?: number; readonly records?: number }
  /** Each record is sent twice. */
  | { readonly kind: "duplicate"; readonly records?: number };

/** What happens once, at its moment. */
export type SuddenFault =
  /** The answer ends as if X were done. At once: 200, then close. */
  | { readonly kind: "close" }
  /** The connection breaks between two records; with `reset` the packets on their way may be lost too. */
  | { readonly kind: "abort"; readonly reset?: boolean }
  /** X's in-stream error, in either spelling, and the end of the answer. */
  | { readonly kind: "operational-disconnect"; readonly spelling?: "upstream" | "older" }
  /** Other in-stream errors; the stream goes on unless `closes`. */
  | { readonly kind: "stream-error"; readonly errors?: readonly object[]; readonly closes?: boolean }
  /** A message that is no post, no error and no heartbeat. */
  | { readonly kind: "unknown-message"; readonly message?: object }
  /** This text and a line end, whatever it is. */
  | { readonly kind: "raw-line"; readonly text: string }
  /** Nothing more is sent, heartbeats included; the connection stays open. Nothing more is billed. */
  | { readonly kind: "silence" }
  /** Posts are held back for so long and then come all at once; heartbeats go on. */
  | { readonly kind: "burst"; readonly heldMs: number }
  /** X counts the connection for so long after it has ended (default an hour). */
  | { readonly kind: "ghost"; readonly lingerMs?: number }
  /** Another program changes the app's rules. */
  | { readonly kind: "rules-changed"; readonly add?: readonly RuleDraft[]; readonly delete?: RuleSelector };

/** What can go wrong with an open stream. */
export type InStreamFault = (ShapingFault | SuddenFault) & FaultMoment;

/** What can go wrong with one connection to the stream. */
export type StreamFault = ConnectFault | InStreamFault;

const SHAPING_KINDS: readonly ShapingFault["kind"][] = [
  "cut-record",
  "split-bytes",
  "slow-writer",
  "bare-newlines",
  "oversize-post",
  "duplicate",
];

const SUDDEN_KINDS: readonly SuddenFault["kind"][] = [
  "close",
  "abort",
  "operational-disconnect",
  "stream-error",
  "unknown-message",
  "raw-line",
  "silence",
  "burst",
  "ghost",
  "rules-changed",
];

const CONNECT_KINDS: readonly ConnectFault["kind"][] = [
  "none",
  "rate-limit-window",
  "day-limit",
  "usage-cap",
  "credits-depleted",
  "spending-limit",
  "unauthorized",
  "client-forbidden",
  "server-error",
  "non-json",
  "empty-body",
  "redirect",
  "rejected-parameter",
  "reset",
  "hang",
  "slow",
  "compressed",
  "too-many-connections",
  "no-rules",
];

/** The kinds that concern an open stream. */
export const IN_STREAM_KINDS: readonly string[] = [...SHAPING_KINDS, ...SUDDEN_KINDS];

/** Every kind, for checking what comes over HTTP. */
export const STREAM_FAULT_KINDS: readonly StreamFault["kind"][] = [
  ...CONNECT_KINDS,
  ...SHAPING_KINDS,
  ...SUDDEN_KINDS,
];

export function isShaping(fault: ShapingFault | SuddenFault): fault is ShapingFault {
  return (SHAPING_KINDS as readonly string[]).includes(fault.kind);
}

export function isInStream(fault: { readonly kind: string } | undefined): fault is InStreamFault {
  return fault !== undefined && IN_STREAM_KINDS.includes(fault.kind);
}
