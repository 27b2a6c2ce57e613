import type { Body } from "../posts/bodies";
import { metricsOf, type PostMetrics } from "../posts/metrics";
import type { PostTraits } from "../posts/population";
import { endingsOf, type PostGenerator } from "../posts/post-generator";
import { userAt } from "../posts/users";

/** What matching reads of a text that many posts share. */
interface SharedText {
  readonly text: string;
  readonly words: ReadonlySet<string>;
  readonly hashtags: readonly string[];
  readonly cashtags: readonly string[];
  readonly links: readonly string[];
}

const sharedTexts = new WeakMap<object, SharedText>();

/** Scripts that put no spaces between words are searched as text. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;
const WORD = /^[\p{L}\p{N}\p{M}_]+$/u;

/** A text without its accents, as X's search compares it. */
export function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "");
}

/** A post as queries and rules look at it. */
export class PostView {
  private readonly traits: PostTraits;
  private readonly ownTraits: PostTraits;
  private readonly pieces: readonly SharedText[];

  constructor(
    private readonly generator: PostGenerator,
    readonly index: number,
  ) {
    this.traits = generator.traits(index);
    const { reference } = this.traits;
    // A repost has the words of its original.
    this.ownTraits = reference?.type === "retweeted" ? generator.traits(reference.index) : this.traits;
    this.pieces = [shared(this.body), ...this.endings()];
  }

  get author(): number {
    return this.traits.author;
  }

  get language(): string {
    return (this.body.fields.lang ?? "").slice(1, -1);
  }

  get metrics(): PostMetrics {
    return metricsOf(this.traits.popularity);
  }

  get repliesTo(): number | undefined {
    return this.authorOfReferred("replied_to");
  }

  get reposts(): number | undefined {
    return this.authorOfReferred("retweeted");
  }

  /** The post that this one quotes. */
  get quoted(): PostView | undefined {
    const { reference } = this.traits;
    return reference?.type === "quoted" ? new PostView(this.generator, reference.index) : undefined;
  }

  /** Lower case, without the sign. */
  get hashtags(): readonly string[] {
    return shared(this.body).hashtags;
  }

  get cashtags(): readonly string[] {
    return shared(this.body).cashtags;
  }

  get links(): readonly string[] {
    return shared(this.body).links;
  }

  get mentions(): readonly string[] {
    return this.generator.mentionsOf(this.traits).map((user) => userAt(user).username);
  }

  /** @param wanted lower case; a word has to stand alone, a phrase may be part of the text */
  says(wanted: string, foldsAccents: boolean): boolean {
    if (WORD.test(wanted) && !UNSPACED.test(wanted)) {
      return this.pieces.some(({ words }) =>
        foldsAccents ? [...words].some((word) => folded(word) === wanted) : words.has(wanted),
      );
    }
    const text = this.pieces.map((piece) => piece.text).join("");
    return (foldsAccents ? folded(text) : text).includes(wanted);
  }

  is(flag: string): boolean {
    const types: Readonly<Record<string, string>> = {
      retweet: "retweeted",
      reply: "replied_to",
      quote: "quoted",
    };
    return types[flag] !== undefined && this.traits.reference?.type === types[flag];
  }

  has(feature: string): boolean {
    switch (feature) {
      case "hashtags":
        return this.hashtags.length > 0;
      case "cashtags":
        return this.cashtags.length > 0;
      case "links":
        return this.links.length > 0;
      case "mentions":
        return this.mentions.length > 0;
      case "media":
      case "images":
        return this.body.mediaKey !== undefined;
      case "geo":
        return this.body.fields.geo !== undefined;
      default:
        return false;
    }
  }

  private get body(): Body {
    return this.generator.bodyOf(this.ownTraits);
  }

  private *endings(): Generator<SharedText> {
    for (const piece of endingsOf(this.body, this.ownTraits)) yield sharedOf(piece, piece.json);
  }

  private authorOfReferred(type: string): number | undefined {
    const { reference } = this.traits;
    return reference?.type === type ? this.generator.traits(reference.index).author : undefined;
  }
}

function shared(body: Body): SharedText {
  return sharedOf(body, (body.note?.head ?? body.head).json, body.note?.entities ?? body.fields.entities);
}

function sharedOf(owner: object, json: string, entitiesJson = "{}"): SharedText {
  const known = sharedTexts.get(owner);
  if (known) return known;
  const text = (JSON.parse(`"${json}"`) as string).toLowerCase();
  const entities = JSON.parse(entitiesJson) as Record<string, readonly Record<string, string>[]>;
  const made = {
    text,
    words: new Set(text.split(/[^\p{L}\p{N}\p{M}_]+/u).filter((word) => word !== "")),
    hashtags: (entities.hashtags ?? []).map(({ tag = "" }) => tag.toLowerCase()),
    cashtags: (entities.cashtags ?? []).map(({ tag = "" }) => tag.toLowerCase()),
    links: (entities.urls ?? []).map(({ expanded_url = "" }) => expanded_url),
  };
  sharedTexts.set(owner, made);
  return made;
}
