/**
 * Lines of the bucket: one JSON object each, as docs/record.md describes it. Written for speed, since every post passes
 * here: the post becomes JSON once, our own members are put before its closing brace, and all of a page goes into one
 * piece of memory.
 */
import { deadLetterLine } from "./dead-letter";
import { lineEnd } from "./ingestion";
import { LineWriter } from "./line-writer";
import { fullText, type Post, type PostLine, type Provenance } from "./post";

/** A line that had to be shortened. */
export interface Shortened {
  readonly id: string;
  readonly reason: string;
  /** Size of the whole line. */
  readonly bytes: number;
}

/** Lines in the order of their posts; line i is `data` from `offsets[i]` to `offsets[i + 1]`. */
export interface EncodedPage {
  readonly lines: readonly PostLine[];
  readonly data: Buffer;
  readonly offsets: readonly number[];
  readonly shortened: readonly Shortened[];
}

/** First guess of a line's size: a post with every public field has about 2 KB. */
const TYPICAL_LINE_BYTES = 4_096;

/** @param maxLineBytes longer lines become dead letters */
export function encodePage(lines: readonly PostLine[], maxLineBytes: number): EncodedPage {
  const writer = new LineWriter(lines.length * TYPICAL_LINE_BYTES);
  const offsets = [0];
  const shortened: Shortened[] = [];
  for (const line of lines) {
    const start = writer.bytes;
    writeLine(writer, line);
    const bytes = writer.bytes - start;
    if (bytes > maxLineBytes) {
      writer.truncate(start);
      writer.write(deadLetterLine(line, { reason: "oversize", bytes, maxBytes: maxLineBytes }));
      shortened.push({ id: line.post.id, reason: "oversize", bytes });
    }
    offsets.push(writer.bytes);
  }
  return { lines, data: writer.view(), offsets, shortened };
}

function writeLine(writer: LineWriter, { post, includes, provenance }: PostLine): void {
  writer.write(JSON.stringify(withoutOwnNames(post)));
  writer.truncate(writer.bytes - CLOSING_BRACE_BYTES);
  const text = fullText(post);
  if (text !== undefined) writer.write(`,"full_text":${JSON.stringify(text)}`);
  if (includes !== undefined) writer.write(`,"includes":${JSON.stringify(includes)}`);
  writer.write(cachedEnd(provenance));
}

const CLOSING_BRACE_BYTES = 1;

/** X has no fields of these names today; if it ever does, ours take their place, so that no name occurs twice. */
function withoutOwnNames(post: Post): Post {
  if (!("ingestion" in post || "includes" in post || "full_text" in post)) return post;
  const { ingestion: _ingestion, includes: _includes, full_text: _text, ...rest } = post;
  return rest as Post;
}

/** All posts of a page share one provenance object, so its JSON is made once a page. */
const ends = new WeakMap<Provenance, string>();

function cachedEnd(provenance: Provenance): string {
  const known = ends.get(provenance);
  if (known !== undefined) return known;
  const end = lineEnd(provenance);
  ends.set(provenance, end);
  return end;
}
