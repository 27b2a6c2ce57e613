/**
 * Money for what is pushed: X bills what it sends, so some of it is reserved ahead, charged batch by batch, and renewed in
 * the same write. What may have been sent and did not arrive stays at risk until search has read the hole.
 */
import { type Account, PUSHED, settled } from "../../ledger/account";
import type { Ledger } from "../../ledger/ledger";
import type { Accounts, LimitUse, Terms } from "../../ledger/limits";
import type { Amounts } from "../../ledger/prices";
import { reservePushed } from "../../ledger/reserve";
import type { Settlement } from "../../ledger/risks";
import type { Id } from "../../posts/ids";

import type { Batch } from "../ports";
import type { Purse } from "../purse";

export interface MeterOptions {
  readonly key: string;
  readonly fence: number;
  readonly perPost: Amounts;
  readonly terms: Terms;
  readonly purse: Purse;
}

/** Seconds of posts, at the highest rate seen, that are reserved ahead: what a crash puts at risk. */
const AHEAD_SECONDS = 10;
const LEAST_AHEAD = 100;
/**
 * While the limits are far, enough for a burst of ten times the highest rate seen: within the second until the next
 * batch it comes, and three seconds of it may be on their way. Before a rate is known, X's highest (250/s) is assumed.
 */
const BURST_SECONDS = 40;
const UNKNOWN_AHEAD = 2_500;
/** With less room a connection would have to be closed at once: seconds of posts at the highest rate seen. */
const ROOM_SECONDS = 5;
const LEAST_ROOM = 40;
/** The highest rate is forgotten by so much with each batch. */
const FORGETTING = 0.99;

/** Books in the ledger and in the purse; the purse changes when `keep` is called with the write. */
export interface Booked {
  readonly ledger: Ledger;
  readonly purse: Account;
  /** Posts that may come. */
  readonly posts: number;
  readonly limit: LimitUse | undefined;
}

export class Meter {
  private readonly id: string;
  private busiest = 0;

  constructor(private readonly options: MeterOptions) {
    this.id = `${options.fence}.${PUSHED}`;
  }

  /** To be called with the result of a write, before the next step of this process is applied. */
  keep({ purse }: Booked): void {
    this.options.purse.keep(purse);
  }

  /** Before a connection is made. `posts` is 0 where a limit leaves too little for one. */
  opened(ledger: Ledger, after: Id, nowMs: number): Booked {
    const booked = this.reserve(ledger, this.options.purse.account, { after, nowMs });
    const room = Math.max(LEAST_ROOM, ROOM_SECONDS * this.busiest);
    if (booked.posts >= room || booked.limit === undefined) return booked;
    return { ledger, purse: this.options.purse.account, posts: 0, limit: booked.limit };
  }

  /** After a batch has been delivered: charged, and renewed while the connection lasts. */
  charged(ledger: Ledger, { page, end }: Batch, at: { readonly after: Id; readonly nowMs: number }): Booked {
    const billed: Settlement = { type: "billed", amounts: page.billed, ids: [], downTo: "0" };
    // What has been allowed may have been sent already, although others have used up the limit by now.
    const left = Math.max(0, this.reservedPosts(ledger) - page.posts.length);
    const paid = this.settle(ledger, this.options.purse.account, billed);
    if (end === undefined) return this.reserve(paid.ledger, paid.purse, at, left);
    const onTheWay = Math.min(end.onTheWay, left);
    if (onTheWay === 0) return paid;
    const { accounts } = reservePushed(
      accountsOf(paid),
      { ...this.pushing(at.after), least: onTheWay, kept: onTheWay },
      this.at(at.nowMs),
    );
    return this.settle(withBudget(paid.ledger, accounts), accounts.run, { type: "unknown", atMs: at.nowMs });
  }

  /** No connection was made: X has sent nothing. */
  refused(ledger: Ledger): Booked {
    return this.settle(ledger, this.options.purse.account, { type: "nothing" });
  }

  /** To be called with each batch. */
  noteRate({ page }: Batch): void {
    this.busiest = Math.max(page.posts.length, this.busiest * FORGETTING);
  }

  private reserve(
    ledger: Ledger,
    purse: Account,
    { after, nowMs }: { readonly after: Id; readonly nowMs: number },
    kept = 0,
  ): Booked {
    const least = Math.max(LEAST_AHEAD, Math.ceil(AHEAD_SECONDS * this.busiest));
    const wanted = Math.max(UNKNOWN_AHEAD, Math.ceil(BURST_SECONDS * this.busiest));
    const accounts = accountsOf({ ledger, purse });
    const {
      accounts: booked,
      posts,
      tightest,
    } = reservePushed(accounts, { ...this.pushing(after), least, wanted, kept }, this.at(nowMs));
    return { ledger: withBudget(ledger, booked), purse: booked.run, posts, limit: tightest };
  }

  private settle(ledger: Ledger, purse: Account, settlement: Settlement): Booked {
    const budget = { ...ledger.budget, ...settled(ledger.budget, this.id, settlement) };
    return {
      ledger: { ...ledger, budget },
      purse: settled(purse, this.id, settlement),
      posts: 0,
      limit: undefined,
    };
  }

  private reservedPosts({ budget }: Ledger): number {
    const { posts = 0 } = budget.reservations.find(({ id }) => id === this.id)?.amounts ?? {};
    return posts;
  }

  private pushing(after: Id) {
    const { key, fence, perPost } = this.options;
    return { id: this.id, key, fence, after, perPost };
  }

  private at(nowMs: number) {
    return { terms: this.options.terms, nowMs };
  }
}

function accountsOf({ ledger, purse }: Pick<Booked, "ledger" | "purse">): Accounts {
  return { budget: ledger.budget, run: purse };
}

function withBudget(ledger: Ledger, { budget }: Accounts): Ledger {
  return { ...ledger, budget };
}
