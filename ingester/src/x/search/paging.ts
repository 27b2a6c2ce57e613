/**
 * What the pages of a hole prove, and how to go on. X returns posts newest first, within and across pages, so a page
 * that keeps this order proves that nothing is missing above its oldest post. Some servers do not keep it, repeat pages or
 * ignore tokens: their pages prove nothing, and the same page is not bought again and again.
 */
import { type Interval, isWithin } from "../../ledger/intervals";
import { compareIds, type Id, nextId, previousId } from "../../posts/ids";
import type { Post } from "../../posts/post";
import { RecentIds } from "../../posts/recent-ids";
import type { QueryParams } from "../fields";
import { type SearchPage, spanOf } from "./page";

/** Where X says that a hole goes on: valid only for that very hole and page size. */
interface Cursor {
  readonly hole: Interval;
  readonly params: QueryParams;
  readonly token: string;
  /** The oldest post of the pages before. */
  readonly oldest: Id | undefined;
  /** Pages without a post in a row. */
  readonly empty: number;
}

/** How a page is asked for. */
export interface PageRequest {
  readonly hole: Interval;
  /** Without the token. */
  readonly params: QueryParams;
  /** Undefined: the page is the first below the hole's top. */
  readonly cursor: Cursor | undefined;
}

/** What a page proves. */
export interface Finding {
  /** Everything of the hole above this id has been returned; undefined: nothing is proven. */
  readonly after: Id | undefined;
  /** Nothing of the hole is left. */
  readonly filled: boolean;
  /** What X had not returned before, to this process. */
  readonly fresh: readonly Post[];
  /** The same request would buy the same again, and a token does not lead any further. */
  readonly isStalled: boolean;
}

/** Holes of one query that are read in turns. */
const MAX_CURSORS = 8;
/** A page of so many posts is worth waiting for something new in it; X may repeat the post at the bound. */
const MANY_POSTS = 10;
/** Empty pages are free, but their number is bounded: X answers empty pages with tokens while it searches long quiet times. */
const MAX_EMPTY_PAGES = 100;

export class Paging {
  private readonly seen = new RecentIds();
  private readonly cursors = new Map<string, Cursor>();
  /** A token has led nowhere in this process: `until_id` is used alone. */
  private ignoresTokens = false;

  /** The next request for a hole. A token is used once: whatever becomes of it, `until_id` can continue. */
  request(hole: Interval, params: QueryParams): PageRequest {
    const known = this.cursors.get(nameOf(hole));
    this.cursors.delete(nameOf(hole));
    const isSame = known !== undefined && known.params.max_results === params.max_results;
    return isSame ? { hole, params: known.params, cursor: known } : { hole, params, cursor: undefined };
  }

  note(request: PageRequest, page: SearchPage): Finding {
    const { hole, cursor } = request;
    const ids = page.posts.map(({ id }) => id);
    const fresh = [...page.posts, ...page.unidentified].filter(({ id }) => this.seen.add(id));
    const inside = spanOf(ids.filter((id) => isWithin(hole, id)));
    const isOrdered = keepsOrder(ids, cursor?.oldest);
    const filled = isLast(page, hole, ids) || (isOrdered && reachesBelow(ids, hole));
    const after = filled
      ? hole.after
      : isOrdered && inside !== undefined
        ? previousId(inside.oldest)
        : undefined;
    const isFruitful = after !== undefined || fresh.length > 0 || this.isWorthWaiting(request, page);
    if (cursor !== undefined && !isFruitful) this.ignoresTokens = true;
    if (isFruitful && !filled) this.goOn(request, page, after);
    const isBoughtAgain = filled && inside === undefined && fresh.length === 0 && ids.length >= MANY_POSTS;
    const isStalled = cursor === undefined && (!isFruitful || isBoughtAgain);
    return { after, filled, fresh, isStalled };
  }

  /** An empty page with another token is no end. */
  private isWorthWaiting({ cursor }: PageRequest, page: SearchPage): boolean {
    if (this.ignoresTokens) return false;
    return isEmpty(page) && page.nextToken !== cursor?.token && (cursor?.empty ?? 0) < MAX_EMPTY_PAGES;
  }

  private goOn({ hole, params, cursor }: PageRequest, page: SearchPage, after: Id | undefined): void {
    if (page.nextToken === undefined || this.ignoresTokens) return;
    const ids = page.posts.map(({ id }) => id);
    const rest = { after: hole.after, through: after ?? hole.through };
    this.cursors.set(nameOf(rest), {
      ...{ hole: rest, params, token: page.nextToken },
      oldest: spanOf([...ids, ...(cursor?.oldest === undefined ? [] : [cursor.oldest])])?.oldest,
      empty: isEmpty(page) ? (cursor?.empty ?? 0) + 1 : 0,
    });
    for (const name of this.cursors.keys()) {
      if (this.cursors.size > MAX_CURSORS) this.cursors.delete(name);
    }
  }
}

function isEmpty({ posts, unidentified }: SearchPage): boolean {
  return posts.length === 0 && unidentified.length === 0;
}

/** Newest first, and none of it newer than the pages before. A post may come twice. */
function keepsOrder(ids: readonly Id[], oldestBefore: Id | undefined): boolean {
  const all = oldestBefore === undefined ? ids : [oldestBefore, ...ids];
  return all.every((id, index) => index === 0 || compareIds(id, all[index - 1] as Id) <= 0);
}

/**
 * X names no further page: the hole has been read to its end. An answer with posts above the hole alone has ignored the
 * bound, and says nothing about the hole. (The post at `until_id` itself may come: some servers take the bound as included.)
 */
function isLast({ nextToken, complete }: SearchPage, hole: Interval, ids: readonly Id[]): boolean {
  if (nextToken !== undefined || !complete) return false;
  const bound = nextId(hole.through);
  return ids.length === 0 || ids.some((id) => compareIds(id, bound) <= 0);
}

/** Posts at or below the hole's lower end: everything inside has come before them. */
function reachesBelow(ids: readonly Id[], hole: Interval): boolean {
  const oldest = ids.at(-1);
  return oldest !== undefined && compareIds(oldest, hole.after) <= 0;
}

function nameOf({ after, through }: Interval): string {
  return `${after}-${through}`;
}
