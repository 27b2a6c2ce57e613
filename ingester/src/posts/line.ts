/**
 * Lines of the bucket: one JSON object each, as docs/record.md describes it. Written for speed, since every post passes
 * here: the post becomes JSON once, our own members are put before its closing brace, and all of a page goes into one
 * piece of memory.
 */
import { deadLetterLine } from "./dead-letter";
import { fullText } from "./full-text";
import { isId } from "./ids";
import { type DeadLetterReason, lineEnd } from "./ingestion";
import { isExact, stringify, wellFormed } from "./json";
import { LineWriter } from "./line-writer";
import { withoutOwnNames } from "./own-names";
import type { PostLine, Provenance } from "./post";

/** A line that had to be shortened, or that has no id of X's. */
export interface Shortened {
  readonly id: string;
  readonly reason: string;
  /** Size of the whole line. */
  readonly bytes: number;
}

/** Lines in the order of their posts; line i is `data` from `offsets[i]` to `offsets[i + 1]`, a view of the writer's memory. */
export interface EncodedPage {
  readonly lines: readonly PostLine[];
  readonly data: Buffer;
  readonly offsets: readonly number[];
  readonly shortened: readonly Shortened[];
  /** Lone surrogates of all lines that were replaced by U+FFFD. */
  readonly replacedCharacters: number;
}

/** First guess of a line's size: a post with every public field has about 2 KB. */
const TYPICAL_LINE_BYTES = 4_096;

/**
 * Encodes with JSON.stringify, and once more with care if that has left something that strict readers refuse.
 * @param maxLineBytes longer lines become dead letters
 * @param writer its memory is used, and what it held is lost. @default - memory of its own
 */
export function encodePage(
  lines: readonly PostLine[],
  maxLineBytes: number,
  writer = new LineWriter(lines.length * TYPICAL_LINE_BYTES),
): EncodedPage {
  const page = encode(lines, maxLineBytes, { writer, toJson: JSON.stringify });
  if (isExact(page.data)) return page;
  return encode(lines.map(repaired), maxLineBytes, { writer, toJson: stringify });
}

function repaired(line: PostLine): PostLine {
  const { value, replaced } = wellFormed(line);
  return replaced === 0 ? line : { ...value, replacedCharacters: replaced };
}

type ToJson = (value: unknown) => string;

function encode(
  lines: readonly PostLine[],
  maxLineBytes: number,
  { writer, toJson }: { readonly writer: LineWriter; readonly toJson: ToJson },
): EncodedPage {
  writer.truncate(0);
  const offsets = [0];
  const shortened: Shortened[] = [];
  for (const line of lines) {
    const start = writer.bytes;
    writeLine(writer, line, toJson);
    const bytes = writer.bytes - start;
    const reason = reasonFor(line, bytes > maxLineBytes);
    if (reason !== undefined) {
      writer.truncate(start);
      writer.write(deadLetterLine(line, { reason, bytes, maxBytes: maxLineBytes }));
      shortened.push({ id: line.post.id, reason, bytes });
    }
    offsets.push(writer.bytes);
  }
  const replacedCharacters = lines.reduce((sum, { replacedCharacters: count = 0 }) => sum + count, 0);
  return { lines, data: writer.view(), offsets, shortened, replacedCharacters };
}

function reasonFor({ post }: PostLine, isTooLong: boolean): DeadLetterReason | undefined {
  if (isTooLong) return "oversize";
  return isId(post.id) ? undefined : "no_id";
}

function writeLine(writer: LineWriter, line: PostLine, toJson: ToJson): void {
  const { post, includes, unreferenced, matchingRules, provenance, replacedCharacters, form } = line;
  writer.write(toJson(withoutOwnNames(post)), form);
  writer.truncate(writer.bytes - CLOSING_BRACE_BYTES);
  const text = fullText(post, includes);
  if (text !== undefined) writer.write(`,"full_text":${toJson(text)}`, form);
  if (includes !== undefined) writer.write(`,"includes":${toJson(includes)}`, form);
  if (unreferenced !== undefined) writer.write(`,"includes_unreferenced":${toJson(unreferenced)}`, form);
  if (matchingRules !== undefined) writer.write(`,"matching_rules":${toJson(matchingRules)}`);
  writer.write(
    replacedCharacters === undefined ? cachedEnd(provenance) : lineEnd(provenance, { replacedCharacters }),
  );
}

const CLOSING_BRACE_BYTES = 1;

/** All posts of a page share one provenance object, so its JSON is made once a page. */
const ends = new WeakMap<Provenance, string>();

function cachedEnd(provenance: Provenance): string {
  const known = ends.get(provenance);
  if (known !== undefined) return known;
  const end = lineEnd(provenance);
  ends.set(provenance, end);
  return end;
}
