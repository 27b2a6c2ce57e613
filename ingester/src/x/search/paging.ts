/**
 * Decides what part of a hole a page covers, and how to request the next page. X returns posts newest first, within and
 * across pages, so a page in this order shows that nothing is missing above its oldest post. Some servers send posts in
 * another order, repeat pages or ignore tokens. Their pages cover nothing, and the same page is not bought repeatedly.
 */
import { type Interval, isWithin } from "../../ledger/intervals";
import { compareIds, type Id, nextId, previousId } from "../../posts/ids";
import type { Post } from "../../posts/post";
import { RecentIds } from "../../posts/recent-ids";
import type { QueryParams } from "../fields";
import { type SearchPage, spanOf } from "./page";

/** X's token for the next page of a hole. It is valid only for that hole and page size. */
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

/** The part of the hole that a page covers. */
export interface Finding {
  /** Every post of the hole above this id has been returned; undefined: unknown. */
  readonly after: Id | undefined;
  /** Nothing of the hole is left. */
  readonly filled: boolean;
  /** Posts that X has not returned to this process before. */
  readonly fresh: readonly Post[];
  /** The same request would buy the same posts again, and the token brings no new ones. */
  readonly isStalled: boolean;
}

/** Holes of one query that are read in turns. */
const MAX_CURSORS = 8;
/** A page of so many posts is worth waiting for something new in it; X may repeat the post at the bound. */
const MANY_POSTS = 10;
/**
 * The most empty pages in a row. They are free; X sends empty pages with tokens while it searches long times without
 * posts.
 */
const MAX_EMPTY_PAGES = 100;

export class Paging {
  private readonly seen = new RecentIds();
  private readonly cursors = new Map<string, Cursor>();
  /** A token has brought no new posts in this process: from then on only `until_id` is used. */
  private ignoresTokens = false;

  /** The next request for a hole. A token is used once; after any failure, `until_id` can continue. */
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

  /** After an empty page with a new token, further posts can follow. */
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

/** Whether posts are sorted newest first and none is newer than the pages before. A post may be repeated. */
function keepsOrder(ids: readonly Id[], oldestBefore: Id | undefined): boolean {
  const all = oldestBefore === undefined ? ids : [oldestBefore, ...ids];
  return all.every((id, index) => index === 0 || compareIds(id, all[index - 1] as Id) <= 0);
}

/**
 * Without a token for a next page, the hole has been read to its end. If all posts of an answer are above the hole, X has
 * ignored the bound, and the answer shows nothing about the hole. (The post at `until_id` itself is allowed: for some
 * servers the bound is inclusive.)
 */
function isLast({ nextToken, complete }: SearchPage, hole: Interval, ids: readonly Id[]): boolean {
  if (nextToken !== undefined || !complete) return false;
  const bound = nextId(hole.through);
  return ids.length === 0 || ids.some((id) => compareIds(id, bound) <= 0);
}

/** Whether a post is at or below the hole's lower end: all posts inside the hole come before it. */
function reachesBelow(ids: readonly Id[], hole: Interval): boolean {
  const oldest = ids.at(-1);
  return oldest !== undefined && compareIds(oldest, hole.after) <= 0;
}

function nameOf({ after, through }: Interval): string {
  return `${after}-${through}`;
}
