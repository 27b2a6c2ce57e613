/**
 * Which workers of a ledger are gone. Clocks of different hosts are never compared. A worker of this host is gone when its
 * process is. Another one is gone when its beat has not moved for the whole lease that it states, measured by this process
 * alone: every write of another worker changes the version, so a swap that succeeds proves that nothing has moved since the
 * last look.
 */
import type { Ledger, ProcessIdentity, Worker } from "../ledger/ledger";
import type { Clock } from "./ports";

export interface GoneWorkersOptions {
  readonly clock: Clock;
  /** Whether the process runs; undefined: it cannot be seen from here. */
  readonly isRunning: (process: ProcessIdentity) => boolean | undefined;
}

export class GoneWorkers {
  private readonly seen = new Map<number, { readonly beat: number; readonly sinceMs: number }>();

  constructor(private readonly options: GoneWorkersOptions) {}

  /** Their fences. Looking is what makes time count against them. @param own fence of the worker that looks */
  in({ workers }: Ledger, own: number | undefined): readonly number[] {
    const elapsed = this.options.clock.elapsed();
    return workers
      .filter((worker) => worker.fence !== own && this.isGone(worker, elapsed))
      .map(({ fence }) => fence);
  }

  private isGone({ fence, beat, leaseSeconds, process }: Worker, elapsed: number): boolean {
    const runs = this.options.isRunning(process);
    if (runs !== undefined) return !runs;
    const seen = this.seen.get(fence);
    if (seen?.beat === beat) return elapsed - seen.sinceMs >= leaseSeconds * 1_000;
    this.seen.set(fence, { beat, sinceMs: elapsed });
    return false;
  }
}
