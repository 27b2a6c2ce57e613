/** The phase in words for people, and as a light. */

import { count, pluralIs, sentence } from "../runtime/words";
import type { Phase, TimedPhase } from "./phase";

export interface PhaseWords {
  readonly headline: string;
  readonly detail: string;
}

export function describePhase(phase: Phase, nowMs: number): PhaseWords {
  switch (phase.kind) {
    case "starting":
      return { headline: "Starting", detail: "Nothing has been read yet." };
    case "reading":
      return { headline: "Reading", detail: "Posts are bought and delivered page by page." };
    case "delivering":
      return {
        headline: "Delivering",
        detail: `${pluralIs(phase.posts, "post")} read and paid for, and not yet delivered. Nothing is bought meanwhile.`,
      };
    case "caught_up":
      return {
        headline: "Caught up",
        detail: "X had nothing newer at the last poll, and all that was read is delivered.",
      };
    case "listening":
      return {
        headline: "Listening",
        detail: "Connected to the filtered stream: posts are delivered as X sends them.",
      };
    case "connecting":
      return { headline: "Connecting", detail: "There is no connection to the filtered stream at present." };
    case "paused_at_limit":
      return describePause(phase);
    case "waiting_for_x":
      return describeWait(phase, nowMs);
    case "delivery_failing": {
      const waiting = pluralIs(phase.records, "record");
      const detail = `${phase.code}: ${sentence(phase.message)} ${waiting} waiting, attempt ${count(phase.attempt)}. Nothing is bought meanwhile.`;
      return { headline: "Delivery is failing", detail };
    }
    case "store_failing":
      return { headline: "The ledger cannot be reached", detail: phase.message };
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
  const detail = `${where}Nothing is bought until the next billing cycle starts or the limit is raised.`;
  return { headline: `Paused at ${limit} until ${utcTime(renewsAtMs)}`, detail };
}

function describeWait(
  { reason, message, untilMs, needsPerson }: Extract<Phase, { kind: "waiting_for_x" }>,
  nowMs: number,
): PhaseWords {
  const [waiting, over] =
    reason === "stream" ? ["Not connected", "Connecting"] : ["Waiting for X", "Asking X again"];
  const headline = nowMs < untilMs ? `${waiting} until ${utcTime(untilMs)}` : over;
  return { headline, detail: needsPerson ? `${message} Nothing moves until a person acts.` : message };
}

/** Green: it works. Amber: it waits. Red: a person is needed. Grey: it starts or stops. */
export type Light = "green" | "amber" | "red" | "grey";

/** After this time a start is no longer normal, and failures of delivery and of the store turn the light red. */
export const PATIENCE_MS = 60_000;

export function lightOf({ phase, sinceMs }: TimedPhase, nowMs: number): Light {
  const isLong = nowMs - sinceMs >= PATIENCE_MS;
  switch (phase.kind) {
    case "starting":
      return isLong ? "amber" : "grey";
    case "stopping":
      return "grey";
    case "reading":
    case "caught_up":
    case "listening":
      return "green";
    case "connecting":
      return "amber";
    case "paused_at_limit":
      return "amber";
    case "waiting_for_x":
      return phase.needsPerson ? "red" : "amber";
    case "delivery_failing":
      return isLong || phase.needsPerson ? "red" : "amber";
    case "delivering":
    case "store_failing":
      return isLong ? "red" : "amber";
    case "failed":
      return "red";
  }
}

/** Billing cycles and X's windows are UTC, so a reader anywhere sees the same time. Seconds only where they count. */
export function utcTime(ms: number): string {
  if (!Number.isFinite(ms)) return "further notice";
  const iso = new Date(ms).toISOString();
  const seconds = iso.slice(16, 19);
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)}${seconds === ":00" ? "" : seconds} UTC`;
}
