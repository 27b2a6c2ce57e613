/** The same log lines, for a person at a terminal: time, level, event, sentence, then the figures. */
import type { LineOutput } from "../../runtime/logger";

const MARKS: Readonly<Record<string, string>> = { warn: "WARN ", error: "ERROR" };

export function humanOutput(write: (text: string) => void): LineOutput {
  return { write: (line) => write(describeLine(line)) };
}

/** Left out are lines that are no log lines (metrics), and the fatal one: the command ends with its message anyway. */
export function describeLine(line: string): string {
  const { level, time, event, message, ...fields } = parse(line);
  if (typeof level !== "string" || typeof time !== "string" || level === "fatal") return "";
  const figures = Object.entries(fields).map(([name, value]) => `${name}=${format(value)}`);
  const words = [time.slice(11, 19), MARKS[level] ?? "     ", String(event), message, ...figures];
  return `${words.filter((word) => word !== undefined).join(" ")}\n`;
}

function parse(line: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function format(value: unknown): string {
  if (typeof value === "object" && value !== null && "message" in value) return String(value.message);
  return typeof value === "string" ? value : JSON.stringify(value);
}
