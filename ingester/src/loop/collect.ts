/**
 * The loop, as it is meant to be read aloud: reserve the next page, read it, deliver its posts, and only then write it
 * into the ledger. One page at a time, so that a crash costs at most one page read again, and nothing is read while
 * delivery stalls.
 */
import { type Intervals, isWithin } from "../ledger/intervals";
import { coverageOf } from "../ledger/ledger";
import { type Id, nextId } from "../posts/ids";
import { linesOf } from "../posts/page-lines";
import type { Post } from "../posts/post";
import { Buyer, type BuyerOptions, type BuyerPorts, type Outcome, type Purchase } from "./buy";
import type { Page, RecordSink } from "./ports";

export interface CollectPorts extends BuyerPorts {
  readonly sink: RecordSink;
}

export interface CollectOptions extends BuyerOptions {
  /** Give up delivering: the deadline after `stop`, or the worker was dismissed. */
  readonly abort: AbortSignal;
}

/**
 * Collects the tasks, whose holes this worker has claimed.
 * @throws SourceError, DismissedError, DeliveryError, AccessError, ConfigError (errors.ts has the exit codes)
 */
export async function collect(ports: CollectPorts, options: CollectOptions): Promise<Outcome> {
  const buyer = new Buyer(ports, options);
  let purchase = await buyer.next();
  while (typeof purchase !== "string") {
    const page = await buyer.read(purchase);
    if (page === "limit") return page;
    if (page === undefined) purchase = await buyer.next();
    else {
      await deliver(purchase, page, { ports, options });
      purchase = await buyer.commit(purchase, page);
    }
  }
  return purchase;
}

async function deliver(
  { task, asked }: Purchase,
  page: Page,
  { ports, options }: { readonly ports: CollectPorts; readonly options: CollectOptions },
): Promise<void> {
  const owned = coverageOf(ports.membership.ledger, task.key)?.owned ?? [];
  const isNew = ({ id }: Post) => isWithin(asked, id) || !isBoundOf(owned, id);
  const lines = linesOf(page, isNew);
  if (lines.length === 0) return;
  const receipt = await ports.sink.deliver(lines, options.abort);
  ports.observe({ type: "page_delivered", key: task.key, page, receipt });
}

/**
 * Bounds of what is owned are ids of posts that were delivered; X may return them again. Of other posts outside the
 * hole it is not known whether they are new, unless the source has seen them: they are delivered, perhaps twice.
 */
function isBoundOf(owned: Intervals, id: Id): boolean {
  return owned.some(({ after, through }) => id === through || id === nextId(after));
}
