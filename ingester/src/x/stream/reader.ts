/**
 * Reads a connection of the filtered stream: bytes to lines to messages, batched by count, size and age. Reading does not
 * wait for delivery. When more bytes wait for delivery than a bound, the reader closes the connection, and search buys the
 * missing posts.
 */
import type { RuleSet } from "../../ledger/stream-state";
import type { Batch, Clock, ConnectionEnd, NamedRule, PostConnection } from "../../loop/ports";
import { isId, timeOfId } from "../../posts/ids";
import type { Provenance } from "../../posts/post";
import { Arrivals } from "./arrivals";
import { Hearing, PULSE } from "./hearing";
import { LineSplitter, type StreamLine } from "./lines";
import { messageOf } from "./messages";
import type { Opened } from "./opening";
import { Rate } from "./rate";
import type { Disconnection } from "./reconnect";
import { ruleSetOf } from "./rules/rules";

export interface ReaderOptions {
  readonly opened: Opened;
  readonly clock: Clock;
  /** Epoch milliseconds by X's clock. */
  readonly now: () => number;
  readonly rules: readonly NamedRule[];
  /** Tags as the rules' users wrote them, by X's id. */
  readonly tags: ReadonlyMap<string, string>;
  /** Held at most, in bytes as X sent them. */
  readonly bufferBytes: number;
  readonly allowed: number;
  readonly onReceived: (received: Received) => void;
}

/** What arrived since the report before. */
export interface Received {
  readonly posts: number;
  readonly heartbeat: boolean;
  /** Bytes that have not been given out in a batch yet. */
  readonly heldBytes: number;
}

/** How often arrived posts are reported. Heartbeats are reported at once. */
const REPORT_MS = 1_000;
/**
 * docs.x.com: a heartbeat comes every 20 s at least, and without one the client is to reconnect; 2 s are for its way.
 */
const SILENCE_MS = 22_000;
/** A connection that has lasted so long counts as working, even if it brought no post. */
const HEALTHY_MS = 60_000;
const MIN_MARGIN = 20;

export class StreamReader implements PostConnection {
  readonly connectedAtMs: number;
  readonly rules: readonly NamedRule[];
  readonly ruleSet: RuleSet;
  private readonly splitter = new LineSplitter();
  private readonly rate: Rate;
  private readonly startedAt: number;
  private readonly arrivals: Arrivals;
  private readonly hearing: Hearing;
  /** Posts that have come, and those of them that were given out in batches. */
  private received = 0;
  private taken = 0;
  /** Of those that have come, how many were reported, and when. */
  private reported = 0;
  private reportedAt = Number.NEGATIVE_INFINITY;
  private closeAt: number;
  private ended: (ConnectionEnd & { readonly kind: Disconnection }) | undefined;
  private readonly ending = new AbortController();
  private wake: () => void = () => undefined;
  private provenance: Provenance;

  constructor(private readonly options: ReaderOptions) {
    const { opened, clock, now, rules, allowed } = options;
    this.rules = rules;
    this.ruleSet = ruleSetOf(rules.map(({ rule }) => rule));
    this.connectedAtMs = now();
    this.startedAt = clock.elapsed();
    this.arrivals = new Arrivals(this.startedAt);
    this.hearing = new Hearing(this.startedAt, this.connectedAtMs);
    this.rate = new Rate(this.startedAt);
    this.closeAt = allowed;
    this.provenance = provenanceAt(this.connectedAtMs);
    opened.onBytes(() => this.hearing.noteBytes(clock.elapsed(), now()));
    opened.body.on("data", (chunk: Buffer) => this.read(chunk));
    opened.body.once("end", () =>
      this.end({ reason: "X ended the connection", kind: "network", onTheWay: this.missing }),
    );
    opened.body.once("error", (error: NodeJS.ErrnoException) => {
      const reason = `the connection broke (${error.code ?? error.message})`;
      this.end({ reason, kind: "network", onTheWay: this.margin });
    });
    opened.body.once("close", () => {
      this.end({ reason: "the connection broke", kind: "network", onTheWay: this.missing });
    });
    void this.beat();
  }

  /** How the connection ended, for the wait before the next one; undefined while it lasts. */
  get disconnection(): Disconnection | undefined {
    if (this.ended === undefined) return undefined;
    const { kind } = this.ended;
    const wasHealthy = this.received > 0 || this.hearing.lastByteAt - this.startedAt >= HEALTHY_MS;
    return kind === "network" && wasHealthy ? "closed" : kind;
  }

  /** How long it has lasted, in milliseconds. */
  get livedMs(): number {
    return this.hearing.lastByteAt - this.startedAt;
  }

  allow(posts: number): void {
    this.closeAt = this.taken + posts;
    this.closeInTime();
  }

  close(reason: string): void {
    this.end({ reason, kind: "closed", onTheWay: this.margin });
  }

  async next(): Promise<Batch> {
    for (let wait = this.waitMs(); wait > 0; wait = this.waitMs()) await this.untilWoken(wait);
    if (this.ended === undefined && this.isSilent) {
      this.end({
        reason: `nothing came for ${SILENCE_MS / 1_000} s`,
        kind: "network",
        onTheWay: this.margin,
      });
    }
    return this.take();
  }

  private async beat(): Promise<void> {
    const { clock } = this.options;
    while (this.ended === undefined) {
      await clock.sleep(PULSE.everyMs, this.ending.signal);
      this.hearing.notePulse(clock.elapsed());
    }
  }

  private read(chunk: Buffer): void {
    const { receivedMs } = this.hearing;
    if (this.provenance.received_at.slice(0, 19) !== new Date(receivedMs).toISOString().slice(0, 19)) {
      this.provenance = provenanceAt(receivedMs);
    }
    // Posts that have arrived are billed, even those behind the message because of which the connection is closed.
    const lines = this.splitter.push(chunk);
    for (const line of lines) this.note(line);
    this.hearing.noteParsed();
    const heartbeat = lines.some(({ type }) => type === "heartbeat");
    const isDue = this.options.clock.elapsed() - this.reportedAt >= REPORT_MS;
    if (heartbeat || isDue) this.report(heartbeat);
    if (this.arrivals.bytes + this.splitter.pending > this.options.bufferBytes) {
      this.close("delivery is slower than the stream: the buffer is full (STREAM_BUFFER_MIB)");
    }
  }

  private report(heartbeat: boolean): void {
    const posts = this.received - this.reported;
    this.reported = this.received;
    this.reportedAt = this.options.clock.elapsed();
    this.options.onReceived({ posts, heartbeat, heldBytes: this.arrivals.bytes + this.splitter.pending });
  }

  private note(line: StreamLine): void {
    if (line.type === "heartbeat") return;
    const message = messageOf(line, this.provenance, this.options.tags);
    if (message.type === "error") {
      this.end({ reason: message.message, kind: "refused", onTheWay: 0 });
      return;
    }
    const elapsed = this.options.clock.elapsed();
    const isDueEarlier = this.arrivals.add(message, line.bytes, elapsed);
    if (message.type === "post") {
      this.received += 1;
      const { id } = message.post;
      if (isId(id)) this.hearing.notePost(timeOfId(id));
      this.rate.add(elapsed);
      this.closeInTime();
    }
    if (isDueEarlier) this.wake();
  }

  private closeInTime(): void {
    if (this.ended === undefined && this.received + this.margin >= this.closeAt) {
      this.close("the limit is close: what is left of it is for what is already on its way, and for search");
    }
  }

  /**
   * Posts that X can send before it notices that the connection is closed: a second of posts at the highest rate of the
   * last minute, at most; threefold, since rates change.
   */
  private get margin(): number {
    return Math.max(MIN_MARGIN, 3 * this.rate.peak(this.options.clock.elapsed()));
  }

  /** Posts that X may have sent and that have not arrived; none if the answer was received to its end. */
  private get missing(): number {
    return this.options.opened.isComplete() && this.splitter.pending === 0 ? 0 : this.margin;
  }

  private end(end: ConnectionEnd & { readonly kind: Disconnection }): void {
    if (this.ended !== undefined) return;
    this.ended = end;
    this.ending.abort();
    this.options.opened.close();
    this.wake();
  }

  /** Milliseconds until the next batch is due; 0: now. */
  private waitMs(): number {
    if (this.ended !== undefined) return 0;
    const dueAt = Math.min(this.arrivals.dueAt, this.hearing.lastByteAt + SILENCE_MS);
    return Math.max(0, dueAt - this.options.clock.elapsed());
  }

  private get isSilent(): boolean {
    return this.options.clock.elapsed() - this.hearing.lastByteAt >= SILENCE_MS;
  }

  private async untilWoken(ms: number): Promise<void> {
    const waking = new AbortController();
    this.wake = () => waking.abort();
    await this.options.clock.sleep(ms, waking.signal);
    this.wake = () => undefined;
  }

  private take(): Batch {
    const { lines, unknown, ...bought } = this.arrivals.take(this.options.clock.elapsed());
    const { posts } = bought;
    this.taken += posts.length;
    this.report(false);
    const { ended } = this;
    return {
      page: {
        ...bought,
        ...{ fresh: posts, includes: {}, provenance: this.provenance },
        receivedAtMs: this.hearing.receivedMs,
        ...{ covers: undefined, lost: undefined, filled: false },
      },
      lines,
      unknown,
      heardMs: this.hearing.heardMs,
      ...(ended && { end: { reason: ended.reason, onTheWay: ended.onTheWay } }),
    };
  }
}

function provenanceAt(ms: number): Provenance {
  return { source: "stream", received_at: new Date(ms).toISOString() };
}
