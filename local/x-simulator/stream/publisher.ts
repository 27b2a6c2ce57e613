import type { Clock } from "../../support/clock";
import { Heap } from "../../support/heap";
import { hash32 } from "../../support/random";
import { firstIdAt, timeOfId } from "../snowflake";
import type { Timeline } from "../timeline";

/** How long after it was written a post reaches the stream; with two different bounds, posts come out of order. */
export interface DeliveryDelay {
  readonly minMs: number;
  /** X's is 6 to 7 s for one post in a hundred. */
  readonly maxMs: number;
}

/** What publishing needs. */
export interface PublisherProps {
  readonly timeline: Timeline;
  readonly clock: Clock;
  readonly seed: number;
  readonly delay: DeliveryDelay;
  /** Takes a post whose time has come. */
  readonly publish: (index: number) => void;
}

interface Pending {
  readonly index: number;
  readonly dueMs: number;
}

const DELAY_SALT = 53;

/** Hands out posts as they are written, while a client listens; posts of other times are left to search. */
export class Publisher {
  private pending: Heap<Pending> | undefined;
  private nextIndex = 0;
  private cancel: (() => void) | undefined;

  constructor(private readonly props: PublisherProps) {
    props.timeline.watch(() => this.run());
  }

  /** Begins with posts that are due from now on, also those written a moment ago. */
  start(): void {
    if (this.pending) return;
    const { timeline, clock, delay } = this.props;
    this.pending = new Heap<Pending>(({ dueMs }) => dueMs);
    this.nextIndex = timeline.countBelow(firstIdAt(clock.now() - delay.maxMs));
    const nowMs = clock.now();
    // A post that was due already had no listener.
    while (this.hasNext(nowMs)) this.take(({ dueMs }) => dueMs > nowMs);
    this.plan();
  }

  stop(): void {
    this.cancel?.();
    this.pending = undefined;
  }

  private run(): void {
    if (!this.pending) return;
    const nowMs = this.props.clock.now();
    while (this.hasNext(nowMs)) this.take(() => true);
    for (let first = this.pending?.peek(); first && first.dueMs <= nowMs; first = this.pending?.peek()) {
      this.pending?.pop();
      this.props.publish(first.index);
    }
    this.plan();
  }

  private hasNext(nowMs: number): boolean {
    const { timeline } = this.props;
    return this.nextIndex < timeline.size && timeOfId(timeline.idAt(this.nextIndex)) <= nowMs;
  }

  private take(isWanted: (post: Pending) => boolean): void {
    const index = this.nextIndex;
    const post = { index, dueMs: timeOfId(this.props.timeline.idAt(index)) + this.delayOf(index) };
    if (isWanted(post)) this.pending?.push(post);
    this.nextIndex += 1;
  }

  private delayOf(index: number): number {
    const { minMs, maxMs } = this.props.delay;
    return minMs + ((maxMs - minMs) * hash32(this.props.seed, index, DELAY_SALT)) / 2 ** 32;
  }

  private plan(): void {
    this.cancel?.();
    const { timeline, clock } = this.props;
    const nextMs =
      this.nextIndex < timeline.size ? timeOfId(timeline.idAt(this.nextIndex)) : Number.POSITIVE_INFINITY;
    const atMs = Math.min(nextMs, this.pending?.peek()?.dueMs ?? Number.POSITIVE_INFINITY);
    if (this.pending && atMs < Number.POSITIVE_INFINITY) {
      // A clock of the machine takes no waits beyond 24 days.
      this.cancel = clock.after(Math.min(atMs - clock.now(), 86_400_000), () => this.run());
    }
  }
}
