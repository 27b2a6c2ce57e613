/** The last line of a terminal, rewritten in place while work goes on; log lines go above it. */

import { wrapped } from "../../runtime/wrap";

/** Goes to the line's beginning and clears it. */
const CLEAR_LINE = "\r\u001b[2K";
const REDRAW_MS = 500;
/** What a terminal writes behind the line when Ctrl-C is pressed. */
const INTERRUPTED = "^C";

export interface Terminal {
  readonly write: (text: string) => void;
  /** Now, since a window can be resized. */
  readonly columns: () => number;
  /** It clears a line when told so; a dumb one shows the codes. @default true */
  readonly canRedraw?: boolean;
}

export class LiveLine {
  private timer: NodeJS.Timeout | undefined;

  /** @param parts of the line, the most important first: a narrow terminal leaves out the last ones */
  constructor(
    private readonly terminal: Terminal,
    private readonly parts: () => readonly string[],
  ) {}

  start(): void {
    if (this.terminal.canRedraw === false) return;
    this.draw();
    this.timer = setInterval(() => this.draw(), REDRAW_MS);
    this.timer.unref();
  }

  /** Writes lines above. */
  readonly say = (text: string): void => {
    if (text === "") return;
    const shown = wrapped(text, this.terminal.columns());
    this.terminal.write(this.timer === undefined ? shown : `${CLEAR_LINE}${shown}`);
    if (this.timer !== undefined) this.draw();
  };

  /** Removes the line: what was shown is said by the line that the command ends with. */
  stop(): void {
    if (this.timer === undefined) return;
    clearInterval(this.timer);
    this.timer = undefined;
    this.terminal.write(CLEAR_LINE);
  }

  private draw(): void {
    const room = this.terminal.columns() - 1 - INTERRUPTED.length;
    this.terminal.write(`${CLEAR_LINE}${fitted(this.parts(), room)}`);
  }
}

/** As many parts as fit; the first one is cut where it does not fit alone. A line that wraps would scroll. */
export function fitted(parts: readonly string[], columns: number): string {
  const width = Math.max(1, columns);
  const first = parts[0] ?? "";
  let line = first.length > width ? `${first.slice(0, width - 1)}…` : first;
  for (const part of parts.slice(1)) {
    const longer = `${line}  ${part}`;
    if (part !== "" && longer.length <= width) line = longer;
  }
  return line;
}
