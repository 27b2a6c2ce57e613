/**
 * Makes posts with canonical names out of X's body (an answer, or a message of the stream), and counts what X billed.
 */
import { createHash } from "node:crypto";
import type { Amounts } from "../ledger/prices";
import { isId } from "../posts/ids";
import { stringify } from "../posts/json";
import { renamedAway } from "../posts/own-names";
import { type Includes, isObject, itemsOf, type Json, type Post } from "../posts/post";
import { inCharacters, type TextForm } from "../posts/text-form";
import { canonicalIncludes, canonicalPost } from "../posts/vocabulary";

export interface Content {
  readonly posts: readonly Post[];
  /** Entries without an id of X's, each with an id made from its content. */
  readonly unidentified: readonly Post[];
  readonly includes: Includes;
  /** Of all the above. */
  readonly form: TextForm;
  readonly billed: Amounts;
  /** Problems that X reported beside the data. */
  readonly partialErrors: number;
}

/**
 * The posts of a body, which is one post or a list under `data`.
 * @param form of the body. What has no id gets one made of its characters, so that it is the same however it came.
 */
export function contentOf(body: Json, form: TextForm = "characters"): Content {
  const data = entriesOf(body.data);
  const includes = canonicalIncludes(includesOf(body.includes));
  const unidentified = unidentifiedOf(data, body.includes, includes);
  if (unidentified.length > 0 && form === "bytes") return contentOf(inCharacters(body));
  return {
    posts: data.filter(isPost).map(canonicalPost),
    ...{ unidentified, includes, form },
    billed: {
      posts: data.length,
      includedPosts: includes.posts?.length ?? 0,
      includedUsers: includes.users?.length ?? 0,
    },
    partialErrors: itemsOf(body.errors).length,
  };
}

function isPost(entry: unknown): entry is Post {
  return isObject(entry) && isId(entry.id);
}

/**
 * X bills these entries as well, so none is dropped: an entry without an id becomes a line with an id made from its content,
 * and so do includes that came without any post.
 */
function unidentifiedOf(data: readonly unknown[], sent: unknown, includes: Includes): readonly Post[] {
  const isOrphaned = data.length === 0 && Object.values(includes).some((objects) => objects.length > 0);
  if (isOrphaned) return [{ id: placeholder(sent) }];
  return data.filter((entry) => !isPost(entry)).map(unidentified);
}

/** A line for an entry that is no post. If X's entry has an `id` of another form, the line keeps it as `x_id`. */
export function unidentified(entry: unknown): Post {
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

function includesOf(value: unknown): Includes {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([kind, objects]) => [kind, entriesOf(objects).filter(isObject)]),
  );
}

/** X's lists; a single object counts as a list of one. */
export function entriesOf(value: unknown): readonly unknown[] {
  return isObject(value) ? [value] : itemsOf(value);
}
