/** One process's way to the ledger: read, apply a pure function, swap; again from the start when another was faster. */
import { budgetAt } from "../ledger/budget";
import { type Ledger, newLedger, withReceipt } from "../ledger/ledger";
import { IngesterError } from "./errors";
import type { LedgerStore, StoredLedger } from "./ports";

export interface LedgerAccessOptions {
  readonly store: LedgerStore;
  /** Epoch milliseconds, by X's clock as far as it is known: budgets go by it. */
  readonly now: () => number;
  /** Day of the month on which the billing cycle of a new ledger starts. */
  readonly cycleDay: number;
  /** An id that no other process gives out. */
  readonly newId: () => string;
  /** False: `now` is the machine's clock alone, and a wrong one must not end a billing cycle. @default true */
  readonly endsCycles?: boolean;
}

export interface Change<T> {
  /** The very ledger that was given, when nothing has to be written. */
  readonly ledger: Ledger;
  readonly result: T;
}

/** Pure: it may be applied several times. */
export type Step<T> = (ledger: Ledger, nowMs: number) => Change<T>;

/** With this many conflicts in a row the store does not compare versions. */
const MAX_CONFLICTS = 1_000;

export class LedgerAccess {
  private known: StoredLedger | undefined;
  private hasRead = false;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: LedgerAccessOptions) {}

  /** As this process last saw it; a new one before it has looked. */
  get ledger(): Ledger {
    const { now, cycleDay } = this.options;
    return this.known?.ledger ?? newLedger(now(), cycleDay);
  }

  /**
   * Applies a step and writes its outcome durably. Goes by what this process last saw; a conflict corrects that.
   * @param onWritten is called once with the result, before this process applies any other step. What other steps read is
   *   changed there: code after an `await` of this promise can run later than the next step.
   */
  update<T>(step: Step<T>, signal: AbortSignal, onWritten?: (result: T) => void): Promise<T> {
    return this.exclusively(async () => {
      for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts += 1) {
        if (!this.hasRead) await this.read(signal);
        const { now, endsCycles = true } = this.options;
        const nowMs = now();
        const before = this.ledger;
        const { ledger, result } = step(endsCycles ? withBudgetAt(before, nowMs) : before, nowMs);
        if (ledger !== before && !(await this.write(ledger, signal))) continue;
        onWritten?.(result);
        return result;
      }
      throw new IngesterError(`The ledger could not be written: ${MAX_CONFLICTS} conflicts in a row.`);
    });
  }

  /**
   * As `update`, for a process that is not listed as a worker: a write whose answer got lost is not made again, although
   * others have written since. A receipt in the ledger shows it.
   */
  once<T>(step: Step<T>, signal: AbortSignal): Promise<T> {
    const receipt = this.options.newId();
    let tried: { readonly result: T } | undefined;
    return this.update((before, nowMs) => {
      if (tried !== undefined && before.receipts?.includes(receipt) === true)
        return { ledger: before, result: tried.result };
      const { ledger, result } = step(before, nowMs);
      tried = { result };
      return { ledger: ledger === before ? ledger : withReceipt(ledger, receipt), result };
    }, signal);
  }

  /** Looks at what other processes have written. */
  refresh(signal: AbortSignal): Promise<Ledger> {
    return this.exclusively(async () => {
      await this.read(signal);
      return this.ledger;
    });
  }

  private async read(signal: AbortSignal): Promise<void> {
    this.known = await this.options.store.read(signal);
    this.hasRead = true;
  }

  private async write(ledger: Ledger, signal: AbortSignal): Promise<boolean> {
    const expected = this.known?.version;
    const next = { ledger, version: (expected ?? 0) + 1 };
    this.hasRead = false;
    if (!(await this.options.store.swap(next, expected, signal))) return false;
    this.known = next;
    this.hasRead = true;
    return true;
  }

  /** One after the other, so that no two steps start from the same version. */
  private exclusively<T>(action: () => Promise<T>): Promise<T> {
    const result = this.queue.then(action);
    this.queue = result.catch(() => undefined);
    return result;
  }
}

function withBudgetAt(ledger: Ledger, nowMs: number): Ledger {
  const budget = budgetAt(ledger.budget, nowMs);
  return budget === ledger.budget ? ledger : { ...ledger, budget };
}
