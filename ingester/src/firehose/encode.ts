/**
 * Lines of the bucket: one JSON object each, as docs/record.md describes it. Written for speed, since every post
 * passes here: the post is turned into JSON once, our own members are spliced in before its closing brace, and all of
 * a page goes into one piece of memory.
 */
import { fullText, type PostLine, type Provenance } from "../post";
import { deadLetterLine } from "./dead-letter";
import { hasDisplaced, lineEnd, separate } from "./ingestion";
import { MAX_RECORD_BYTES } from "./limits";
import { LineWriter } from "./line-writer";

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

/** @param maxLineBytes longer lines become dead letters. @default the most that one Firehose record can hold */
export function encodePage(lines: readonly PostLine[], maxLineBytes = MAX_RECORD_BYTES): EncodedPage {
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

function writeLine(writer: LineWriter, line: PostLine): void {
  const apart = hasDisplaced(line.post) ? separate(line.post) : undefined;
  writer.write(JSON.stringify(apart === undefined ? line.post : apart.post));
  writer.truncate(writer.bytes - CLOSING_BRACE_BYTES);
  const text = fullText(line.post);
  if (text !== undefined) writer.write(`,"full_text":${JSON.stringify(text)}`);
  if (line.includes !== undefined) writer.write(`,"includes":${JSON.stringify(line.includes)}`);
  const { provenance } = line;
  writer.write(
    apart === undefined ? cachedEnd(provenance) : lineEnd(provenance, { displaced: apart.displaced }),
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
