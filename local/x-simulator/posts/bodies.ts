import { hash32, randomSequence } from "../../support/random";
import { CONTEXT_ANNOTATIONS, LINKS } from "./annotations";
import { LANGUAGES, type Language } from "./languages";
import { TextBuilder } from "./text-builder";
import { USER_COUNT, userAt } from "./users";

/** X cuts `text` here; the whole of a longer text is in the note. */
export const MAX_TEXT_LENGTH = 280;

/** A ready piece of JSON string content (escaped, without quotes) and its length in code points. */
export interface TextPiece {
  readonly json: string;
  readonly length: number;
}

/** What many posts share: the beginning of a text and everything that depends only on it. */
export interface Body {
  readonly head: TextPiece;
  /** Set on long posts: the beginning of the whole text, and the note's entities as JSON. */
  readonly note?: { readonly head: TextPiece; readonly entities: string };
  /** Endings in the same language; a post ends with one or two of its own choice. */
  readonly tails: readonly TextPiece[];
  /** JSON values by the OpenAPI's field names. */
  readonly fields: Readonly<Record<string, string>>;
  /** Users mentioned, by index. */
  readonly mentions: readonly number[];
  readonly mediaKey?: string;
}

const BODY_COUNT = 720;

/** Keeps a whole post within 6 KB in scripts of three bytes a character too. */
const MAX_LONG_BYTES = 2300;

/** How many posts in a hundred have each feature; roughly what keyword searches return. */
const SHARE = { note: 12, media: 22, link: 25, geo: 4, annotated: 45, mention: 30, hashtag: 35 } as const;

/** What all posts of a simulator are built from. A body is made when it is first asked for: many simulators write few posts. */
export class Bodies {
  private readonly made: Body[] = [];

  constructor(private readonly seed: number) {}

  /** @param choice a whole number, 0 or more */
  at(choice: number): Body {
    const number = choice % BODY_COUNT;
    this.made[number] ??= createBody(hash32(this.seed, number, 11));
    return this.made[number];
  }
}

const TAILS = new Map(
  LANGUAGES.map(({ tag, phrases }) => [tag, phrases.map((phrase) => piece(` ${phrase}`))]),
);

function createBody(seed: number): Body {
  const random = randomSequence(seed);
  const language = pick(LANGUAGES, random);
  const has = (feature: keyof typeof SHARE): boolean => random() * 100 < SHARE[feature];
  const text = new TextBuilder().words(pick(language.phrases, random));
  const mentions = has("mention") ? [Math.floor(random() * USER_COUNT)] : [];
  for (const index of mentions) text.mention(userAt(index));
  if (has("hashtag")) text.hashtag(pick(language.hashtags, random));
  if (random() < 0.05) text.cashtag("XYZ");
  if (has("link")) text.url(pick(LINKS, random));
  const mediaKey = has("media") ? `3_${seed}` : undefined;
  if (mediaKey) text.url(mediaLink(mediaKey));
  const isLong = has("note") || text.length > MAX_TEXT_LENGTH;
  if (isLong) lengthen(text, language, random);
  return {
    ...textParts(text, isLong),
    tails: TAILS.get(language.tag) ?? [],
    fields: staticFields({ language, text, random, has, ...(mediaKey ? { mediaKey } : {}) }),
    mentions,
    ...(mediaKey ? { mediaKey } : {}),
  };
}

/** Long posts run from just above the cut to about a thousand characters, with paragraphs. */
function lengthen(text: TextBuilder, language: Language, random: () => number): void {
  const target = MAX_TEXT_LENGTH + 20 + Math.floor(random() ** 2 * 900);
  const isShort = () => text.length < target && Buffer.byteLength(text.toString()) < MAX_LONG_BYTES;
  while (text.length <= MAX_TEXT_LENGTH || isShort()) {
    text.words(pick(language.phrases, random));
    if (random() < 0.2) text.words("\n\n—");
  }
  text.hashtag(pick(language.hashtags, random));
}

function textParts(text: TextBuilder, isLong: boolean): Pick<Body, "head" | "note"> {
  const whole = text.toString();
  if (!isLong) return { head: piece(whole) };
  const cut = [...whole].slice(0, MAX_TEXT_LENGTH).join("");
  return { head: piece(cut), note: { head: piece(whole), entities: JSON.stringify(noteEntities(text)) } };
}

/** X enriches the links of a note less than those of a text. */
function noteEntities(text: TextBuilder): object {
  const { urls, ...others } = text.entities();
  if (!urls) return others;
  return {
    ...others,
    urls: urls.map(({ start, end, url, expanded_url, display_url }) => ({
      start,
      end,
      url,
      expanded_url,
      display_url,
    })),
  };
}

interface FieldSource {
  readonly language: Language;
  readonly text: TextBuilder;
  readonly random: () => number;
  readonly has: (feature: keyof typeof SHARE) => boolean;
  readonly mediaKey?: string;
}

function staticFields(source: FieldSource): Record<string, string> {
  const { language, text, random, has, mediaKey } = source;
  const entities = text.entities(MAX_TEXT_LENGTH);
  const annotations = CONTEXT_ANNOTATIONS.slice(Math.floor(random() * CONTEXT_ANNOTATIONS.length));
  const fields: Record<string, unknown> = {
    lang: language.tag,
    possibly_sensitive: random() < 0.03,
    reply_settings: random() < 0.9 ? "everyone" : "mentionedUsers",
    entities: Object.keys(entities).length > 0 ? entities : undefined,
    context_annotations: has("annotated") ? annotations : undefined,
    attachments: mediaKey ? { media_keys: [mediaKey] } : undefined,
    media_metadata: mediaKey
      ? [{ media_key: mediaKey, alt_text: "A photo of the evening sky 🌇" }]
      : undefined,
    geo: has("geo") ? { place_id: "01a9a39529b27f36", coordinates: point(random) } : undefined,
    paid_partnership: random() < 0.01 ? true : undefined,
  };
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, JSON.stringify(value)]),
  );
}

function point(random: () => number): object {
  return { type: "Point", coordinates: [round(random() * 360 - 180), round(random() * 180 - 90)] };
}

function round(degrees: number): number {
  return Math.round(degrees * 10_000) / 10_000;
}

function mediaLink(mediaKey: string): Parameters<TextBuilder["url"]>[0] {
  const url = `https://t.co/${mediaKey.slice(2).padStart(10, "m")}`;
  return {
    url,
    expanded_url: `https://x.com/i/status/${mediaKey.slice(2)}/photo/1`,
    display_url: "pic.x.com/photo",
    media_key: mediaKey,
  };
}

function piece(text: string): TextPiece {
  return { json: JSON.stringify(text).slice(1, -1), length: [...text].length };
}

function pick<Item>(items: readonly Item[], random: () => number): Item {
  return items[Math.floor(random() * items.length)] as Item;
}
