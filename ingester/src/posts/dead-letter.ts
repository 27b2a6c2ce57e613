/** Lines for posts that cannot be delivered whole: valid JSON with the id, the reason, and what fits unbroken. */
import { type DeadLetter, type DeadLetterReason, lineEnd } from "./ingestion";
import { fullText, type PostLine } from "./post";

export interface DeadLetterOptions {
  readonly reason: DeadLetterReason;
  /** Size of the line that could not be delivered. */
  readonly bytes: number;
  /** Size that this line has to keep to, newline included; at least the id and the reason are written. */
  readonly maxBytes: number;
}

/** Room for the names of what was left out. */
const OMITTED_NAMES_BYTES = 4_096;

interface Member {
  readonly name: string;
  /** With the comma before it. */
  readonly json: string;
  readonly bytes: number;
}

/**
 * Keeps the smallest members first, because that keeps the most of them: usually all but one. They stay in the post's
 * order, and none is cut.
 */
export function deadLetterLine(line: PostLine, options: DeadLetterOptions): string {
  const members = membersOf(line);
  const start = `{"id":${JSON.stringify(line.post.id)}`;
  const frame = byteLength(start) + byteLength(endOf(line, options, [])) + OMITTED_NAMES_BYTES;
  const kept = smallestWithin(members, options.maxBytes - frame);
  const omitted = members.filter((member) => !kept.has(member)).map(({ name }) => name);
  const body = members.filter((member) => kept.has(member)).map(({ json }) => json);
  return start + body.join("") + endOf(line, options, omitted);
}

function endOf(line: PostLine, { reason, bytes }: DeadLetterOptions, omitted: readonly string[]): string {
  const dead_letter: DeadLetter = {
    reason,
    bytes,
    omitted_fields: namesWithin(omitted, OMITTED_NAMES_BYTES - COUNT_DIGITS),
    omitted_count: omitted.length,
  };
  return lineEnd(line.provenance, dead_letter);
}

/** Room for `omitted_count` to grow beyond the one digit it is measured with. */
const COUNT_DIGITS = 16;

function membersOf({ post, includes }: PostLine): readonly Member[] {
  const { id: _id, full_text: _text, includes: _includes, ingestion: _ingestion, ...fields } = post;
  const named = [...Object.entries(fields), ["full_text", fullText(post)], ["includes", includes]] as const;
  return named.flatMap(([name, value]) => {
    if (value === undefined) return [];
    const json = `,${JSON.stringify(name)}:${JSON.stringify(value)}`;
    return [{ name, json, bytes: byteLength(json) }];
  });
}

function smallestWithin(members: readonly Member[], maxBytes: number): ReadonlySet<Member> {
  const kept = new Set<Member>();
  let left = maxBytes;
  for (const member of members.toSorted((a, b) => a.bytes - b.bytes)) {
    left -= member.bytes;
    if (left < 0) break;
    kept.add(member);
  }
  return kept;
}

function namesWithin(names: readonly string[], maxBytes: number): readonly string[] {
  let left = maxBytes;
  return names.filter((name) => {
    const bytes = byteLength(JSON.stringify(name)) + 1;
    if (bytes > left) return false;
    left -= bytes;
    return true;
  });
}

function byteLength(text: string): number {
  return Buffer.byteLength(text);
}
