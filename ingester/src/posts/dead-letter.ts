/** Lines for what is no whole post: valid JSON with the id, the reason, and what fits unbroken. */
import { fullText } from "./full-text";
import { type DeadLetter, type DeadLetterReason, lineEnd } from "./ingestion";
import { stringify } from "./json";
import { withoutOwnNames } from "./own-names";
import type { PostLine } from "./post";
import { inCharacters } from "./text-form";

export interface DeadLetterOptions {
  readonly reason: DeadLetterReason;
  /** Size of the line in whose place this one is written. */
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
export function deadLetterLine(given: PostLine, options: DeadLetterOptions): string {
  const line = given.form === "bytes" ? lineInCharacters(given) : given;
  const members = membersOf(line);
  const start = `{"id":${stringify(line.post.id)}`;
  const frame = byteLength(start) + byteLength(endOf(line, options, [])) + OMITTED_NAMES_BYTES;
  const kept = smallestWithin(members, options.maxBytes - frame);
  const omitted = members.filter((member) => !kept.has(member)).map(({ name }) => name);
  const body = members.filter((member) => kept.has(member)).map(({ json }) => json);
  return start + body.join("") + endOf(line, options, omitted);
}

function lineInCharacters(line: PostLine): PostLine {
  const { post, includes, unreferenced } = line;
  return {
    ...{ ...line, post: inCharacters(post), includes: inCharacters(includes), form: "characters" },
    ...(unreferenced !== undefined && { unreferenced: inCharacters(unreferenced) }),
  };
}

function endOf(line: PostLine, { reason, bytes }: DeadLetterOptions, omitted: readonly string[]): string {
  const deadLetter: DeadLetter = {
    reason,
    bytes,
    omitted_fields: namesWithin(omitted, OMITTED_NAMES_BYTES - COUNT_DIGITS),
    omitted_count: omitted.length,
  };
  return lineEnd(line.provenance, { deadLetter, replacedCharacters: line.replacedCharacters });
}

/** Room for `omitted_count` to grow beyond the one digit it is measured with. */
const COUNT_DIGITS = 16;

function membersOf({ post, includes, unreferenced, matchingRules }: PostLine): readonly Member[] {
  const { id: _id, ...fields } = withoutOwnNames(post);
  const named: readonly (readonly [string, unknown])[] = [
    ...Object.entries(fields),
    ["full_text", fullText(post, includes)],
    ["includes", includes],
    ["includes_unreferenced", unreferenced],
    ["matching_rules", matchingRules],
  ];
  return named.flatMap(([name, value]) => {
    if (value === undefined) return [];
    const json = `,${stringify(name)}:${stringify(value)}`;
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
    const bytes = byteLength(stringify(name)) + 1;
    if (bytes > left) return false;
    left -= bytes;
    return true;
  });
}

function byteLength(text: string): number {
  return Buffer.byteLength(text);
}
