import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { CheckpointLostError } from "../errors";
import type { CheckpointStore } from "../ports";
import type { Position } from "../window";
import { isConditionFailed, isTransient } from "./dynamodb-errors";
import type { Update } from "./item-table";
import { type LeaseTaker, takeLease } from "./lease-takeover";

/** A lease lapses when its holder has not written for so long. A replacement therefore takes over within a minute. */
export const LEASE_MS = 30_000;
/** Three renewals fit in a lease, so that one lost answer does not cost it. A living holder is seen within this time. */
export const RENEW_MS = 10_000;
export const LEASE_POLL_MS = 1_000;

export interface LeaseOptions extends Omit<LeaseTaker, "ownerId" | "holder"> {
  readonly renewMs: number;
}

interface Held {
  readonly fence: number;
  readonly ownerId: string;
  /** Ends waits for DynamoDB when the process is to stop. */
  readonly signal: AbortSignal;
}

/** When something was true, on two clocks: one stands still while a machine sleeps, the other can be set back. */
interface Moment {
  readonly monotonic: number;
  readonly wall: number;
}

/** The checkpoint in DynamoDB. Every write is conditional on being still the holder, and so proves it. */
export class LeasedCheckpoint implements CheckpointStore {
  private readonly loss = new AbortController();
  private held: Held | undefined;
  private provenAt: Moment = { monotonic: Number.NEGATIVE_INFINITY, wall: Number.NEGATIVE_INFINITY };
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: LeaseOptions) {}

  get lost(): AbortSignal {
    return this.loss.signal;
  }

  /** @param signal also ends later waits of confirm() */
  async acquire(signal: AbortSignal): Promise<Position | undefined> {
    if (this.held !== undefined) throw new Error("This process holds the checkpoint already.");
    const ownerId = randomUUID();
    const asked = moment();
    const holder = `process ${process.pid} on ${hostname()}`;
    const item = await takeLease({ ...this.options, ownerId, holder }, signal);
    this.held = { fence: item.fence, ownerId, signal };
    this.provenAt = asked;
    this.timer = setInterval(() => void this.renewQuietly(), this.options.renewMs);
    this.timer.unref();
    return item.position;
  }

  /**
   * Returns at once while the last write is younger than the renewal interval. Otherwise writes, for as long as
   * DynamoDB takes to answer: nothing is bought meanwhile.
   * @throws StoppedError when told to stop before it has answered
   */
  async confirm(): Promise<void> {
    const held = this.assertHeld();
    if (ageOf(this.provenAt) >= this.options.renewMs) {
      await this.options.table.persist(() => this.renew(held), held.signal);
    }
    this.lost.throwIfAborted();
  }

  /** Tries again until DynamoDB answers or the process is about to be killed: posts that were paid for and delivered must not be bought again. */
  async save(position: Position): Promise<void> {
    const held = this.assertHeld();
    const update = {
      set: "SET #position = :position, updated_at = :now ADD renewals :one",
      names: { "#position": "position" },
      values: { ":position": { S: JSON.stringify(position) }, ":now": { S: this.now() }, ":one": { N: "1" } },
    };
    await this.options.table.persist(() => this.write(held, update));
  }

  async release(): Promise<void> {
    const { held } = this;
    clearInterval(this.timer);
    this.held = undefined;
    if (held === undefined || this.lost.aborted) return;
    const values = { ":now": { S: this.now() } };
    await this.write(held, { set: "SET updated_at = :now REMOVE owner_id, holder", values }).catch(
      unlessSomebodyElses,
    );
  }

  private renew(held: Held): Promise<void> {
    return this.write(held, { set: "ADD renewals :one", values: { ":one": { N: "1" } } });
  }

  /** In the background, a failure is left to the next renewal or to confirm(). */
  private async renewQuietly(): Promise<void> {
    if (this.held === undefined || this.lost.aborted) return;
    await this.renew(this.held).catch(() => undefined);
  }

  private async write(held: Held, update: Omit<Update, "condition">): Promise<void> {
    const asked = moment();
    try {
      await this.options.table.update(this.options.pk, {
        ...update,
        condition: "fence = :fence AND owner_id = :owner",
        values: { ...update.values, ":fence": { N: String(held.fence) }, ":owner": { S: held.ownerId } },
      });
      this.provenAt = asked;
    } catch (error) {
      throw isConditionFailed(error) ? this.lose(error) : error;
    }
  }

  private assertHeld(): Held {
    this.lost.throwIfAborted();
    if (this.held !== undefined) return this.held;
    throw new CheckpointLostError(`The checkpoint ${this.options.pk} is not held: acquire it first.`);
  }

  private lose(cause: unknown): CheckpointLostError {
    clearInterval(this.timer);
    const error = new CheckpointLostError(
      `Another ingester has taken over the checkpoint ${this.options.pk} of table ${this.options.table.name}. ` +
        "This one buys nothing more.",
      { cause },
    );
    this.loss.abort(error);
    return error;
  }

  private now(): string {
    return new Date(this.options.clock.now()).toISOString();
  }
}

function moment(): Moment {
  return { monotonic: performance.now(), wall: Date.now() };
}

function ageOf({ monotonic, wall }: Moment): number {
  return Math.max(performance.now() - monotonic, Date.now() - wall);
}

/** A lease that another one has taken, or that DynamoDB cannot be told about, ends by itself. */
function unlessSomebodyElses(error: unknown): void {
  if (!(error instanceof CheckpointLostError) && !isTransient(error)) throw error;
}
