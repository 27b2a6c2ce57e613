/**
 * Listening to a stream, as it is meant to be read aloud: reserve what may come, connect, note the hole that was left, and
 * then, batch by batch: deliver it, write that it has been heard and paid for, and allow more. Reading goes on while a
 * batch is delivered; nothing counts as heard before it has been.
 */
import { type Loss, newLosses, withClaims } from "../../ledger/coverage";
import type { Interval } from "../../ledger/intervals";
import { coverageFor, type Ledger, withCoverage } from "../../ledger/ledger";
import type { LimitUse, Terms } from "../../ledger/limits";
import { connected, connecting, heard, heardThrough, withoutForgotten } from "../../ledger/stream";
import { MAX_ID } from "../../posts/ids";
import type { PostLine } from "../../posts/post";
import type { RecentIds } from "../../posts/recent-ids";
import { LIMIT_LOOK_MS, type Outcome } from "../buy";
import { deliveredBy, withDeliveredBy } from "../delivered";
import { SourceError } from "../errors";
import type { Observer } from "../events";
import type { Step } from "../ledger-access";
import type { Membership } from "../membership";
import type { Batch, Clock, PostConnection, PostStream, RecordSink } from "../ports";
import type { Purse } from "../purse";
import { RECENT_SEARCH_MS } from "../task";
import { type Booked, Meter } from "./meter";

export interface ListenPorts {
  readonly membership: Membership;
  readonly clock: Clock;
  /** Epoch milliseconds by X's clock. */
  readonly now: () => number;
  readonly observe: Observer;
  readonly sink: RecordSink;
  readonly stream: PostStream;
}

export interface ListenOptions {
  /** Key of the coverage. */
  readonly key: string;
  /** What is listened to, for people. */
  readonly query: string;
  readonly terms: Terms;
  readonly purse: Purse;
  /** Ids that were delivered last, by the stream or by search. */
  readonly delivered: RecentIds;
  /** Listen no more; what has come is delivered. */
  readonly stop: AbortSignal;
  /** Give up delivering. */
  readonly abort: AbortSignal;
}

/** What a connection has begun with. */
interface Begun {
  readonly hole: Interval | undefined;
  /** What X can no longer return of older holes. */
  readonly losses: readonly Loss[];
}

/** @throws SourceError, DismissedError, DeliveryError, AccessError, ConfigError */
export async function listen(ports: ListenPorts, options: ListenOptions): Promise<Outcome> {
  const listener = new Listener(ports, options);
  while (!options.stop.aborted) {
    await ports.stream.untilDue(options.stop);
    const allowed = await listener.reserve();
    if (typeof allowed === "string") return allowed;
    const connection = await listener.connect(allowed);
    if (connection !== undefined) await listener.hear(connection);
  }
  return "stopped";
}

class Listener {
  private readonly meter: Meter;

  constructor(
    private readonly ports: ListenPorts,
    private readonly options: ListenOptions,
  ) {
    const { key, terms, purse } = options;
    const { fence } = ports.membership;
    this.meter = new Meter({ key, fence, perPost: ports.stream.perPost, terms, purse });
  }

  /** Waits until the limits leave enough for a connection. @returns how many posts may come */
  async reserve(): Promise<number | Outcome> {
    const { membership, observe, clock } = this.ports;
    let reached: string | undefined;
    while (!this.options.stop.aborted) {
      await membership.confirm();
      const { posts, limit } = await this.tryReserve();
      if (posts > 0 || limit === undefined) {
        if (reached !== undefined) observe({ type: "limit_renewed", limit: reached });
        return posts;
      }
      if (reached === undefined) this.noteLimit(limit);
      reached = limit.limit;
      if (limit.renewsAtMs === undefined) return "limit";
      await clock.sleep(LIMIT_LOOK_MS, this.options.stop);
    }
    return "stopped";
  }

  /** What has been reserved is given back where there is no connection. */
  async connect(allowed: number): Promise<PostConnection | undefined> {
    try {
      const connection = await this.ports.stream.connect(allowed, this.options.stop);
      if (connection === undefined) await this.giveBack();
      return connection;
    } catch (error) {
      if (error instanceof SourceError && !error.mayBeBilled) await this.giveBack();
      throw error;
    }
  }

  async hear(connection: PostConnection): Promise<void> {
    const close = () => connection.close("stopped");
    this.options.stop.addEventListener("abort", close, { once: true });
    if (this.options.stop.aborted) close();
    try {
      await this.begin(connection);
      let batch: Batch;
      do {
        batch = await connection.next();
        const lines = await this.deliver(batch);
        connection.allow(await this.commit(batch, lines));
      } while (batch.end === undefined);
      const { reason, onTheWay } = batch.end;
      const stopped = this.options.stop.aborted;
      this.ports.observe({ type: "stream_disconnected", key: this.options.key, reason, onTheWay, stopped });
    } finally {
      connection.close("failed");
      this.options.stop.removeEventListener("abort", close);
    }
  }

  private async giveBack(): Promise<void> {
    await this.book((ledger) => this.meter.refused(ledger));
  }

  /** Another process may have settled for less since this one last looked. */
  private async tryReserve() {
    const reserve = (ledger: Ledger, nowMs: number) => {
      const coverage = this.coverageIn(ledger);
      const opened = this.meter.opened(ledger, heardThrough(coverage), nowMs);
      return opened.posts === 0 ? opened : { ...opened, ledger: this.withRules(opened.ledger, nowMs) };
    };
    const booked = await this.book(reserve);
    if (booked.posts > 0) return booked;
    await this.ports.membership.refresh();
    return this.book(reserve);
  }

  private async begin({ connectedAtMs, rules, ruleSet }: PostConnection): Promise<void> {
    const { key } = this.options;
    const at = { atMs: connectedAtMs, set: ruleSet, texts: rules };
    const { hole, losses } = await this.ports.membership.update(
      (ledger, nowMs): { ledger: Ledger; result: Begun } => {
        const window = { startMs: nowMs - RECENT_SEARCH_MS, nowMs };
        const before = this.coverageIn(ledger);
        const coverage = withoutForgotten(connected(before, at), window);
        const result = { hole: coverage.stream?.holes.at(-1), losses: newLosses(before, coverage) };
        return { ledger: this.withClaimed(ledger, coverage), result };
      },
    );
    const { observe } = this.ports;
    for (const loss of losses) observe({ type: "loss_recorded", key, loss });
    observe({ type: "stream_connected", key, atMs: connectedAtMs, ...(hole && { hole }) });
  }

  /** @returns what was delivered */
  private async deliver({ lines, page }: Batch): Promise<readonly PostLine[]> {
    const { sink, observe } = this.ports;
    const { key, delivered, abort } = this.options;
    if (page.posts.length > 0) observe({ type: "page_read", key, page });
    const fresh = withoutRepeated(lines, delivered);
    if (fresh.length === 0) return fresh;
    const receipt = await sink.deliver(fresh, abort);
    for (const { post } of fresh) delivered.add(post.id);
    observe({ type: "page_delivered", key, page, receipt });
    return fresh;
  }

  /** @returns how many more posts may come */
  private async commit(batch: Batch, lines: readonly PostLine[]): Promise<number> {
    const { key } = this.options;
    const { fence } = this.ports.membership;
    const delivered = deliveredBy(lines, batch.page);
    this.meter.noteRate(batch);
    const booked = await this.book((before, nowMs) => {
      const coverage = heard(this.coverageIn(before), batch.heardMs);
      const claimed = this.withClaimed(before, coverage);
      const ledger = withDeliveredBy(claimed, { key, fence, nowMs }, delivered);
      return this.meter.charged(ledger, batch, { after: heardThrough(coverage), nowMs });
    });
    const { heardMs, unknown, end } = batch;
    if (unknown > 0) this.ports.observe({ type: "unknown_messages", key, count: unknown });
    // X sends posts as they are made: while the connection lasts there is nothing newer.
    if (end === undefined) this.ports.observe({ type: "caught_up", key, atMs: heardMs });
    return booked.posts;
  }

  /** In the ledger and, before anything else of this process is booked, in the purse. */
  private book(step: (ledger: Ledger, nowMs: number) => Booked): Promise<Booked> {
    const change: Step<Booked> = (before, nowMs) => {
      const result = step(before, nowMs);
      return { ledger: result.ledger, result };
    };
    return this.ports.membership.update(change, undefined, (booked) => this.meter.keep(booked));
  }

  private withRules(ledger: Ledger, atMs: number): Ledger {
    const { ruleSet: set, rules: texts } = this.ports.stream;
    const before = this.coverageIn(ledger);
    const coverage = connecting(before, { atMs, set, texts });
    return coverage === before ? ledger : this.withClaimed(ledger, coverage);
  }

  private coverageIn(ledger: Ledger) {
    return coverageFor(ledger, this.options.key, this.options.query);
  }

  private withClaimed(ledger: Ledger, coverage: ReturnType<typeof coverageFor>): Ledger {
    const range = { after: coverage.start ?? "0", through: MAX_ID };
    return withCoverage(ledger, withClaims(coverage, this.ports.membership.fence, { range, archive: false }));
  }

  private noteLimit(use: LimitUse): void {
    const { limit, renewsAtMs } = use;
    this.ports.observe({ type: "limit_reached", limit, renewsAtMs, use });
  }
}

/** X may send a post twice, and search may have brought it already. */
function withoutRepeated(lines: readonly PostLine[], delivered: RecentIds): readonly PostLine[] {
  const seen = new Set<string>();
  return lines.filter(({ post: { id } }) => {
    if (seen.has(id) || delivered.has(id)) return false;
    seen.add(id);
    return true;
  });
}
