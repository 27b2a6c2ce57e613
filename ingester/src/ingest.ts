/**
 * The loop, as it is meant to be read aloud: buy the next page within the budget, deliver its posts, and only then
 * move the checkpoint. One page at a time, so that a crash costs at most one page read again, and nothing is read
 * while delivery stalls.
 */
import type {
  CheckpointStore,
  Clock,
  Observer,
  PostPage,
  PostSource,
  RecordSink,
  SpendingMeter,
} from "./ports";
import { includesFor, type PostLine, type Provenance } from "./post";
import { Reader } from "./reader";
import type { Gap, Position } from "./window";

export interface IngestPorts {
  readonly source: PostSource;
  readonly sink: RecordSink;
  readonly checkpoints: CheckpointStore;
  readonly meter: SpendingMeter;
  readonly clock: Clock;
  readonly observe: Observer;
  readonly random: () => number;
}

export interface IngestOptions {
  /** Where to go on. */
  readonly position: Position;
  /** End when caught up, or at a limit. */
  readonly runOnce: boolean;
  /** Pause between polls when caught up, in milliseconds. */
  readonly pollMs: number;
  /** What lines say of their origin. */
  readonly origin: Pick<Provenance, "source" | "query">;
  /** Read no more; deliver and save what has been bought. */
  readonly stop: AbortSignal;
  /** Give up delivering, too: the deadline after `stop`, or a lost checkpoint. */
  readonly abort: AbortSignal;
}

export type Outcome = "caught_up" | "limit" | "stopped";

/** @throws SourceError, CheckpointLostError, DeliveryError, AccessError, ConfigError (see errors.ts for exit codes) */
export async function ingest(ports: IngestPorts, options: IngestOptions): Promise<Outcome> {
  const reader = new Reader(ports, options);
  let position = options.position;
  for (;;) {
    const page = await reader.next(position);
    if (typeof page === "string") return page;
    await deliver(page, ports, options);
    await ports.checkpoints.save(page.position);
    reportGaps(position, page.position, ports.observe);
    position = page.position;
    if (!page.caughtUp) continue;
    await ports.meter.flush();
    ports.observe({ type: "caught_up", position });
    if (options.runOnce) return "caught_up";
    await ports.clock.sleep(options.pollMs, options.stop);
  }
}

async function deliver(
  page: PostPage,
  { sink, observe }: IngestPorts,
  options: IngestOptions,
): Promise<void> {
  if (page.posts.length === 0) return;
  const receipt = await sink.deliver(linesOf(page, options.origin), options.abort);
  observe({ type: "page_delivered", page, receipt });
}

/** One line per post, each with the includes it refers to. */
export function linesOf(page: PostPage, origin: IngestOptions["origin"]): readonly PostLine[] {
  const provenance: Provenance = { ...origin, received_at: new Date(page.receivedAtMs).toISOString() };
  return page.posts.map((post) => ({ post, includes: includesFor(post, page.includes), provenance }));
}

function reportGaps(before: Position, after: Position, observe: Observer): void {
  const known = new Set<Gap>(before.gaps);
  for (const gap of after.gaps) if (!known.has(gap)) observe({ type: "gap_recorded", gap });
}
