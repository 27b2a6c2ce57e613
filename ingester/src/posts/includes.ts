/** Which of a page's included objects belong to which post. Pure. */
import { type Includes, isObject, type Post } from "./post";

type ReferencedIds = (post: Post) => readonly unknown[];

/** Which ids a post names, for each kind of included object, and the field under which such an object is identified. */
const REFERENCES: Readonly<Record<string, { readonly idField: string; readonly ids: ReferencedIds }>> = {
  posts: {
    idField: "id",
    ids: (post) => [
      ...pick(post.referenced_posts, "id"),
      ...asArray(post.edit_history_post_ids),
      ...asArray(valueAt(post.attachments, "media_source_tweet_id")),
    ],
  },
  users: {
    idField: "id",
    ids: (post) => [
      post.author_id,
      post.in_reply_to_user_id,
      ...pick(valueAt(post.entities, "mentions"), "id"),
      ...pick(valueAt(valueAt(post.note_post, "entities"), "mentions"), "id"),
    ],
  },
  media: {
    idField: "media_key",
    ids: (post) => [
      ...asArray(valueAt(post.attachments, "media_keys")),
      valueAt(post.article, "cover_media"),
      ...asArray(valueAt(post.article, "media_entities")),
    ],
  },
  polls: { idField: "id", ids: (post) => asArray(valueAt(post.attachments, "poll_ids")) },
  places: { idField: "id", ids: (post) => [valueAt(post.geo, "place_id")] },
};

/**
 * Cuts a page's includes down to what one post refers to. Referenced posts bring what they refer to themselves
 * (their author, their media). Kinds that are not known are left out of single lines only when empty.
 */
export function includesFor(post: Post, includes: Includes): Includes | undefined {
  const kinds = Object.keys(includes);
  if (kinds.length === 0) return undefined;
  const referenced = select("posts", includes, [post]);
  const owners = [post, ...(referenced as readonly Post[])];
  const selected = kinds
    .map((kind) => [kind, kind === "posts" ? referenced : select(kind, includes, owners)] as const)
    .filter(([, objects]) => objects.length > 0);
  return Object.fromEntries(selected);
}

function select(kind: string, includes: Includes, owners: readonly Post[]): Includes[string] {
  const objects = includes[kind] ?? [];
  const reference = REFERENCES[kind];
  if (reference === undefined) return objects;
  const ids = new Set(owners.flatMap((owner) => [...reference.ids(owner)]));
  return objects.filter((object) => ids.has(object[reference.idField]));
}

function valueAt(value: unknown, field: string): unknown {
  return isObject(value) ? value[field] : undefined;
}

function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function pick(value: unknown, field: string): readonly unknown[] {
  return asArray(value).map((item) => valueAt(item, field));
}
