import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { HolderOptions } from "./holder";

/** Starting processes takes seconds on a machine that has more to do. */
export const PROCESS_TEST_MS = 60_000;

/** A real process around a checkpoint: helpers/holder.ts. Kill it, however the test ends. */
export class HolderProcess {
  private readonly child: ChildProcess;
  private readonly ready: Promise<unknown>;

  constructor(options: HolderOptions) {
    this.child = fork(join(__dirname, "holder.ts"), [JSON.stringify(options)], {
      execArgv: ["--import", "tsx"],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      env: { ...process.env, NODE_NO_WARNINGS: "1" },
    });
    this.ready = once(this.child, "message");
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  acquire(): Promise<string> {
    return this.ask("acquire");
  }

  release(): Promise<string> {
    return this.ask("release");
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill("SIGKILL");
    await once(this.child, "exit");
  }

  private async ask(command: string): Promise<string> {
    await this.ready;
    const answer = once(this.child, "message");
    this.child.send(command);
    return (await answer)[0];
  }
}
