/** Where everything is that outlives a process, and what has happened in it. */
import type { Ledger } from "../../src/ledger/ledger";
import type { StoredLedger } from "../../src/loop/ports";
import { Random } from "./random";
import { SimulatedX } from "./simulated-x";
import { VirtualClock } from "./virtual-clock";

export class World {
  readonly clock: VirtualClock;
  readonly x: SimulatedX;
  readonly random: Random;
  /** Ids of lines, one for each time a line was taken. */
  readonly bucket: string[] = [];
  readonly store: MemoryStore;
  /** One line for every effect, in order: the same seed makes the same lines. */
  readonly log: string[] = [];
  private pids = 0;

  /** @param cycleDay first day of X's billing cycles */
  constructor(
    seed: number,
    startMs: number,
    readonly cycleDay = 1,
  ) {
    this.clock = new VirtualClock(startMs);
    this.x = new SimulatedX(this.clock);
    this.random = new Random(seed);
    this.store = new MemoryStore();
  }

  get ledger(): Ledger | undefined {
    return this.store.read()?.ledger;
  }

  /** Started so far. */
  get processes(): number {
    return this.pids;
  }

  newPid(): number {
    this.pids += 1;
    return this.pids;
  }

  note(what: string): void {
    this.log.push(`${new Date(this.clock.nowMs).toISOString()} ${what}`);
  }
}

/** The ledger in memory, as text, so that nothing is shared that a real store would not share. */
export class MemoryStore {
  swaps = 0;
  /** Told of every ledger that is written. */
  onSwap: (ledger: Ledger) => void = () => undefined;
  private text: string | undefined;

  read(): StoredLedger | undefined {
    return this.text === undefined ? undefined : (JSON.parse(this.text) as StoredLedger);
  }

  swap(next: StoredLedger, expected: number | undefined): boolean {
    if (this.read()?.version !== expected) return false;
    this.text = JSON.stringify(next);
    this.swaps += 1;
    this.onSwap(next.ledger);
    return true;
  }
}
