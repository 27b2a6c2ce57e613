/** Which of a page's included objects belong to which post. Pure. */
import type { Includes, Json, Post } from "./post";
import { comparable, eachName, keysOf, REFERENCES, type Reference, referencesToOthers } from "./references";

/** An included object. */
interface Entry {
  readonly kind: string;
  readonly object: Json;
  /** Its place among all included objects. */
  readonly place: number;
}

/** What can be named, by target and name. Two objects may have the same name. */
type Index = ReadonlyMap<string, ReadonlyMap<string, readonly Entry[]>>;

/** The includes of a page, post by post. */
export interface Shares {
  /** For each post what belongs to it; undefined when the page includes nothing. */
  readonly ofPosts: readonly (Includes | undefined)[];
  /** What belongs to no post; undefined when there is nothing. */
  readonly unreferenced: Includes | undefined;
}

/**
 * A post gets the objects that it refers to, then those that its referenced posts refer to, then those that its users
 * and places refer to. Posts that a referenced post refers to are left out: each post of a thread would bring the
 * whole thread along.
 */
export function shareOut(posts: readonly Post[], includes: Includes): Shares {
  const entries = entriesOf(includes);
  if (entries.length === 0) return { ofPosts: posts.map(() => undefined), unreferenced: undefined };
  const finder = new Finder(Object.keys(includes), entries);
  const used = new Set<Entry>();
  const ofPosts = posts.map((post) => {
    const found = finder.find(post);
    for (const entry of found) used.add(entry);
    return grouped(found);
  });
  const unused = entries.filter((entry) => !used.has(entry));
  return { ofPosts, unreferenced: unused.length === 0 ? undefined : grouped(unused) };
}

/** A reference together with what it can lead to on this page. */
interface Lookup extends Reference {
  readonly named: ReadonlyMap<string, readonly Entry[]>;
}

class Finder {
  private readonly ofPosts: readonly Lookup[];
  private readonly ofIncludedPosts: readonly Lookup[];
  /** By kind. */
  private readonly ofOthers: ReadonlyMap<string, readonly Lookup[]>;

  constructor(kinds: readonly string[], entries: readonly Entry[]) {
    const index = indexOf(entries);
    const lookups = (references: readonly Reference[]): readonly Lookup[] =>
      references.flatMap((reference) => {
        const named = index.get(reference.target);
        return named === undefined ? [] : [{ ...reference, named }];
      });
    const { posts, ...others } = REFERENCES;
    this.ofPosts = lookups([...posts, ...referencesToOthers(kinds)]);
    this.ofIncludedPosts = this.ofPosts.filter(({ target }) => target !== "posts.id");
    this.ofOthers = new Map(Object.entries(others).map(([kind, references]) => [kind, lookups(references)]));
  }

  find(post: Post): ReadonlySet<Entry> {
    const found = new Set<Entry>();
    follow(post, this.ofPosts, found);
    for (const { kind, object } of [...found]) {
      if (kind === "posts") follow(object, this.ofIncludedPosts, found);
    }
    for (const { kind, object } of [...found]) follow(object, this.ofOthers.get(kind) ?? [], found);
    return found;
  }
}

function follow(from: Json, lookups: readonly Lookup[], found: Set<Entry>): void {
  for (const { target, path, named } of lookups) {
    eachName(from, path, (name) => {
      for (const entry of named.get(comparable(target, name)) ?? []) found.add(entry);
    });
  }
}

function entriesOf(includes: Includes): readonly Entry[] {
  let place = 0;
  return Object.entries(includes).flatMap(([kind, objects]) =>
    objects.map((object) => {
      place += 1;
      return { kind, object, place };
    }),
  );
}

function indexOf(entries: readonly Entry[]): Index {
  const index = new Map<string, Map<string, Entry[]>>();
  for (const entry of entries) {
    for (const key of keysOf(entry.kind)) {
      const target = `${entry.kind}.${key}`;
      const names = at(index, target, () => new Map<string, Entry[]>());
      eachName(entry.object, [key], (name) => at(names, comparable(target, name), () => []).push(entry));
    }
  }
  return index;
}

/** As X sent them: kind by kind, in its order. */
function grouped(entries: Iterable<Entry>): Includes {
  const kinds = new Map<string, Json[]>();
  for (const { kind, object } of [...entries].sort((a, b) => a.place - b.place)) {
    at(kinds, kind, () => []).push(object);
  }
  return Object.fromEntries(kinds);
}

function at<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
