import { timeOfId } from "../snowflake";
import type { Timeline } from "../timeline";
import { inVocabulary, type Vocabulary } from "../vocabulary";
import { Bodies, type Body, MAX_TEXT_LENGTH, type TextPiece } from "./bodies";
import { metricsOf } from "./metrics";
import { EDIT_WINDOW_MS, MAX_EDITS, Population, type PostTraits } from "./population";
import { repostFields, repostText } from "./repost";
import { userAt } from "./users";

/** Which fields a post is written with, and in which words. */
export interface PostSelection {
  /** Names of the OpenAPI's Post. `id`, `text` and `edit_history_post_ids` are always written. */
  readonly fields: ReadonlySet<string>;
  readonly vocabulary: Vocabulary;
}

/**
 * Writes posts as JSON text from their index alone. Text is put together from pieces escaped beforehand:
 * parsing and printing objects would make the simulator slower than the ingester it feeds.
 */
export class PostGenerator {
  private readonly bodies: Bodies;
  private readonly population: Population;
  /** The fields that a post shares with others of the same body, joined. */
  private readonly staticsBySelection = new WeakMap<PostSelection, Map<Body, string>>();

  /** @param repostShare share of posts that are reposts, 0 to 1 */
  constructor(
    readonly seed: number,
    private readonly timeline: Timeline,
    readonly repostShare = 0,
  ) {
    this.bodies = new Bodies(seed);
    this.population = new Population(seed, timeline, repostShare);
  }

  /** What a post is: its author, what it refers to, and so on. */
  traits(index: number): PostTraits {
    return this.population.traits(index);
  }

  /** The body a post is built on. */
  bodyOf({ body }: PostTraits): Body {
    return this.bodies.at(body);
  }

  /** The users a post mentions, by index. */
  mentionsOf(traits: PostTraits): readonly number[] {
    const { reference } = traits;
    if (reference?.type === "retweeted") return [this.traits(reference.index).author];
    return this.bodyOf(traits).mentions;
  }

  /**
   * A post as JSON text.
   * @param index 0 (oldest) to the timeline's size - 1.
   * @param selection pass the same object for all posts of an answer: what it implies is worked out once.
   */
  write(index: number, selection: PostSelection): string {
    const traits = this.traits(index);
    const id = this.timeline.idAt(index);
    const isRepost = traits.reference?.type === "retweeted";
    const { text, length, note } = isRepost ? this.repostText(traits) : this.ownText(traits);
    const draft = { id, traits, text, length, note };
    const shared = isRepost
      ? this.repostStatics(traits, selection)
      : this.statics(this.bodyOf(traits), selection);
    const history = inVocabulary("edit_history_post_ids", selection.vocabulary);
    return `{"id":"${id}","text":"${draft.text}","${history}":${this.editHistory(draft)}${this.ownFields(
      draft,
      selection,
    )}${shared}}`;
  }

  private ownText(traits: PostTraits): DraftText {
    const body = this.bodyOf(traits);
    let json = "";
    let { length } = body.head;
    for (const piece of endingsOf(body, traits)) {
      json += piece.json;
      length += piece.length;
    }
    if (!body.note) return { text: body.head.json + json, length, note: undefined };
    const note = `{"text":"${body.note.head.json}${json}","entities":${body.note.entities}}`;
    return { text: body.head.json, length: body.head.length, note };
  }

  private repostText(traits: PostTraits): DraftText {
    const { username } = userAt(this.mentionsOf(traits)[0] ?? 0);
    return { ...repostText(username, this.ownText(this.original(traits)).text), note: undefined };
  }

  private repostStatics(traits: PostTraits, { fields }: PostSelection): string {
    const body = this.bodyOf(this.original(traits));
    return repostFields(fields, body, userAt(this.mentionsOf(traits)[0] ?? 0));
  }

  private original({ reference }: PostTraits): PostTraits {
    return this.traits(reference?.index ?? 0);
  }

  private ownFields(post: PostDraft, { fields, vocabulary }: PostSelection): string {
    const { id, traits } = post;
    let json = "";
    if (fields.has("created_at")) json += `,"created_at":"${createdAt(id)}"`;
    if (fields.has("author_id")) json += `,"author_id":"${userAt(traits.author).id}"`;
    if (fields.has("conversation_id")) json += `,"conversation_id":"${this.conversation(post)}"`;
    if (fields.has("in_reply_to_user_id")) json += this.inReplyTo(traits);
    if (fields.has("referenced_posts")) json += this.references(traits, vocabulary);
    if (fields.has("public_metrics")) json += publicMetrics(traits.popularity, vocabulary);
    if (fields.has("edit_controls")) json += this.editControls(post);
    if (fields.has("display_text_range")) json += `,"display_text_range":[0,${post.length}]`;
    if (post.note && fields.has("note_post"))
      json += `,"${inVocabulary("note_post", vocabulary)}":${post.note}`;
    return json;
  }

  private statics(body: Body, selection: PostSelection): string {
    const known = this.staticsBySelection.get(selection) ?? new Map<Body, string>();
    this.staticsBySelection.set(selection, known);
    const statics = known.get(body) ?? joined(body, selection);
    known.set(body, statics);
    return statics;
  }

  private conversation({ id, traits }: PostDraft): bigint {
    return traits.reference?.type === "replied_to" ? this.timeline.idAt(traits.reference.index) : id;
  }

  private inReplyTo({ reference }: PostTraits): string {
    if (reference?.type !== "replied_to") return "";
    return `,"in_reply_to_user_id":"${userAt(this.traits(reference.index).author).id}"`;
  }

  private references({ reference }: PostTraits, vocabulary: Vocabulary): string {
    if (!reference) return "";
    const name = inVocabulary("referenced_posts", vocabulary);
    return `,"${name}":[{"type":"${reference.type}","id":"${this.timeline.idAt(reference.index)}"}]`;
  }

  private editHistory({ id, traits }: PostDraft): string {
    if (traits.earlier.length === 0) return `["${id}"]`;
    const earlier = traits.earlier.map((index) => this.timeline.idAt(index));
    return `[${[...earlier, id].map((each) => `"${each}"`).join(",")}]`;
  }

  private editControls({ id, traits }: PostDraft): string {
    const [first] = traits.earlier;
    const madeMs = timeOfId(first === undefined ? id : this.timeline.idAt(first));
    const until = new Date(madeMs + EDIT_WINDOW_MS).toISOString();
    const eligible = traits.reference === undefined;
    return `,"edit_controls":{"edits_remaining":${MAX_EDITS - traits.earlier.length},"is_edit_eligible":${eligible},"editable_until":"${until}"}`;
  }
}

function joined({ fields }: Body, selection: PostSelection): string {
  return Object.entries(fields)
    .filter(([name]) => selection.fields.has(name))
    .map(([name, value]) => `,"${name}":${value}`)
    .join("");
}

/** A text as JSON string content, its length in code points, and the note of a long post as JSON. */
interface DraftText {
  readonly text: string;
  readonly length: number;
  readonly note: string | undefined;
}

interface PostDraft extends DraftText {
  readonly id: bigint;
  readonly traits: PostTraits;
}

/** What a post adds to its body: one or two phrases of its own, as many as fit into a short text. */
export function endingsOf(body: Body, traits: PostTraits): readonly TextPiece[] {
  const first = tail(body, traits.tails[0]);
  const second = tail(body, traits.tails[1]);
  const room = body.note ? Number.POSITIVE_INFINITY : MAX_TEXT_LENGTH - body.head.length;
  if (first.length > room) return [];
  return first.length + second.length > room ? [first] : [first, second];
}

function tail(body: Body, choice: number): TextPiece {
  return body.tails[choice % body.tails.length] as TextPiece;
}

/** X gives times to the second, with zeros behind. */
function createdAt(id: bigint): string {
  return `${new Date(timeOfId(id)).toISOString().slice(0, 19)}.000Z`;
}

function publicMetrics(popularity: number, vocabulary: Vocabulary): string {
  const { likes, reposts, replies } = metricsOf(popularity);
  const repostCount = inVocabulary("repost_count", vocabulary);
  return `,"public_metrics":{"${repostCount}":${reposts},"reply_count":${replies},"like_count":${likes},"quote_count":${likes >> 5},"bookmark_count":${likes >> 2},"impression_count":${likes * 41 + 7}}`;
}
