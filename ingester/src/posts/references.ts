/** Which fields of X's objects name other objects: every reference of X's OpenAPI to something it can include. Pure. */
import { ExactNumber } from "./json";
import { isObject } from "./post";

/** A field that names included objects. */
export interface Reference {
  /** What is named: a kind (a member of `includes`) and the field of its objects that holds the name: `users.id`. */
  readonly target: string;
  /** Names of members from the naming object inwards; lists are entered. Everything inside the last one counts. */
  readonly path: readonly string[];
}

/** Kinds of included objects that fields of the OpenAPI name, with the fields that identify such an object. */
const KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ["posts", ["id"]],
  ["users", ["id", "username"]],
  ["media", ["media_key"]],
  ["polls", ["id"]],
  ["places", ["id"]],
]);

/** By kind of the naming object. */
export const REFERENCES: {
  readonly posts: readonly Reference[];
  readonly users: readonly Reference[];
  readonly places: readonly Reference[];
} = {
  posts: [
    reference("posts.id", "referenced_posts.id"),
    reference("posts.id", "edit_history_post_ids"),
    reference("posts.id", "conversation_id"),
    reference("posts.id", "attachments.media_source_tweet_id"),
    reference("users.id", "author_id"),
    reference("users.id", "in_reply_to_user_id"),
    reference("users.id", "entities.mentions.id"),
    reference("users.id", "entities.note.mentions.id"),
    reference("users.id", "note_post.entities.mentions.id"),
    reference("users.username", "username"),
    reference("users.username", "entities.mentions.username"),
    reference("users.username", "entities.note.mentions.username"),
    reference("users.username", "note_post.entities.mentions.username"),
    reference("media.media_key", "attachments.media_keys"),
    reference("media.media_key", "entities.urls.media_key"),
    reference("media.media_key", "note_post.entities.urls.media_key"),
    reference("media.media_key", "media_metadata.media_key"),
    // X documents `cover_media` and `media_entities` as expansions, and not what an article looks like.
    reference("media.media_key", "article"),
    reference("polls.id", "attachments.poll_ids"),
    reference("places.id", "geo.place_id"),
  ],
  users: [
    reference("posts.id", "pinned_post_id"),
    reference("posts.id", "most_recent_post_id"),
    reference("users.id", "affiliation.user_id"),
    reference("users.id", "entities.description.mentions.id"),
    reference("users.username", "entities.description.mentions.username"),
    reference("media.media_key", "entities.description.urls.media_key"),
    reference("media.media_key", "entities.url.urls.media_key"),
  ],
  places: [reference("places.id", "contained_within")],
};

/**
 * References of a post to kinds that the OpenAPI lists without saying what names them (`topics`), and to those that it
 * has yet to list: an object belongs to each post that holds its id anywhere.
 */
export function referencesToOthers(kinds: readonly string[]): readonly Reference[] {
  return kinds.filter((kind) => !KEYS.has(kind)).map((kind) => ({ target: `${kind}.id`, path: [] }));
}

/** The fields by which an object of a kind can be named. */
export function keysOf(kind: string): readonly string[] {
  return KEYS.get(kind) ?? ["id"];
}

function reference(target: string, path: string): Reference {
  return { target, path: path.split(".") };
}

/** X's handles ignore case. */
export function comparable(target: string, name: string): string {
  return target === "users.username" ? name.toLowerCase() : name;
}

/** Calls `found` with each text, and with the digits of each number, that lies at the path. */
export function eachName(
  value: unknown,
  path: readonly string[],
  found: (name: string) => void,
  depth = 0,
): void {
  if (value === undefined) return;
  if (Array.isArray(value)) {
    for (const item of value) eachName(item, path, found, depth);
  } else if (isObject(value)) {
    const name = path[depth];
    if (name !== undefined) eachName(value[name], path, found, depth + 1);
    else for (const member of Object.values(value)) eachName(member, path, found, depth);
  } else if (depth >= path.length && isName(value)) found(String(value));
}

function isName(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number" || value instanceof ExactNumber;
}
