/** What commands draw in a terminal. Pure: text in, text out. */
import { count } from "../../runtime/words";

const BAR_WIDTH = 30;
/** In a terminal that is narrower than this, a bar is short. */
const WIDE_COLUMNS = 60;

/** `███░░░  57 %` */
export function progressBar(fraction: number, columns = WIDE_COLUMNS): string {
  const share = Math.min(1, Math.max(0, fraction));
  const width = columns < WIDE_COLUMNS ? BAR_WIDTH / 3 : BAR_WIDTH;
  const filled = Math.round(share * width);
  const bar = "█".repeat(filled) + "░".repeat(width - filled);
  return `${bar} ${String(Math.floor(share * 100)).padStart(3)} %`;
}

export interface ChartRow {
  readonly label: string;
  readonly value: number;
  /** What the bar is made of. @default "█" */
  readonly mark?: string;
}

/** Horizontal bars, the largest value at full width; bars get shorter in a narrow terminal. */
export function barChart(rows: readonly ChartRow[], columns = 80): string {
  const largest = Math.max(1, ...rows.map(({ value }) => value));
  const labelWidth = Math.max(0, ...rows.map(({ label }) => label.length));
  const valueWidth = Math.max(0, ...rows.map(({ value }) => count(value).length));
  const barWidth = Math.max(3, Math.min(BAR_WIDTH, columns - labelWidth - valueWidth - 7));
  return rows
    .map(({ label, value, mark = "█" }) => {
      const length = value === 0 ? 0 : Math.max(1, Math.round((value / largest) * barWidth));
      return `  ${label.padEnd(labelWidth)}  ${mark.repeat(length).padEnd(barWidth)}  ${count(value).padStart(valueWidth)}`;
    })
    .join("\n");
}

/** A stretch of time, drawn with a mark. */
export interface Mark {
  readonly mark: string;
  readonly fromMs: number;
  readonly toMs: number;
}

const TIMELINE = { least: 10, most: 50 };

/**
 * Stretches as one bar. Later ones are drawn over earlier ones, and a stretch that is shorter than a column still gets
 * one: a small hole must be seen, so holes come last.
 * @param room columns that it may take; it takes 50 at most
 */
export function timeline(marks: readonly Mark[], room: number = TIMELINE.most): string {
  const width = Math.max(TIMELINE.least, Math.min(TIMELINE.most, room));
  const fromMs = Math.min(...marks.map((mark) => mark.fromMs));
  const toMs = Math.max(...marks.map((mark) => mark.toMs));
  const columns = new Array<string>(width).fill(" ");
  const columnOf = (ms: number) => ((ms - fromMs) / Math.max(1, toMs - fromMs)) * width;
  for (const { mark, fromMs: start, toMs: end } of marks) {
    const first = Math.min(width - 1, Math.floor(columnOf(start)));
    columns.fill(mark, first, Math.max(first + 1, Math.round(columnOf(end))));
  }
  return columns.join("");
}
