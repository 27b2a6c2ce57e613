import { readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { beat, type Candidate, closeCandidate, readLock, removeLock } from "./lock-file";
import { heldHere, type TakeOptions, takeLock } from "./lock-takeover";

/** How often a holder touches its lock, for takers on other hosts. */
export const HEARTBEAT_MS = 10_000;
/** Age at which a lock of another host counts as left behind: six missed heartbeats. */
export const STALE_MS = 60_000;
/** How often a taker looks at a lock of another host. */
export const LOCK_POLL_MS = 1_000;

export interface ProcessLockOptions extends TakeOptions {
  readonly heartbeatMs: number;
  /** Called at most once, when the lock turns out to be somebody else's or gone. */
  readonly onLost: (message: string) => void;
}

/**
 * A lock file bound to the living process: it counts only as long as its holder runs, so nothing has to be cleaned up
 * after a crash. On the holder's own host that is seen at once, elsewhere by the missing heartbeat.
 */
export class ProcessLock {
  private readonly timer: NodeJS.Timeout;
  private released = false;

  private constructor(
    private readonly candidate: Candidate,
    private readonly options: ProcessLockOptions,
  ) {
    this.timer = setInterval(() => this.tick(), options.heartbeatMs);
    this.timer.unref();
  }

  /** @throws CheckpointHeldError when a living process holds the lock */
  static async take(options: ProcessLockOptions): Promise<ProcessLock> {
    const lock = new ProcessLock(await takeLock(options), options);
    lock.tidy();
    return lock;
  }

  /** Does nothing to a lock that is no longer ours. */
  release(): void {
    if (this.released) return;
    this.released = true;
    clearInterval(this.timer);
    closeCandidate(this.candidate);
    heldHere.delete(this.options.id);
    removeLock(this.options.path, this.options.id);
  }

  private tick(): void {
    if (this.isOurs()) beat(this.candidate);
    else {
      clearInterval(this.timer);
      this.options.onLost(`its lock ${this.options.path} was replaced or deleted`);
    }
  }

  /** A lock that cannot be read now is left to the next beat: every write to the state checks the fence anyway. */
  private isOurs(): boolean {
    try {
      return readLock(this.options.path)?.id === this.options.id;
    } catch {
      return true;
    }
  }

  /** Removes what crashed takers have left. Living takers notice, look again, and find this lock. */
  private tidy(): void {
    const prefix = `${basename(this.options.path)}.`;
    const directory = dirname(this.options.path);
    for (const name of readdirSync(directory)) {
      if (name.startsWith(prefix)) rmSync(join(directory, name), { force: true });
    }
  }
}
