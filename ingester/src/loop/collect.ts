/**
 * The loop, as it is meant to be read aloud: reserve the next page, read it, deliver its posts, and only then write it
 * into the ledger. One page at a time, so that a crash costs at most one page read again, and nothing is read while
 * delivery stalls.
 */
import type { PostLine } from "../posts/post";
import { Buyer, type BuyerOptions, type BuyerPorts, type Outcome, type Purchase } from "./buy";
import type { Page, RecordSink } from "./ports";
import { Schedule } from "./schedule";
import type { Task } from "./task";

export interface CollectPorts extends BuyerPorts {
  readonly sink: RecordSink;
}

export interface PlanOptions extends BuyerOptions {
  /** Give up delivering: the deadline after `stop`, or the worker was dismissed. */
  readonly abort: AbortSignal;
}

export interface CollectOptions extends Omit<PlanOptions, "plan"> {
  readonly tasks: readonly Task[];
}

/** Collects queries, in turns. @throws as collectPlan */
export function collect(ports: CollectPorts, { tasks, ...options }: CollectOptions): Promise<Outcome> {
  const plan = new Schedule(tasks, ports.membership.fence, options.once);
  return collectPlan(ports, { ...options, plan });
}

/**
 * Collects what the plan chooses; this worker has claimed its holes.
 * @throws SourceError, DismissedError, DeliveryError, AccessError, ConfigError (errors.ts has the exit codes)
 */
export async function collectPlan(ports: CollectPorts, options: PlanOptions): Promise<Outcome> {
  const buyer = new Buyer(ports, options);
  let next = await buyer.next();
  while (typeof next !== "string") next = await collectPage(next, { buyer, ports, options });
  return next;
}

interface Collecting {
  readonly buyer: Buyer;
  readonly ports: CollectPorts;
  readonly options: PlanOptions;
}

/** A function of its own, so that nothing holds a page in memory while the next one is read. */
async function collectPage(
  purchase: Purchase,
  { buyer, ports, options }: Collecting,
): Promise<Purchase | Outcome> {
  const page = await buyer.read(purchase);
  if (page === "limit") return page;
  if (page === undefined) return buyer.next();
  const lines = options.plan.linesOf({ ...purchase, page }, ports.membership.ledger);
  await deliver(lines, { purchase, page, ports, options });
  return buyer.commit(purchase, page, lines);
}

interface Delivery {
  readonly purchase: Purchase;
  readonly page: Page;
  readonly ports: CollectPorts;
  readonly options: PlanOptions;
}

async function deliver(
  lines: readonly PostLine[],
  { purchase, page, ports, options }: Delivery,
): Promise<void> {
  if (lines.length === 0) return;
  const receipt = await ports.sink.deliver(lines, options.abort);
  ports.observe({ type: "page_delivered", key: purchase.task.key, page, receipt });
}
