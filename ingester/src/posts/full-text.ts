/** The text of a post as it was written. X cuts `text`. Pure. */
import { type Includes, isObject, itemsOf, type Json, type Post } from "./post";

/**
 * The text of the original if the post is a repost and its original is in `includes`: the own text of a repost is
 * `RT @name: ` and as much of the original as fits. Otherwise the text of the long note, or else `text`.
 */
export function fullText(post: Post, includes?: Includes): string | undefined {
  const original = originalOf(post, includes);
  return (original && writtenText(original)) ?? writtenText(post);
}

function writtenText({ note_post: note, text }: Json): string | undefined {
  if (isObject(note) && typeof note.text === "string") return note.text;
  return typeof text === "string" ? text : undefined;
}

function originalOf(post: Post, includes: Includes | undefined): Json | undefined {
  if (includes?.posts === undefined) return undefined;
  const reference = itemsOf(post.referenced_posts).find(
    (item) => isObject(item) && item.type === "retweeted",
  );
  const id = isObject(reference) ? reference.id : undefined;
  return id === undefined ? undefined : includes.posts.find((candidate) => candidate.id === id);
}
