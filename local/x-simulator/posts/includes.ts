import type { FieldRequest } from "../requests/field-request";
import { inVocabulary } from "../vocabulary";
import type { Body } from "./bodies";
import type { PostGenerator, PostSelection } from "./post-generator";
import type { PostReference } from "./traits";
import { userAt, userDetails } from "./users";

/** The objects beside a page's posts, each once, and the indexes of those that may be billed. */
export interface Includes {
  /** `,"includes":{...}`, or nothing. */
  readonly json: string;
  readonly posts: readonly number[];
  readonly users: readonly number[];
}

const NOTHING: Includes = { json: "", posts: [], users: [] };

/** What one page refers to. */
interface Referred {
  readonly users: Set<number>;
  readonly posts: Set<number>;
  readonly mediaKeys: Set<string>;
  placeAsked: boolean;
}

/** Writes the `includes` that a request's expansions ask for. @param indexes the page's posts. */
export function writeIncludes(
  generator: PostGenerator,
  indexes: readonly number[],
  request: FieldRequest & { readonly selection: PostSelection },
): Includes {
  if (request.expansions.size === 0) return NOTHING;
  const referred = collect(generator, indexes, request.expansions);
  const parts = {
    users: [...referred.users].map((index) => writeUser(index, request)),
    posts: [...referred.posts].map((index) => generator.write(index, request.selection)),
    media: [...referred.mediaKeys].map((key) => JSON.stringify({ media_key: key, type: "photo" })),
    places: referred.placeAsked
      ? [JSON.stringify({ id: "01a9a39529b27f36", full_name: "Lisboa, Portugal" })]
      : [],
  };
  const json = Object.entries(parts)
    .filter(([, items]) => items.length > 0)
    .map(([name, items]) => `"${inVocabulary(name, request.vocabulary)}":[${items.join(",")}]`)
    .join(",");
  if (json === "") return NOTHING;
  return { json: `,"includes":{${json}}`, posts: [...referred.posts], users: [...referred.users] };
}

function collect(
  generator: PostGenerator,
  indexes: readonly number[],
  expansions: ReadonlySet<string>,
): Referred {
  const referred: Referred = { users: new Set(), posts: new Set(), mediaKeys: new Set(), placeAsked: false };
  for (const index of indexes) {
    const traits = generator.traits(index);
    const { reference } = traits;
    if (expansions.has("author_id")) referred.users.add(traits.author);
    if (expansions.has("entities.mentions.username"))
      for (const user of generator.mentionsOf(traits)) referred.users.add(user);
    if (reference?.type !== "retweeted") collectBody(generator.bodyOf(traits), expansions, referred);
    if (reference && expansions.has("referenced_posts")) referred.posts.add(reference.index);
    if (reference && wantsReferredAuthor(expansions, reference.type)) {
      referred.users.add(generator.traits(reference.index).author);
    }
  }
  return referred;
}

function collectBody(body: Body, expansions: ReadonlySet<string>, referred: Referred): void {
  if (expansions.has("attachments.media_keys") && body.mediaKey) referred.mediaKeys.add(body.mediaKey);
  if (expansions.has("geo.place_id") && body.fields.geo) referred.placeAsked = true;
}

function wantsReferredAuthor(expansions: ReadonlySet<string>, type: PostReference["type"]): boolean {
  if (expansions.has("referenced_posts.author_id")) return true;
  return type === "replied_to" && expansions.has("in_reply_to_user_id");
}

function writeUser(index: number, request: FieldRequest): string {
  const details = userDetails(index);
  const asked = request.userFields.map((name) => [name, details[name]] as const);
  const metrics = asked.map(([name, value]) => [name, translateCounts(value, request)] as const);
  return JSON.stringify({
    ...userAt(index),
    ...Object.fromEntries(metrics.filter(([, value]) => value !== undefined)),
  });
}

/** A user's counts are named after posts too. */
function translateCounts(value: unknown, { vocabulary }: FieldRequest): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, count]) => [inVocabulary(name, vocabulary), count]),
  );
}
