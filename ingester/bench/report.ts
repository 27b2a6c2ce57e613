/** Measurements as lines of text. */
import type { Measurement } from "./measure";
import type { StreamMeasurement } from "./stream/compare";

const COLUMNS = "posts/s   CPU s per M   peak MiB   bytes/post   calls per 1,000   billed/actual";

export function header(posts: number): string {
  return `\n${`${posts.toLocaleString("en-US")} posts`.padEnd(36)}${COLUMNS}`;
}

/** The medians of several runs of one contestant. */
export function row(runs: readonly Measurement[]): string {
  const middle = (pick: (run: Measurement) => number) => median(runs.map(pick));
  const [first] = runs;
  return [
    (first?.contestant ?? "").padEnd(34),
    figure(
      middle(({ posts, seconds }) => posts / seconds),
      9,
      0,
    ),
    figure(
      middle(({ cpuSeconds, posts }) => (cpuSeconds / posts) * 1e6),
      14,
      1,
    ),
    figure(
      middle(({ peakRssMiB }) => peakRssMiB),
      11,
      0,
    ),
    figure(
      middle(({ bytesPerPost }) => bytesPerPost),
      13,
      0,
    ),
    figure(
      middle(({ calls, posts }) => (calls / posts) * 1_000),
      18,
      1,
    ),
    figure(
      middle(({ billedOverActual }) => billedOverActual),
      16,
      3,
    ),
  ].join("");
}

export function streamRows(runs: readonly StreamMeasurement[]): string {
  const { rate = 0 } = runs[0] ?? {};
  return [
    `\n${`${rate.toLocaleString("en-US")} posts/s of the stream`.padEnd(34)}   CPU s per M   peak MiB   keeps up`,
    ...runs.map(({ contestant, posts, cpuSeconds, peakRssMiB, keptUp }) =>
      [
        contestant.padEnd(34),
        figure((cpuSeconds / posts) * 1e6, 14, 1),
        figure(peakRssMiB, 11, 0),
        (keptUp ? "yes" : "no").padStart(11),
      ].join(""),
    ),
  ].join("\n");
}

/** Milliseconds from starting a process. */
export interface StartTimes {
  /** Until a Node process that does nothing has ended. */
  readonly emptyMs: number;
  /** Until the ingester's first request has arrived at X. */
  readonly firstRequestMs: number;
}

export function startLine({ emptyMs, firstRequestMs }: StartTimes): string {
  const ratio = (firstRequestMs / emptyMs).toFixed(1);
  return `\nStart: an empty Node process ${emptyMs.toFixed(0)} ms, the ingester's first request ${firstRequestMs.toFixed(0)} ms: ${ratio} times.`;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function figure(value: number, width: number, digits: number): string {
  const text = value.toLocaleString("en-US", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return text.padStart(width);
}
