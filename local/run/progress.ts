import { progressBar } from "../../ingester/src/commands/terminal/draw";
import { fitted } from "../../ingester/src/commands/terminal/live-line";
import { say, type TextOutput } from "../support/say";
import { formatCount } from "./format";

/** How far a run has come. */
export interface ProgressState {
  readonly read: number;
  readonly delivered: number;
  readonly objects: number;
  /** Posts this run will read at most. */
  readonly total: number;
}

/** Goes to the line's beginning and clears it. */
export const CLEAR_LINE = "\r\u001b[2K";

const POLL_MS = 100;

/** Without a terminal, a line after this share of the posts or this time, whichever comes first. */
const LINE_STEPS = 4;
const LINE_MS = 5000;

/** Shows how far a run has come: one rewritten line on a terminal, a few plain lines elsewhere. */
export class Progress {
  private readonly timer: NodeJS.Timeout;
  private lastStep = 0;
  private lastLine = "";
  private lastLineMs = Date.now();
  private shown = false;
  private stopped = false;

  constructor(
    private readonly state: () => ProgressState,
    private readonly output: TextOutput = process.stdout,
  ) {
    this.timer = setInterval(() => this.show(), POLL_MS);
  }

  /** Prints a line of its own, above the bar if there is one. */
  say(message: string): void {
    this.clearBar();
    say(`${message}\n`, this.output);
  }

  /** Shows the last state and ends; once is enough. */
  stop(): void {
    if (this.stopped) return;
    this.stopped = true;
    clearInterval(this.timer);
    const state = this.state();
    if (!this.output.isTTY) {
      const line = `${describe(state)}\n`;
      if (state.total > 0 && line !== this.lastLine) this.output.write(line);
      return;
    }
    this.drawBar();
    this.output.write("\n");
    this.shown = false;
  }

  private show(): void {
    if (this.output.isTTY) this.drawBar();
    else this.writeLine();
  }

  private drawBar(): void {
    const line = renderBar(this.state(), this.output.columns ?? 80);
    this.output.write(`${CLEAR_LINE}${line}`);
    this.shown = true;
  }

  private clearBar(): void {
    if (this.shown) this.output.write(CLEAR_LINE);
    this.shown = false;
  }

  private writeLine(): void {
    const state = this.state();
    if (state.total === 0) return;
    const step = Math.floor(share(state) * LINE_STEPS);
    const isLate = Date.now() - this.lastLineMs >= LINE_MS;
    const line = `${describe(state)}\n`;
    if ((step === this.lastStep && !isLate) || line === this.lastLine) return;
    this.lastStep = step;
    this.lastLineMs = Date.now();
    this.lastLine = line;
    this.output.write(line);
  }
}

/** One line: bar, percentage, and as many counts as fit. */
export function renderBar(state: ProgressState, columns: number): string {
  return fitted([progressBar(share(state), columns), ...counts(state)], columns - 1);
}

function describe(state: ProgressState): string {
  return counts(state).join(", ");
}

function counts({ read, delivered, objects, total }: ProgressState): readonly string[] {
  return [
    `read ${formatCount(read)} of ${formatCount(total)} posts`,
    `delivered ${formatCount(delivered)}`,
    `objects ${formatCount(objects)}`,
  ];
}

/** What has been delivered is done; nothing to do is done too. */
function share({ delivered, total }: ProgressState): number {
  return total === 0 ? 1 : Math.min(1, delivered / total);
}
