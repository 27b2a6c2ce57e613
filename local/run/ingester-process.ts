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
  /** Modules that are loaded into its process first. */
  readonly preload?: readonly string[];
  /** Gets what those modules send. */
  readonly onMessage?: (message: unknown) => void;
  /** Gets everything the ingester prints. */
  readonly logFile: string;
  /** Called with warnings and errors, in words for a person. */
  readonly tell: (message: string) => void;
}

/** How the ingester ended. */
export interface IngesterExit {
  /** Events of its log, without repetition. */
  readonly events: ReadonlySet<string>;
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
  private readonly said = new Set<string>();
  private readonly events = new Set<string>();

  constructor(private readonly props: IngesterProps) {
    const log = createWriteStream(props.logFile, { flags: "a" });
    log.on("error", ({ message }) => this.tellOnce(`its log is incomplete: ${message}.`));
    // Detached: Ctrl-C in a terminal reaches every process of the group, and the ingester would take the
    // runner's stop for the second signal, the one that means "at once".
    const preload = [TETHER, ...(props.preload ?? [])].flatMap((module) => ["--require", module]);
    this.child = spawn(process.execPath, [...preload, props.entry, ...props.args], {
      env: props.env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    if (props.onMessage !== undefined) this.child.on("message", props.onMessage);
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
      this.child.once("close", (code, signal) =>
        log.end(() => resolve({ code, signal, events: this.events })),
      );
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
    const { event, level, message, msg } = parsed(line);
    if (typeof event === "string") this.events.add(event);
    if (TOLD_LEVELS.includes(level)) this.tellOnce(String(message ?? msg ?? event));
  }

  /** Node's own warnings are for developers: they stay in the log. */
  private tellPlain(line: string): void {
    if (line.trim() !== "" && !isNodeWarning(line)) this.tellOnce(line);
  }

  /** The ingester logs what ends it and prints it for a person; here a person sees both. */
  private tellOnce(message: string): void {
    const words = message.replace(/^ingester: /, "");
    if (this.said.has(words)) return;
    this.said.add(words);
    this.props.tell(`ingester: ${words}`);
  }
}

/** A JSON log line; nothing of any other line. */
function parsed(line: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(line)) as Record<string, unknown>;
  } catch {
    return {};
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
