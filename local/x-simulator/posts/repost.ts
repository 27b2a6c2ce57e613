import type { Body } from "./bodies";
import type { UserIdentity } from "./users";

/** X cuts the text of a repost here; the whole text is the original's. */
const MAX_REPOST_LENGTH = 140;

/** Fields that a repost has of its original. */
const SHARED_FIELDS: readonly string[] = ["lang", "possibly_sensitive", "reply_settings"];

/**
 * The text of a repost: who is quoted, and the beginning of what.
 * @param original JSON string content, without quotes
 */
export function repostText(
  username: string,
  original: string,
): { readonly text: string; readonly length: number } {
  const points = [...`RT @${username}: ${JSON.parse(`"${original}"`)}`];
  const kept = points.length <= MAX_REPOST_LENGTH ? points : [...points.slice(0, MAX_REPOST_LENGTH - 1), "…"];
  return { text: JSON.stringify(kept.join("")).slice(1, -1), length: kept.length };
}

/** Fields that depend on the original and its author, as they follow others in a JSON object. */
export function repostFields(fields: ReadonlySet<string>, body: Body, author: UserIdentity): string {
  const shared = SHARED_FIELDS.filter((name) => fields.has(name) && body.fields[name] !== undefined)
    .map((name) => `,"${name}":${body.fields[name]}`)
    .join("");
  if (!fields.has("entities")) return shared;
  const { username, id } = author;
  const mention = { start: 3, end: 4 + username.length, username, id };
  return `${shared},"entities":${JSON.stringify({ mentions: [mention] })}`;
}
