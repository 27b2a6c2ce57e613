/** What the ingester is doing, for machines; phase-words.ts has it in words. */
import type { CollectEvent } from "../loop/events";
import { describeUse, meaningOfWait } from "./trouble";

export type Phase =
  | { readonly kind: "starting" }
  | {
      readonly kind: "reading";
      /** Posts of the page that has been read and not yet delivered. */
      readonly undelivered?: { readonly posts: number; readonly readAtMs: number };
    }
  /** A page was read SLOW_DELIVERY_MS ago or earlier, and its delivery neither succeeds nor fails. */
  | { readonly kind: "delivering"; readonly posts: number }
  | { readonly kind: "caught_up" }
  /** Connected to the filtered stream. */
  | { readonly kind: "listening" }
  /** Not connected to the filtered stream, with nothing that hinders it known. */
  | { readonly kind: "connecting" }
  | {
      readonly kind: "paused_at_limit";
      readonly limit: string;
      readonly renewsAtMs: number | undefined;
      /** Where the limit stands, in words. */
      readonly use: string | undefined;
    }
  | {
      readonly kind: "waiting_for_x";
      readonly reason: string;
      readonly message: string;
      readonly untilMs: number;
      readonly needsPerson: boolean;
    }
  | {
      readonly kind: "delivery_failing";
      readonly code: string;
      readonly message: string;
      readonly attempt: number;
      readonly records: number;
      /** What a person should do about it. */
      readonly action: string;
      readonly needsPerson: boolean;
    }
  /** The ledger can be neither read nor written, so nothing is bought. */
  | { readonly kind: "store_failing"; readonly message: string }
  | { readonly kind: "stopping" }
  | { readonly kind: "failed"; readonly message: string };

export const PHASE_KINDS = [
  "starting",
  "reading",
  "delivering",
  "caught_up",
  "listening",
  "connecting",
  "paused_at_limit",
  "waiting_for_x",
  "delivery_failing",
  "store_failing",
  "stopping",
  "failed",
] as const satisfies readonly Phase["kind"][];

/** A phase, and when it began. */
export interface TimedPhase {
  readonly phase: Phase;
  readonly sinceMs: number;
}

/** A page is normally delivered within a second. */
export const SLOW_DELIVERY_MS = 10_000;

/** The phase after an event; the very same object when the event says nothing about it. */
export function nextPhase(phase: Phase, event: CollectEvent, nowMs: number): Phase {
  // Pages that are still delivered while the process stops do not mean that reading goes on.
  if (phase.kind === "stopping" || phase.kind === "failed") return phase;
  switch (event.type) {
    case "page_read": {
      const posts = event.page.fresh.length;
      if (posts > 0) return { kind: "reading", undelivered: { posts, readAtMs: nowMs } };
      return phase.kind === "caught_up" ? phase : { kind: "reading" };
    }
    case "page_delivered":
    case "limit_renewed":
    case "stream_connected":
    case "stream_disconnected":
      return { kind: "reading" };
    case "caught_up":
      return { kind: "caught_up" };
    case "limit_reached": {
      const { limit, renewsAtMs, use } = event;
      return { kind: "paused_at_limit", limit, renewsAtMs, use: use && describeUse(use) };
    }
    case "source_waiting": {
      const { type: _, ...wait } = event;
      return { kind: "waiting_for_x", ...wait };
    }
    case "delivery_retrying": {
      const { type: _, waitMs: _wait, ...failure } = event;
      return { kind: "delivery_failing", ...failure };
    }
    default:
      return phase;
  }
}

/** The phase as it is shown: a delivery that takes long is not called reading. */
export function shownPhase(timed: TimedPhase, nowMs: number): TimedPhase {
  const { phase } = timed;
  if (phase.kind !== "reading" || phase.undelivered === undefined) return timed;
  const { posts, readAtMs } = phase.undelivered;
  if (nowMs - readAtMs < SLOW_DELIVERY_MS) return timed;
  return { phase: { kind: "delivering", posts }, sinceMs: readAtMs };
}

/**
 * Whether a post that is made now can arrive: what /readyz answers once something has arrived. It cannot
 * - before anything has been read, and once the process stops;
 * - at a limit, whether of this run or of the billing cycle: even one that renews lets nothing arrive for days;
 * - while X refuses because of money, its cap or an address where nothing answers. Rate limits and passing failures end
 *   by themselves within minutes, and what they hold back still arrives;
 * - while delivery fails or the ledger cannot be written.
 *
 * /healthz stays healthy for all of these: a restart changes none of them.
 */
export function canPostsArrive(phase: Phase): boolean {
  switch (phase.kind) {
    case "reading":
    case "delivering":
    case "caught_up":
    case "listening":
    case "connecting":
      return true;
    case "waiting_for_x":
      return !phase.needsPerson && !meaningOfWait(phase.reason).isLasting;
    default:
      return false;
  }
}
