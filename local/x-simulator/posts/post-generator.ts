import { timeOfId } from "../snowflake";
import type { Timeline } from "../timeline";
import { inVocabulary, type Vocabulary } from "../vocabulary";
import { type Body, createBodies, MAX_TEXT_LENGTH, type TextPiece } from "./bodies";
import { authorOf, type PostTraits, traitsOf } from "./traits";
import { userAt } from "./users";

const EDIT_WINDOW_MS = 60 * 60 * 1000;
const MAX_EDITS = 5;
const MINUTE_IN_IDS = BigInt(60_000) << 22n;

/** Which fields a post is written with, and in which words. */
export interface PostSelection {
  /** Names of the OpenAPI's Post. `id`, `text` and `edit_history_post_ids` are always written. */
  readonly fields: ReadonlySet<string>;
  readonly vocabulary: Vocabulary;
}

/** Writes the fields that a post shares with others of the same body, joined, by body. */
type StaticFields = (number: number) => string;

/**
 * Writes posts as JSON text from their index alone. Text is put together from pieces escaped beforehand:
 * parsing and printing objects would make the simulator slower than the ingester it feeds.
 */
export class PostGenerator {
  private readonly bodies: readonly Body[];
  private readonly staticsBySelection = new WeakMap<PostSelection, StaticFields>();

  constructor(
    private readonly seed: number,
    private readonly timeline: Timeline,
  ) {
    this.bodies = createBodies(seed);
  }

  /** What the seed decided about a post: its author, what it refers to, and so on. */
  traits(index: number): PostTraits {
    return traitsOf(this.seed, index);
  }

  /** The body a post is built on. */
  bodyOf(traits: PostTraits): Body {
    return this.bodies[traits.body % this.bodies.length] as Body;
  }

  /**
   * A post as JSON text.
   * @param index 0 (oldest) to the timeline's size - 1.
   * @param selection pass the same object for all posts of an answer: what it implies is worked out once.
   */
  write(index: number, selection: PostSelection): string {
    const traits = traitsOf(this.seed, index);
    const id = this.timeline.idAt(index);
    const body = this.bodyOf(traits);
    const ending = endingOf(body, traits);
    const { vocabulary } = selection;
    const text = body.note ? body.head.json : body.head.json + ending.json;
    return `{"id":"${id}","text":"${text}","${inVocabulary("edit_history_post_ids", vocabulary)}":${editHistory(id, traits)}${this.ownFields(
      { id, traits, body, ending },
      selection,
    )}${this.statics(selection)(traits.body % this.bodies.length)}}`;
  }

  private ownFields(post: PostDraft, { fields, vocabulary }: PostSelection): string {
    const { id, traits, body, ending } = post;
    let json = "";
    if (fields.has("created_at")) json += `,"created_at":"${createdAt(id)}"`;
    if (fields.has("author_id")) json += `,"author_id":"${userAt(traits.author).id}"`;
    if (fields.has("conversation_id")) json += `,"conversation_id":"${this.conversation(post)}"`;
    if (fields.has("in_reply_to_user_id")) json += this.inReplyTo(traits);
    if (fields.has("referenced_posts")) json += this.references(traits, vocabulary);
    if (fields.has("public_metrics")) json += publicMetrics(traits.popularity, vocabulary);
    if (fields.has("edit_controls")) json += editControls(id, traits);
    if (fields.has("display_text_range")) json += `,"display_text_range":[0,${textLength(body, ending)}]`;
    if (body.note && fields.has("note_post")) {
      const note = `{"text":"${body.note.head.json}${ending.json}","entities":${body.note.entities}}`;
      json += `,"${inVocabulary("note_post", vocabulary)}":${note}`;
    }
    return json;
  }

  private statics(selection: PostSelection): StaticFields {
    const known = this.staticsBySelection.get(selection);
    if (known) return known;
    const joined = this.bodies.map((body) =>
      Object.entries(body.fields)
        .filter(([name]) => selection.fields.has(name))
        .map(([name, value]) => `,"${name}":${value}`)
        .join(""),
    );
    const statics: StaticFields = (number) => joined[number] ?? "";
    this.staticsBySelection.set(selection, statics);
    return statics;
  }

  private conversation({ id, traits }: PostDraft): bigint {
    return traits.reference?.type === "replied_to" ? this.timeline.idAt(traits.reference.index) : id;
  }

  private inReplyTo({ reference }: PostTraits): string {
    if (reference?.type !== "replied_to") return "";
    return `,"in_reply_to_user_id":"${userAt(authorOf(this.seed, reference.index)).id}"`;
  }

  private references({ reference }: PostTraits, vocabulary: Vocabulary): string {
    if (!reference) return "";
    const name = inVocabulary("referenced_posts", vocabulary);
    return `,"${name}":[{"type":"${reference.type}","id":"${this.timeline.idAt(reference.index)}"}]`;
  }
}

interface PostDraft {
  readonly id: bigint;
  readonly traits: PostTraits;
  readonly body: Body;
  readonly ending: TextPiece;
}

/** One or two phrases of the post's own, as many as fit into a short text. */
function endingOf(body: Body, traits: PostTraits): TextPiece {
  const first = tail(body, traits.tails[0]);
  const second = tail(body, traits.tails[1]);
  const room = body.note ? Number.POSITIVE_INFINITY : MAX_TEXT_LENGTH - body.head.length;
  if (first.length > room) return { json: "", length: 0 };
  if (first.length + second.length > room) return first;
  return { json: first.json + second.json, length: first.length + second.length };
}

function tail(body: Body, choice: number): TextPiece {
  return body.tails[choice % body.tails.length] as TextPiece;
}

function textLength(body: Body, ending: TextPiece): number {
  return body.note ? body.head.length : body.head.length + ending.length;
}

/** X gives times to the second, with zeros behind. */
function createdAt(id: bigint): string {
  return `${new Date(timeOfId(id)).toISOString().slice(0, 19)}.000Z`;
}

function editHistory(id: bigint, { edits }: PostTraits): string {
  if (edits === 0) return `["${id}"]`;
  const earlier = Array.from({ length: edits }, (_, number) => id - BigInt(edits - number) * MINUTE_IN_IDS);
  return `[${[...earlier, id].map((each) => `"${each}"`).join(",")}]`;
}

function editControls(id: bigint, { edits, reference }: PostTraits): string {
  const until = new Date(timeOfId(id) + EDIT_WINDOW_MS).toISOString();
  const eligible = reference === undefined;
  return `,"edit_controls":{"edits_remaining":${MAX_EDITS - edits},"is_edit_eligible":${eligible},"editable_until":"${until}"}`;
}

function publicMetrics(popularity: number, vocabulary: Vocabulary): string {
  const likes = popularity % 997;
  const reposts = inVocabulary("repost_count", vocabulary);
  return `,"public_metrics":{"${reposts}":${likes >> 3},"reply_count":${likes >> 4},"like_count":${likes},"quote_count":${likes >> 5},"bookmark_count":${likes >> 2},"impression_count":${likes * 41 + 7}}`;
}
