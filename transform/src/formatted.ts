import { isObject, type Json, member, objectsIn } from "./json";
import { cleanText } from "./text";

/** Rises when the meaning of a member changes; additions keep it. */
export const FORMAT_VERSION = 1;

/** How a post relates to others. */
export type PostKind = "original" | "reply" | "quote" | "repost";

/** What the transform adds to a line: the post in the form that most queries want. */
export interface Formatted {
  readonly version: typeof FORMAT_VERSION;
  /** The whole text on one line, links resolved, X's escapes undone. */
  readonly text_clean: string;
  readonly kind: PostKind;
  /** Lower case, without `#`, each once, in the post's order. */
  readonly hashtags: readonly string[];
  /** User names in lower case, without `@`, each once, in the post's order. */
  readonly mentions: readonly string[];
  /** Where the post's links lead, each once, in the post's order. */
  readonly links: readonly string[];
}

/** Undefined when the line holds no text, as a shortened one may. */
export function formattedOf(line: Json): Formatted | undefined {
  const text = line.full_text ?? line.text;
  if (typeof text !== "string") return undefined;
  const entities = [line, ...originalsOf(line)].flatMap(entitiesOf);
  const links = linksIn(entities);
  return {
    version: FORMAT_VERSION,
    text_clean: cleanText(text, links),
    kind: kindOf(line),
    hashtags: lowerCase(entities, "hashtags", "tag"),
    mentions: lowerCase(entities, "mentions", "username"),
    links: [...new Set(links.values())],
  };
}

/** A long note has its own entities; those of the post cover the cut text only, but know its media. */
function entitiesOf(post: Json): Json[] {
  return [member(post.note_post, "entities"), post.entities].filter(isObject);
}

/** The text of a repost is that of the original, as far as that came along; its own entities cover the cut text only. */
function originalsOf(line: Json): Json[] {
  const ids = objectsIn(line.referenced_posts).flatMap(({ type, id }) => (type === "retweeted" ? [id] : []));
  return objectsIn(member(line.includes, "posts")).filter(({ id }) => ids.includes(id));
}

function linksIn(entities: readonly Json[]): Map<string, string> {
  const links = new Map<string, string>();
  for (const { url, unwound_url, expanded_url } of entities.flatMap(({ urls }) => objectsIn(urls))) {
    const target = [unwound_url, expanded_url].find((value) => typeof value === "string" && value !== "");
    if (typeof url === "string" && typeof target === "string" && !links.has(url)) links.set(url, target);
  }
  return links;
}

function lowerCase(entities: readonly Json[], list: string, name: string): string[] {
  const values = entities.flatMap((entity) => objectsIn(entity[list])).map((item) => item[name]);
  return [...new Set(values.flatMap((value) => (typeof value === "string" ? [value.toLowerCase()] : [])))];
}

/** X's words for references, the strongest first: a reply may quote. */
const KINDS: readonly (readonly [string, PostKind])[] = [
  ["retweeted", "repost"],
  ["replied_to", "reply"],
  ["quoted", "quote"],
];

function kindOf(line: Json): PostKind {
  const types = new Set(objectsIn(line.referenced_posts).map(({ type }) => type));
  return KINDS.find(([type]) => types.has(type))?.[1] ?? "original";
}
