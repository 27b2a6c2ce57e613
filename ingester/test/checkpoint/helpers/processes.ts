import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { HolderOptions } from "./holder";

/** A real process around a checkpoint: helpers/holder.ts. */
export class HolderProcess {
  private constructor(private readonly child: ChildProcess) {}

  static async start(options: HolderOptions): Promise<HolderProcess> {
    const child = fork(join(__dirname, "holder.ts"), [JSON.stringify(options)], {
      execArgv: ["--import", "tsx"],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      env: { ...process.env, NODE_NO_WARNINGS: "1" },
    });
    await once(child, "message");
    return new HolderProcess(child);
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
    const answer = once(this.child, "message");
    this.child.send(command);
    return (await answer)[0];
  }
}
