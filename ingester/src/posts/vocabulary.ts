/**
 * Posts and what comes with them under the names of X's current OpenAPI, whichever vocabulary X answered in (it is
 * moving from "tweet" to "post" since 2026-08). Unknown fields are kept. Where X sends both names, the current one
 * wins. Whatever holds canonical names already is returned as the very same object. Pure.
 */
import { type Includes, isObject, itemsOf, type Json, type Post } from "./post";

/** Old name and the OpenAPI's. */
type Names = ReadonlyMap<string, string>;
type Change = (value: unknown) => unknown;

/** How objects of one kind become canonical. */
interface Rule {
  readonly names: Names;
  /** Members, by canonical name, that hold old names or words themselves. */
  readonly members: ReadonlyMap<string, Change>;
}

const METRICS: Rule = { names: new Map([["retweet_count", "repost_count"]]), members: new Map() };
const WITHHELD: Rule = { names: new Map(), members: new Map([["scope", word("tweet", "post")]]) };
/** Here the OpenAPI has kept the older word: its enumeration says `retweeted`. */
const REFERENCE: Rule = { names: new Map(), members: new Map([["type", word("reposted", "retweeted")]]) };

const POST: Rule = {
  names: new Map([
    ["note_tweet", "note_post"],
    ["referenced_tweets", "referenced_posts"],
    ["edit_history_tweet_ids", "edit_history_post_ids"],
  ]),
  members: new Map([
    ["public_metrics", object(METRICS)],
    ["non_public_metrics", object(METRICS)],
    ["organic_metrics", object(METRICS)],
    ["promoted_metrics", object(METRICS)],
    ["referenced_posts", list(REFERENCE)],
    ["withheld", object(WITHHELD)],
  ]),
};

const USER_METRICS: Rule = { names: new Map([["tweet_count", "post_count"]]), members: new Map() };
const USER: Rule = {
  names: new Map([
    ["pinned_tweet_id", "pinned_post_id"],
    ["most_recent_tweet_id", "most_recent_post_id"],
  ]),
  members: new Map([["public_metrics", object(USER_METRICS)]]),
};

const INCLUDES: Rule = {
  names: new Map([["tweets", "posts"]]),
  members: new Map([
    ["posts", list(POST)],
    ["users", list(USER)],
  ]),
};

export function canonicalPost(post: Post): Post {
  return canonical(post, POST) as Post;
}

/** Lists under both names become one: each object of an answer is paid for. */
export function canonicalIncludes(includes: Includes): Includes {
  const { tweets, posts } = includes;
  const whole = tweets && posts ? { ...includes, posts: [...posts, ...tweets] } : includes;
  return canonical(whole, INCLUDES) as Includes;
}

function canonical(given: Json, { names, members }: Rule): Json {
  const object = renamed(given, names);
  let changed: Record<string, unknown> | undefined;
  for (const [name, change] of members) {
    const value = object[name];
    if (value === undefined) continue;
    const next = change(value);
    if (next === value) continue;
    changed ??= { ...object };
    changed[name] = next;
  }
  return changed ?? object;
}

function renamed(object: Json, names: Names): Json {
  if (!hasAny(object, names)) return object;
  const entries = Object.entries(object).flatMap(([name, value]) => {
    const current = names.get(name);
    if (current === undefined) return [[name, value] as const];
    return Object.hasOwn(object, current) ? [] : [[current, value] as const];
  });
  return Object.fromEntries(entries);
}

function hasAny(object: Json, names: Names): boolean {
  for (const name of names.keys()) if (name in object) return true;
  return false;
}

function object(rule: Rule): Change {
  return (value) => (isObject(value) ? canonical(value, rule) : value);
}

function list(rule: Rule): Change {
  const change = object(rule);
  return (value) => {
    const items = itemsOf(value);
    const changed = items.map(change);
    return changed.some((item, index) => item !== items[index]) ? changed : value;
  };
}

function word(old: string, current: string): Change {
  return (value) => (value === old ? current : value);
}
