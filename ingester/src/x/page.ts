/** From the body of a search answer to posts: canonical names, what was billed, which ids it spans. */
import { SourceError } from "../errors";
import type { Reads } from "../ports";
import { canonicalIncludes, canonicalPost, type Includes, isObject, type Post } from "../post";
import { newerId, olderId, type Span } from "../window";

export interface SearchPage {
  readonly posts: readonly Post[];
  readonly includes: Includes;
  readonly billed: Reads;
  /** Undefined when the page is empty. */
  readonly span: Span | undefined;
  readonly nextToken: string | undefined;
  /** False when X left `meta` out, so that a missing token does not mean the end. */
  readonly complete: boolean;
  readonly partialErrors: number;
}

/** @throws SourceError when the body is JSON but no search answer */
export function parsePage(body: unknown): SearchPage {
  if (!isObject(body) || !(isObject(body.meta) || objectsOf(body.data).length > 0)) {
    throw new SourceError("X answered 200 with JSON that is no search result.", {
      kind: "transient",
      mayBeBilled: true,
    });
  }
  const posts = objectsOf(body.data).filter(
    (post) => typeof post.id === "string",
  ) as unknown as readonly Post[];
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
    span: spanOf(posts),
    nextToken: typeof meta?.next_token === "string" && meta.next_token !== "" ? meta.next_token : undefined,
    complete: meta !== undefined,
    partialErrors: Array.isArray(body.errors) ? body.errors.length : 0,
  };
}

function spanOf(posts: readonly Post[]): Span | undefined {
  const [first, ...rest] = posts;
  if (first === undefined) return undefined;
  return {
    newestId: rest.reduce((newest, post) => newerId(newest, post.id), first.id),
    oldestId: rest.reduce((oldest, post) => olderId(oldest, post.id), first.id),
  };
}

function includesOf(value: unknown): Includes {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([kind, objects]) => [kind, objectsOf(objects)]));
}

function objectsOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
