/** Names that a line gives to members of its own. Where X has a field of such a name, that field gets another. */
import type { Json, Post } from "./post";

const OWN_NAMES: readonly string[] = [
  ...["full_text", "includes", "includes_unreferenced", "matching_rules", "ingestion"],
];

/** The post's members with X's own `full_text` as `x_full_text`, and so on. Usually the very same object. */
export function withoutOwnNames(post: Post): Post {
  // Written out, since every post passes here and constant names are looked up several times as fast.
  const hasOne =
    "full_text" in post ||
    "includes" in post ||
    "includes_unreferenced" in post ||
    "matching_rules" in post ||
    "ingestion" in post;
  return hasOne ? (renamedAway(post, OWN_NAMES) as Post) : post;
}

/** The members with `x_` before each of the names, so often that no other member has the new name. */
export function renamedAway(object: Json, names: readonly string[]): Json {
  const taken = new Set([...Object.keys(object), ...names]);
  const members = Object.entries(object).map(([name, value]) => {
    if (!names.includes(name)) return [name, value] as const;
    let renamed = `x_${name}`;
    while (taken.has(renamed)) renamed = `x_${renamed}`;
    taken.add(renamed);
    return [renamed, value] as const;
  });
  return Object.fromEntries(members);
}
