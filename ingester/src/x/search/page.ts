/** From the body of a search answer to posts: canonical names, what was billed, which ids it spans. */
import type { Amounts } from "../../ledger/prices";
import { SourceError } from "../../loop/errors";
import { compareIds, type Id, isId } from "../../posts/ids";
import { canonicalIncludes, canonicalPost, type Includes, isObject, type Post } from "../../posts/post";

export interface SearchPage {
  readonly posts: readonly Post[];
  readonly includes: Includes;
  readonly billed: Amounts;
  readonly nextToken: string | undefined;
  /** False when X left `meta` out, so that a missing token does not mean the end. */
  readonly complete: boolean;
  readonly partialErrors: number;
}

/** @throws SourceError when the body is JSON but no search answer */
export function parsePage(body: unknown): SearchPage {
  if (!isObject(body) || !(isObject(body.meta) || objectsOf(body.data).length > 0)) {
    const details = { kind: "transient", mayBeBilled: true } as const;
    throw new SourceError("X answered 200 with JSON that is no search result.", details);
  }
  const posts = objectsOf(body.data).filter((post) => isId(post.id)) as unknown as readonly Post[];
  const includes = canonicalIncludes(includesOf(body.includes));
  const meta = isObject(body.meta) ? body.meta : undefined;
  return {
    posts: posts.map(canonicalPost),
    includes,
    billed: {
      posts: posts.length,
      includedPosts: includes.posts?.length ?? 0,
      includedUsers: includes.users?.length ?? 0,
    },
    nextToken: typeof meta?.next_token === "string" && meta.next_token !== "" ? meta.next_token : undefined,
    complete: meta !== undefined,
    partialErrors: Array.isArray(body.errors) ? body.errors.length : 0,
  };
}

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
  return Object.fromEntries(Object.entries(value).map(([kind, objects]) => [kind, objectsOf(objects)]));
}

function objectsOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
