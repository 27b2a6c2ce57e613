/** What a line is made of: a post, what it refers to, and where it comes from. Pure. */
import { ExactNumber } from "./json";
import type { TextForm } from "./text-form";

/** An object of X's answer. Own members only: a field may have any name, `constructor` and `__proto__` included. */
export type Json = Readonly<Record<string, unknown>>;

/** A post: X's object, canonical names (vocabulary.ts). `id` is the only field that every answer holds. */
export interface Post {
  readonly id: string;
  readonly text?: string;
  readonly [field: string]: unknown;
}

/** Objects beside the posts, by kind: `posts`, `users`, `media`, `polls`, `places`, `topics`. */
export type Includes = Readonly<Record<string, readonly Json[]>>;

/** Where a line comes from; the same for every post of a page. */
export interface Provenance {
  /** Which endpoint family the post was bought from. */
  readonly source: "search/recent" | "search/all" | "stream";
  /** What search was asked; absent for the stream. */
  readonly query?: string;
  /** ISO 8601, UTC, milliseconds. */
  readonly received_at: string;
}

/** A rule as X names it in `matching_rules`; unknown members are kept. */
export interface MatchingRule {
  /** X's id of the rule; absent where search stood in for the stream and the rule is not in force any more. */
  readonly id?: string;
  /** As its user wrote it. */
  readonly tag?: string;
}

/** One line of the bucket, before encoding. */
export interface PostLine {
  readonly post: Post;
  /** Only what this post refers to; undefined when expansions are off. */
  readonly includes: Includes | undefined;
  /** What no post of the page refers to, on its last line. @default - nothing */
  readonly unreferenced?: Includes;
  /** Rules of the stream that the post matches. @default - bought without rules */
  readonly matchingRules?: readonly MatchingRule[];
  readonly provenance: Provenance;
  /** Of the post and of what it refers to. @default characters */
  readonly form?: TextForm | undefined;
  /** Lone surrogates that became U+FFFD in this line. @default 0 */
  readonly replacedCharacters?: number;
}

/** Version of schema/post-line.schema.json. Additive changes keep it. */
export const SCHEMA_VERSION = 1;

export function isObject(value: unknown): value is Json {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber)
  );
}

/** The items of a list; none when it is no list. */
export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
