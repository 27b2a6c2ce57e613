/** What the ingester is doing, in one word for machines and in words for people. */
import type { CollectEvent } from "../loop/ports";
import { describeUse } from "./trouble";

export type Phase =
  | { readonly kind: "starting" }
  | { readonly kind: "reading" }
  | { readonly kind: "caught_up" }
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
    }
  | { readonly kind: "stopping" }
  | { readonly kind: "failed"; readonly message: string };

export const PHASE_KINDS = [
  "starting",
  "reading",
  "caught_up",
  "paused_at_limit",
  "waiting_for_x",
  "delivery_failing",
  "stopping",
  "failed",
] as const satisfies readonly Phase["kind"][];

/** The phase after an event; the very same object when the event says nothing about it. */
export function nextPhase(phase: Phase, event: CollectEvent): Phase {
  // Pages that are still flushed while stopping do not mean that reading goes on.
  if (phase.kind === "stopping" || phase.kind === "failed") return phase;
  switch (event.type) {
    case "page_delivered":
      return { kind: "reading" };
    case "caught_up":
      return { kind: "caught_up" };
    case "limit_reached":
      return {
        kind: "paused_at_limit",
        limit: event.limit,
        renewsAtMs: event.renewsAtMs,
        use: event.use && describeUse(event.use),
      };
    case "limit_renewed":
      return { kind: "reading" };
    case "source_waiting": {
      const { reason, message, untilMs, needsPerson } = event;
      return { kind: "waiting_for_x", reason, message, untilMs, needsPerson };
    }
    case "delivery_retrying":
      return {
        kind: "delivery_failing",
        code: event.code,
        message: event.message,
        attempt: event.attempt,
        records: event.records,
      };
    default:
      return phase;
  }
}

export interface PhaseWords {
  readonly headline: string;
  /** What it means, and what to do where a person has to. */
  readonly detail: string | undefined;
}

export function describePhase(phase: Phase): PhaseWords {
  switch (phase.kind) {
    case "starting":
      return { headline: "Starting", detail: "Nothing has been read yet." };
    case "reading":
      return { headline: "Reading", detail: "Posts are bought and delivered page by page." };
    case "caught_up":
      return { headline: "Caught up", detail: "X has nothing newer at the moment." };
    case "paused_at_limit":
      return describePause(phase);
    case "waiting_for_x": {
      const headline = `Waiting for X until ${utcTime(phase.untilMs)}`;
      const action = phase.needsPerson ? " Nothing moves until a person acts." : "";
      return { headline, detail: `${phase.message}${action}` };
    }
    case "delivery_failing": {
      const records = phase.records === 1 ? "1 record is" : `${phase.records} records are`;
      const detail = `${phase.code}: ${phase.message}. ${records} waiting, attempt ${phase.attempt}. Nothing is bought meanwhile.`;
      return { headline: "Delivery is failing", detail };
    }
    case "stopping":
      return { headline: "Stopping", detail: "What has been bought is delivered first." };
    case "failed":
      return { headline: "Stopped by an error", detail: phase.message };
  }
}

function describePause({ limit, renewsAtMs, use }: Extract<Phase, { kind: "paused_at_limit" }>): PhaseWords {
  const where = use === undefined ? "" : `${use} `;
  if (renewsAtMs === undefined)
    return { headline: `Paused at ${limit}`, detail: `${where}This run buys nothing more.` };
  const detail = `${where}Nothing is bought until the billing cycle turns or the limit is raised.`;
  return { headline: `Paused at ${limit} until ${utcTime(renewsAtMs)}`, detail };
}

/** Billing cycles and X's windows are UTC, so a reader anywhere sees the same time. Seconds only where they count. */
export function utcTime(ms: number): string {
  if (!Number.isFinite(ms)) return "further notice";
  const iso = new Date(ms).toISOString();
  const seconds = iso.slice(16, 19);
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)}${seconds === ":00" ? "" : seconds} UTC`;
}
