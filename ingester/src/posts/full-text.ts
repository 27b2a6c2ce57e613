/** The text of a post as it was written. X cuts `text`. Pure. */
import { type Includes, isObject, itemsOf, type Json, type Post } from "./post";

/**
 * Of a repost the original's text where that came along, since a repost's own text is `RT @name: ` with what fits of
 * the original behind it. Of a long post the text of its note. Else `text`.
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
