/** Reads a stored meter back. A meter that cannot be read must not be taken for an empty one: it would spend twice. */
import type { MeterState, Outstanding } from "./meter";
import { isRecord } from "./position-json";

/** @returns undefined when `value` is no meter */
export function meterFrom(value: unknown): MeterState | undefined {
  return isMeter(value) ? value : undefined;
}

function isMeter(value: unknown): value is MeterState {
  return (
    isRecord(value) &&
    isCycle(value.cycle) &&
    (value.turnedAtMs === undefined || Number.isFinite(value.turnedAtMs)) &&
    isReads(value.spent) &&
    isRecord(value.outstanding) &&
    Object.values(value.outstanding).every(isOutstanding)
  );
}

function isCycle(value: unknown): boolean {
  if (!isRecord(value) || !Number.isInteger(value.day)) return false;
  return Number.isFinite(value.startMs) && Number.isFinite(value.endMs);
}

function isOutstanding(value: unknown): value is Outstanding {
  if (!isRecord(value) || typeof value.session !== "string") return false;
  return isReads(value.reads) && Number.isFinite(value.cycleStartMs);
}

function isReads(value: unknown): boolean {
  return isRecord(value) && [value.posts, value.includedPosts, value.includedUsers].every(isAmount);
}

function isAmount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
