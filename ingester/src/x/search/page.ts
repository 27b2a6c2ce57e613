/** From the body of a search answer to posts: canonical names, what was billed, which ids it spans. */
import { createHash } from "node:crypto";
import type { Amounts } from "../../ledger/prices";
import { SourceError } from "../../loop/errors";
import { compareIds, type Id, isId } from "../../posts/ids";
import { stringify } from "../../posts/json";
import { renamedAway } from "../../posts/own-names";
import { type Includes, isObject, itemsOf, type Post } from "../../posts/post";
import { canonicalIncludes, canonicalPost } from "../../posts/vocabulary";

export interface SearchPage {
  readonly posts: readonly Post[];
  /** What is no post with an id, each under an id of our making. */
  readonly unidentified: readonly Post[];
  readonly includes: Includes;
  readonly billed: Amounts;
  readonly nextToken: string | undefined;
  /** False when X left `meta` out, so that a missing token does not mean the end. */
  readonly complete: boolean;
  readonly partialErrors: number;
}

/** @throws SourceError when the body is JSON but no search answer */
export function parsePage(body: unknown): SearchPage {
  const data = isObject(body) ? entriesOf(body.data) : [];
  if (!isObject(body) || !(isObject(body.meta) || data.length > 0)) {
    const details = { kind: "transient", mayBeBilled: true } as const;
    throw new SourceError("X answered 200 with JSON that is no search result.", details);
  }
  const posts = data.filter(isPost);
  const includes = canonicalIncludes(includesOf(body.includes));
  const meta = isObject(body.meta) ? body.meta : undefined;
  return {
    posts: posts.map(canonicalPost),
    unidentified: unidentifiedOf(data, body.includes, includes),
    includes,
    billed: {
      posts: data.length,
      includedPosts: includes.posts?.length ?? 0,
      includedUsers: includes.users?.length ?? 0,
    },
    nextToken: typeof meta?.next_token === "string" && meta.next_token !== "" ? meta.next_token : undefined,
    complete: meta !== undefined,
    partialErrors: itemsOf(body.errors).length,
  };
}

function isPost(entry: unknown): entry is Post {
  return isObject(entry) && isId(entry.id);
}

/**
 * Nothing that was paid for is dropped: an entry without an id becomes a line under another one, and so do includes
 * that came without any post.
 */
function unidentifiedOf(data: readonly unknown[], sent: unknown, includes: Includes): readonly Post[] {
  const isOrphaned = data.length === 0 && Object.values(includes).some((objects) => objects.length > 0);
  if (isOrphaned) return [{ id: placeholder(sent) }];
  return data.filter((entry) => !isPost(entry)).map(unidentified);
}

/** X's own `id`, whatever it is, stays under `x_id`. */
function unidentified(entry: unknown): Post {
  const members = isObject(entry) ? entry : { value: entry };
  return canonicalPost({ id: placeholder(entry), ...renamedAway(members, ["id"]) });
}

/**
 * The same for the same content, so that duplicates of an at-least-once delivery are as easy to remove as those of
 * posts. Shorter than the ids of this decade: of two lines of a post, queries for the latest version take the longer id.
 */
function placeholder(content: unknown): string {
  return `no-id-${createHash("sha256").update(stringify(content)).digest("hex").slice(0, PLACEHOLDER_DIGITS)}`;
}

const PLACEHOLDER_DIGITS = 12;

/** The oldest and the newest of some ids; undefined where there are none. */
export function spanOf(ids: readonly Id[]): { readonly oldest: Id; readonly newest: Id } | undefined {
  const [first, ...rest] = ids;
  if (first === undefined) return undefined;
  return rest.reduce(
    ({ oldest, newest }, id) => ({
      oldest: compareIds(id, oldest) < 0 ? id : oldest,
      newest: compareIds(id, newest) > 0 ? id : newest,
    }),
    { oldest: first, newest: first },
  );
}

function includesOf(value: unknown): Includes {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([kind, objects]) => [kind, entriesOf(objects).filter(isObject)]),
  );
}

/** X's lists; a single object counts as a list of one. */
function entriesOf(value: unknown): readonly unknown[] {
  return isObject(value) ? [value] : itemsOf(value);
}
