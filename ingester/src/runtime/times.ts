/** Times as people write them: ISO 8601, UTC where no zone is given, on every machine. */

const TIME =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3})\d*)?)?(Z|[+-]\d{2}:\d{2})?)?$/i;
const MINUTE_MS = 60_000;
/** The largest offset in use is that of Kiribati. */
const MAX_OFFSET_MINUTES = 14 * 60;

export type ReadTime =
  | { readonly ms: number }
  /** `not_a_time`: written in another form; `impossible`: no day of the calendar, or no time of the clock. */
  | { readonly problem: "not_a_time" | "impossible" };

/** @example readTime("2026-11-20T09:00+01:00") // { ms: Date.UTC(2026, 10, 20, 8) } */
export function readTime(text: string): ReadTime {
  const match = TIME.exec(text.trim());
  if (match === null) return { problem: "not_a_time" };
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((digits) => Number(digits ?? 0));
  const local = Date.UTC(year, month - 1, day, hour, minute, second, Number((match[7] ?? "").padEnd(3, "0")));
  const offset = offsetMinutes(match[8]);
  const written = [year, month, day, hour, minute, second];
  const date = new Date(local);
  const read = [
    ...[date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()],
    ...[date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()],
  ];
  const isPossible =
    written.every((part, index) => part === read[index]) && Math.abs(offset) <= MAX_OFFSET_MINUTES;
  return isPossible ? { ms: local - offset * MINUTE_MS } : { problem: "impossible" };
}

function offsetMinutes(zone = "Z"): number {
  if (zone.toUpperCase() === "Z") return 0;
  const [hours = 0, minutes = 0] = zone.slice(1).split(":").map(Number);
  return (zone.startsWith("-") ? -1 : 1) * (minutes > 59 ? Number.POSITIVE_INFINITY : hours * 60 + minutes);
}
