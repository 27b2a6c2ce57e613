import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { TSX, TYPESCRIPT } from "./typescript";

const ROOT = join(__dirname, "../../..");

/** A command of this repository, running. */
export class Command {
  stdout = "";
  stderr = "";
  readonly child: ChildProcess;
  /** Resolves with the exit code, or the signal's name. */
  readonly ended: Promise<number | NodeJS.Signals>;

  /** @param script relative to the repository, for example `local/start.ts`. */
  constructor(
    script: string,
    args: readonly string[] = [],
    env: NodeJS.ProcessEnv = {},
    /** Where stdout goes: a pipe that is read, or a file descriptor. */
    stdout: "pipe" | number = "pipe",
    runner: readonly string[] = TYPESCRIPT,
  ) {
    this.child = spawn(process.execPath, [...runner, script, ...args], {
      cwd: ROOT,
      stdio: ["pipe", stdout, "pipe"],
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    });
    this.child.stdout?.on("data", (text) => {
      this.stdout += String(text);
    });
    this.child.stderr?.on("data", (text) => {
      this.stderr += String(text);
    });
    this.ended = once(this.child, "close").then(([code, signal]) => code ?? signal);
  }

  /** The command, started by what `npm run` starts it by. */
  static asNpmRuns(script: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Command {
    return new Command(script, args, env, "pipe", TSX);
  }

  /** Waits for words on stdout. @returns what the pattern's group matched. */
  async says(pattern: RegExp): Promise<string> {
    for (;;) {
      const match = pattern.exec(this.stdout);
      if (match) return match[1] ?? match[0];
      const over = await Promise.race([this.ended, pause()]);
      if (over !== undefined) throw new Error(`It ended (${over}) saying: ${this.stdout}${this.stderr}`);
    }
  }

  stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number | NodeJS.Signals> {
    this.child.kill(signal);
    return this.ended;
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}
