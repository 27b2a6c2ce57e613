import { randomSequence } from "./random";
import { UsageError } from "./usage-error";

/** What every fault has in common; `none` lets one request through, to place a fault behind it. */
export interface FaultShape {
  readonly kind: string;
}

/** Faults at random, the same for the same seed. */
export interface FaultSchedule<Fault> {
  readonly seed: number;
  /** Share of requests that meet a fault, 0 to 1. */
  readonly share: number;
  /** One of these is picked each time. */
  readonly faults: readonly Fault[];
}

/** A change to a plan, as it is posted to a server's control address. */
export interface FaultCommand<Fault> {
  /** Forget everything planned so far, first. @default false */
  readonly clear?: boolean;
  /** Faults for the next requests, one each, in this order. */
  readonly queue?: readonly Fault[];
  /** What happens when the queue is empty. */
  readonly schedule?: FaultSchedule<Fault>;
}

/** Decides which fault, if any, the next request meets: first what is queued, then what is scheduled. */
export class FaultPlan<Fault extends FaultShape> {
  private queue: Fault[] = [];
  private scheduled: (() => Fault | undefined) | undefined;
  private readonly counts = new Map<string, number>();
  private watcher: (() => void) | undefined;

  /** Calls back at each request, before anything is done with it: a moment to end the client. */
  watch(watcher: (() => void) | undefined): void {
    this.watcher = watcher;
  }

  /** Plans faults for the next requests, one each. */
  enqueue(...faults: readonly Fault[]): void {
    this.queue.push(...faults);
  }

  /** Plans faults at random for every request that finds the queue empty. */
  schedule(schedule: FaultSchedule<Fault>): void {
    if (schedule.faults.length === 0) throw new UsageError("A fault schedule needs at least one fault.");
    const random = randomSequence(schedule.seed);
    this.scheduled = () => {
      const met = random() < schedule.share;
      const pick = schedule.faults[Math.floor(random() * schedule.faults.length)];
      return met ? pick : undefined;
    };
  }

  /** Forgets everything planned; what has been injected stays counted. */
  clear(): void {
    this.queue = [];
    this.scheduled = undefined;
  }

  /** Applies a posted command. */
  apply(command: FaultCommand<Fault>): void {
    if (command.clear) this.clear();
    if (command.queue) this.enqueue(...command.queue);
    if (command.schedule) this.schedule(command.schedule);
  }

  /** The fault of the request that has just arrived. */
  next(): Fault | undefined {
    this.watcher?.();
    const fault = this.queue.shift() ?? this.scheduled?.();
    if (!fault || fault.kind === "none") return undefined;
    this.counts.set(fault.kind, (this.counts.get(fault.kind) ?? 0) + 1);
    return fault;
  }

  /** How many queued faults are still to come, and how often each kind has been met. */
  report(): { readonly queued: number; readonly injected: Readonly<Record<string, number>> } {
    return { queued: this.queue.length, injected: Object.fromEntries(this.counts) };
  }
}
