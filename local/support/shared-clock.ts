import type { ChildProcess } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Clock } from "./clock";
import { SimulatedClock } from "./simulated-clock";

const PRELOAD = resolve(__dirname, "shared-clock-preload.cjs");

/** By default 100 ms pass in a step; with the machine's milliseconds between two steps, up to 25 times as fast. */
const STEP_MS = 100;
const TICK_MS = 4;

/**
 * One time for servers in this process and for child processes, faster than the machine's. It moves in steps, and only
 * when every child has lived to see the last one: a busy machine makes it slower, and no timer late.
 *
 * @example
 * const clock = new SharedClock();
 * const x = new XSimulator({ clock });
 * clock.join(spawn(process.execPath, ["main.js"], { env: { ...env, ...clock.environment } }));
 */
export class SharedClock implements Clock {
  private readonly time = new SimulatedClock();
  private readonly directory = mkdtempSync(join(tmpdir(), "shared-clock-"));
  private readonly path = join(this.directory, "now");
  private readonly file: number;
  private readonly children = new Set<number>();
  private readonly ticking: NodeJS.Timeout;
  private isStepping = false;
  private isClosed = false;

  /**
   * @param stepMs how finely time moves, in milliseconds
   * @param tickMs the machine's milliseconds between two steps, at least: with `stepMs` the highest speed
   */
  constructor(
    private readonly stepMs = STEP_MS,
    tickMs = TICK_MS,
  ) {
    this.file = openSync(this.path, "w");
    this.write();
    this.ticking = setInterval(() => void this.step(), tickMs);
  }

  now(): number {
    return this.time.now();
  }

  after(milliseconds: number, action: () => void): () => void {
    return this.time.after(milliseconds, action);
  }

  /** Resolves when so much time has passed. */
  pass(milliseconds: number): Promise<void> {
    return new Promise((done) => void this.after(milliseconds, done));
  }

  /** Skips time in which no process runs, such as days. */
  async skip(milliseconds: number): Promise<void> {
    await this.time.run(milliseconds);
    this.write();
  }

  /** Time waits for this process, from its start to its end. */
  join(child: ChildProcess): void {
    const { pid } = child;
    if (pid === undefined) return;
    this.children.add(pid);
    child.once("exit", () => this.leave(child));
  }

  /** Time goes on without this process, such as while it is suspended. */
  leave({ pid }: ChildProcess): void {
    if (pid !== undefined) this.children.delete(pid);
  }

  /** Variables of a Node process that is to have this time, from its start on. */
  get environment(): Readonly<Record<string, string>> {
    return { NODE_OPTIONS: `--require ${JSON.stringify(PRELOAD)}`, SHARED_CLOCK: this.path };
  }

  close(): void {
    this.isClosed = true;
    clearInterval(this.ticking);
    closeSync(this.file);
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async step(): Promise<void> {
    if (this.isStepping || ![...this.children].every((pid) => this.hasSeen(pid))) return;
    this.isStepping = true;
    await this.time.run(this.stepMs);
    this.isStepping = false;
    if (!this.isClosed) this.write();
  }

  private write(): void {
    writeSync(this.file, new Uint8Array(new Float64Array([this.time.now()]).buffer), 0, 8, 0);
  }

  private hasSeen(pid: number): boolean {
    try {
      const note = readFileSync(`${this.path}.${pid}`);
      return note.length === 8 && note.readDoubleLE() >= this.time.now();
    } catch {
      return false;
    }
  }
}
