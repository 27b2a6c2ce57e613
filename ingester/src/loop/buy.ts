/**
 * Buying within the budget: reserve, read, settle, wait. One page at a time for all queries of the process, so that a
 * crash puts at most one page at risk. The settlement of a page, its coverage and the next reservation are one write.
 */
import { type Account, settled } from "../ledger/account";
import { newLosses } from "../ledger/coverage";
import type { Interval } from "../ledger/intervals";
import { coverageOf, type Ledger } from "../ledger/ledger";
import type { LimitUse, Terms } from "../ledger/limits";
import { reserve } from "../ledger/reserve";
import { RESERVED_FOR_MS, type Settlement } from "../ledger/risks";
import type { PostLine } from "../posts/post";
import { deliveredBy, withDeliveredBy } from "./delivered";
import { SourceError } from "./errors";
import type { Observer } from "./events";
import type { Change, Step } from "./ledger-access";
import type { Membership } from "./membership";
import type { Plan, Turn } from "./plan";
import type { Clock, Page } from "./ports";
import { type Purse, purses } from "./purse";
import { SourceFailures } from "./source-failures";

export interface BuyerPorts {
  readonly membership: Membership;
  readonly clock: Clock;
  /** Epoch milliseconds by X's clock, as the ledger's steps see it. */
  readonly now: () => number;
  readonly observe: Observer;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

export interface BuyerOptions {
  readonly plan: Plan;
  readonly terms: Terms;
  /** End when caught up, at a limit, and after failures that last. */
  readonly once: boolean;
  /** No further read once it aborts; a read under way is waited for, since X may be billing it. */
  readonly stop: AbortSignal;
  /** Where this process counts what it buys. @default - of its own */
  readonly purse?: Purse;
}

/** Why nothing more is bought. */
export type Outcome = "caught_up" | "limit" | "stopped";

/** A page that may be read: its worst case is booked. */
export interface Purchase extends Turn {
  /** Of the reservation. */
  readonly id: string;
  /** The part of the hole that X is asked for. */
  readonly asked: Interval;
  readonly maxPosts: number;
  /** Epoch milliseconds by X's clock. */
  readonly reservedAtMs: number;
}

/** How often a limit is looked at again: a person can raise it, release what is at risk, or stop another worker. */
export const LIMIT_LOOK_MS = 60_000;

/** What the next write finds: a purchase, a limit, or nothing that is due. */
type Next = { readonly purchase: Purchase; readonly run: Account } | { readonly limit: LimitUse } | undefined;

export class Buyer {
  private readonly plan: Plan;
  private readonly purse: Purse;
  private purchases = 0;
  private readonly failures: SourceFailures;

  constructor(
    private readonly ports: BuyerPorts,
    private readonly options: BuyerOptions,
  ) {
    this.plan = options.plan;
    this.purse = options.purse ?? purses("all").all;
    this.failures = new SourceFailures(ports, options);
  }

  /** Waits until a page is due and may be bought. @throws DismissedError */
  async next(): Promise<Purchase | Outcome> {
    const { observe } = this.ports;
    let reached: string | undefined;
    while (!this.options.stop.aborted) {
      const next = await this.tryNext();
      if (next === undefined) {
        if (!(await this.untilDue())) return this.done();
      } else if ("purchase" in next) {
        if (reached !== undefined) observe({ type: "limit_renewed", limit: reached });
        return this.accepted(next);
      } else {
        const { limit, renewsAtMs } = next.limit;
        if (reached === undefined) observe({ type: "limit_reached", limit, renewsAtMs, use: next.limit });
        reached = limit;
        if (this.options.once || renewsAtMs === undefined) return "limit";
        await this.ports.clock.sleep(LIMIT_LOOK_MS, this.options.stop);
      }
    }
    return "stopped";
  }

  /** Another process may have settled for less since this one last looked: a limit is believed at second sight. */
  private async tryNext(): Promise<Next> {
    const { membership } = this.ports;
    const next = await this.write(this.reserveNext, (found) => this.keep(found));
    if (next === undefined || "purchase" in next) return next;
    await membership.refresh();
    return this.write(this.reserveNext, (found) => this.keep(found));
  }

  /** @returns undefined when nothing came: the purchase is settled, and a failure waited for. @throws SourceError, DismissedError */
  async read(purchase: Purchase): Promise<Page | "limit" | undefined> {
    const { membership, observe, now } = this.ports;
    const { task, asked, maxPosts } = purchase;
    try {
      await membership.confirm();
      if (now() - purchase.reservedAtMs > RESERVED_FOR_MS) return await this.giveBack(purchase);
      const page = await task.source.read({ hole: asked, maxPosts, signal: this.options.stop });
      if (page.stalled === undefined) this.failures.forget();
      observe({ type: "page_read", key: task.key, page });
      return page;
    } catch (error) {
      const failure = error instanceof SourceError ? error : undefined;
      // Whatever it was, nothing may be bought with a reservation whose outcome is not known.
      await this.settle(purchase, this.outcomeOf(failure));
      if (failure === undefined) throw error;
      return this.failures.wait(failure);
    }
  }

  /** Writes that a page has been delivered and, in the same write, reserves the next one where one is due. */
  async commit(purchase: Purchase, page: Page, lines: readonly PostLine[]): Promise<Purchase | Outcome> {
    const { membership, observe, now } = this.ports;
    const { task, asked } = purchase;
    const before = coverageOf(membership.ledger, task.key);
    this.plan.done({ ...purchase, page }, now());
    const settlement: Settlement = {
      type: "billed",
      amounts: page.billed,
      ids: page.posts.map(({ id }) => id),
      // A page that needed no answer covers nothing: what a lost answer has cost is still not known.
      downTo: page.covers?.after ?? asked.through,
    };
    const delivered = deliveredBy(lines, page);
    const { fence } = membership;
    const step: Step<Next> = (ledger, nowMs) => {
      const budget = { ...ledger.budget, ...settled(ledger.budget, purchase.id, settlement) };
      const advanced = this.plan.advanced({ ...ledger, budget }, { ...purchase, page }, nowMs);
      const committed = withDeliveredBy(advanced, { key: task.key, fence, nowMs }, delivered);
      return this.options.stop.aborted
        ? { ledger: committed, result: undefined }
        : this.reserved(committed, settled(this.purse.account, purchase.id, settlement), nowMs);
    };
    const next = await this.write(step, (found) => {
      this.purse.keep(settled(this.purse.account, purchase.id, settlement));
      this.keep(found);
    });
    const after = coverageOf(membership.ledger, task.key);
    for (const loss of after === undefined ? [] : newLosses(before, after)) {
      observe({ type: "loss_recorded", key: task.key, loss });
    }
    this.noteStall(purchase, page);
    if (page.filled && this.plan.isCaughtUp(purchase, membership.ledger)) {
      observe({ type: "caught_up", key: task.key, atMs: page.receivedAtMs });
    }
    return next !== undefined && "purchase" in next ? this.accepted(next) : this.next();
  }

  private readonly reserveNext: Step<Next> = (ledger, nowMs) =>
    this.reserved(ledger, this.purse.account, nowMs);

  private reserved(ledger: Ledger, run: Account, nowMs: number): Change<Next> {
    const turn = this.plan.choose(ledger, nowMs);
    if (turn === undefined) return { ledger, result: undefined };
    const { fence } = this.ports.membership;
    const id = `${fence}.${this.purchases}`;
    const read = turn.task.source.readLimits;
    const { key, part } = turn.task;
    const wanted = { id, key, ...(part !== undefined && { part }), fence, hole: turn.hole, read };
    const answer = reserve({ budget: ledger.budget, run }, wanted, { terms: this.options.terms, nowMs });
    if (!("accounts" in answer)) return { ledger, result: { limit: answer } };
    const { asked, maxPosts } = answer;
    const purchase = { ...turn, id, asked, maxPosts, reservedAtMs: nowMs };
    return {
      ledger: { ...ledger, budget: answer.accounts.budget },
      result: { purchase, run: answer.accounts.run },
    };
  }

  /** X has not been asked. */
  private async giveBack(purchase: Purchase): Promise<undefined> {
    await this.settle(purchase, { type: "nothing" });
  }

  private outcomeOf(failure: SourceError | undefined): Settlement {
    if (failure?.mayBeBilled === false) return { type: "nothing" };
    return { type: "unknown", atMs: this.ports.now() };
  }

  private accepted({ purchase }: Extract<Next, { readonly purchase: Purchase }>): Purchase {
    this.purchases += 1;
    return purchase;
  }

  private keep(next: Next): void {
    if (next !== undefined && "purchase" in next) this.purse.keep(next.run);
  }

  private async settle({ id }: Purchase, settlement: Settlement): Promise<void> {
    const step: Step<undefined> = (ledger) => ({
      ledger: { ...ledger, budget: { ...ledger.budget, ...settled(ledger.budget, id, settlement) } },
      result: undefined,
    });
    await this.write(step, () => this.purse.keep(settled(this.purse.account, id, settlement)));
  }

  /** @param onWritten changes the purse, which the next step of another buyer of this process goes by */
  private write<T>(step: Step<T>, onWritten: (result: T) => void): Promise<T> {
    return this.ports.membership.update(step, undefined, onWritten);
  }

  /** @returns false when nothing will ever be due again */
  private async untilDue(): Promise<boolean> {
    const { clock, now } = this.ports;
    const wait = this.plan.waitMs(now());
    if (wait === undefined) return false;
    await clock.sleep(wait, this.options.stop);
    return true;
  }

  private noteStall(turn: Turn, { stalled }: Page): void {
    const untilMs = this.plan.postponedUntilMs(turn);
    if (stalled === undefined || untilMs === undefined) return;
    const message = `${stalled} Query: ${turn.task.query}`;
    this.ports.observe({
      type: "source_waiting",
      reason: "no_progress",
      message,
      untilMs,
      needsPerson: false,
    });
  }

  /** @throws SourceError when a query was not read to its end */
  private done(): "caught_up" {
    const { givenUp } = this.plan;
    if (givenUp === undefined) return "caught_up";
    const message = `X brings nothing new for the query "${givenUp.query}" although it is not read to its end. What came is delivered.`;
    throw new SourceError(message, { kind: "no_progress" });
  }
}
