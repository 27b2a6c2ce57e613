/** Reads a stored position back. What is stored decides what is bought, so nothing unexpected is taken for a position. */
import type { Gap, OpenWindow, Position } from "../window";

const ID = /^\d{1,20}$/;

/** @returns undefined when `value` is no position */
export function positionFrom(value: unknown): Position | undefined {
  return isPosition(value) ? value : undefined;
}

function isPosition(value: unknown): value is Position {
  return (
    isRecord(value) &&
    (value.sinceId === undefined || isId(value.sinceId)) &&
    (value.window === undefined || isWindow(value.window)) &&
    (value.caughtUpAtMs === undefined || Number.isFinite(value.caughtUpAtMs)) &&
    Array.isArray(value.gaps) &&
    value.gaps.every(isGap)
  );
}

function isWindow(value: unknown): value is OpenWindow {
  return isRecord(value) && isId(value.newestId) && isId(value.oldestDeliveredId);
}

function isGap(value: unknown): value is Gap {
  return isRecord(value) && isId(value.afterId) && isId(value.beforeId);
}

function isId(value: unknown): value is string {
  return typeof value === "string" && ID.test(value);
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
