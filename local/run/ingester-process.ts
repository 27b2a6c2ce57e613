import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, existsSync, type WriteStream } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { UsageError } from "../support/usage-error";

/** How the ingester is run. */
export interface IngesterProps {
  /** The bundle's entry file. */
  readonly entry: string;
  readonly args: readonly string[];
  /** The whole environment; nothing else is passed on. */
  readonly env: Readonly<Record<string, string>>;
  /** Gets everything the ingester prints. */
  readonly logFile: string;
  /** Told of warnings and errors, in words for a person. */
  readonly tell: (message: string) => void;
}

/** How the ingester ended. */
export interface IngesterExit {
  /** `null` when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const TETHER = join(__dirname, "tether.cjs");

/** Log levels that a person should see, by name and (pino's own default) by number. */
const TOLD_LEVELS: readonly unknown[] = ["warn", "error", "fatal", 40, 50, 60];

/** @throws UsageError when there is no ingester to run yet. */
export function requireEntry(entry: string): void {
  if (!existsSync(entry)) {
    throw new UsageError(`${entry} does not exist. Build the ingester first: npm run build`);
  }
}

/** The ingester as its own process, the same file and command as in the container. */
export class IngesterProcess {
  /** Resolves when the process has ended and everything it printed has been read. */
  readonly exited: Promise<IngesterExit>;
  private readonly child: ChildProcess;
  private readonly told = new Set<string>();

  constructor(private readonly props: IngesterProps) {
    const log = createWriteStream(props.logFile, { flags: "a" });
    // Detached: Ctrl-C in a terminal reaches every process of the group, and the ingester would take the
    // runner's stop for the second signal, the one that means "at once".
    this.child = spawn(process.execPath, ["--require", TETHER, props.entry, ...props.args], {
      env: props.env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.exited = this.untilClosed(log);
    this.follow(this.child.stdout, log, (line) => this.tellLogLine(line));
    this.follow(this.child.stderr, log, (line) => this.tellPlain(line));
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Asks the ingester to stop cleanly, or kills it. */
  stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): void {
    this.child.kill(signal);
  }

  private untilClosed(log: WriteStream): Promise<IngesterExit> {
    return new Promise((resolve, reject) => {
      this.child.once("error", reject);
      this.child.once("close", (code, signal) => log.end(() => resolve({ code, signal })));
    });
  }

  private follow(stream: NodeJS.ReadableStream | null, log: WriteStream, tell: (line: string) => void): void {
    if (!stream) return;
    createInterface({ input: stream }).on("line", (line) => {
      log.write(`${line}\n`);
      tell(line);
    });
  }

  private tellLogLine(line: string): void {
    const message = toldMessage(line);
    if (message !== undefined) this.tellOnce(message);
  }

  /** Node's own warnings are for developers: they stay in the log. */
  private tellPlain(line: string): void {
    if (line.trim() !== "" && !isNodeWarning(line)) this.tellOnce(line);
  }

  /** The ingester logs what ends it and prints it for a person; here a person sees both. */
  private tellOnce(message: string): void {
    const words = message.replace(/^ingester: /, "");
    if (this.told.has(words)) return;
    this.told.add(words);
    this.props.tell(`ingester: ${words}`);
  }
}

/** The message of a JSON log line at a level that a person should see. */
function toldMessage(line: string): string | undefined {
  try {
    const { level, message, msg, event } = JSON.parse(line) as Record<string, unknown>;
    return TOLD_LEVELS.includes(level) ? String(message ?? msg ?? event) : undefined;
  } catch {
    return undefined;
  }
}

let insideWarning = false;

/** A warning is several lines: from `(node:123) Warning` to the hint at `--trace-warnings`. */
function isNodeWarning(line: string): boolean {
  if (/^\(node:\d+\) /.test(line)) insideWarning = true;
  const belongs = insideWarning;
  if (/^\(Use `node --trace-/.test(line)) insideWarning = false;
  return belongs;
}
