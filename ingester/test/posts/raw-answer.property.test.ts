/** Whatever X sends arrives: from the raw text of an answer to the bytes of a line, read by a strict reader. */
import fc from "fast-check";
import { LosslessNumber, parse } from "lossless-json";
import { parseJson } from "../../src/posts/json";
import { encodePage } from "../../src/posts/line";
import { linesOf } from "../../src/posts/page-lines";
import type { PostLine } from "../../src/posts/post";
import { bytesOf } from "../../src/x/body";
import { parsePage } from "../../src/x/search/page";
import { anyCharacter } from "../helpers/any-character";
import { PROVENANCE } from "../helpers/posts";

const MAX_LINE_BYTES = 1_000_000;

/** A JSON value that keeps what JavaScript's own would not: the text of a number. */
type Value = null | boolean | string | LosslessNumber | readonly Value[] | Members;
type Members = readonly (readonly [name: string, value: Value])[] & { readonly isObject?: true };

const unit = fc.oneof(
  { weight: 5, arbitrary: anyCharacter },
  { weight: 1, arbitrary: fc.integer({ min: 0xd800, max: 0xdfff }).map((code) => String.fromCharCode(code)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "\\ud83d",
      "\\",
      '"',
      "\u0000",
      "\n",
      "\u2028",
      "1e5",
      " 12345678901234567890",
    ),
  },
);
const text = fc.array(unit, { maxLength: 8 }).map((units) => units.join(""));
const name = fc.oneof(
  text,
  fc.constantFrom(
    ...["__proto__", "constructor", "toString", "hasOwnProperty", "toJSON", "valueOf", "length"],
    ...["isLosslessNumber", "value", "full_text", "includes", "ingestion", "x_ingestion", "0", "17"],
    ...["\uD83D", "\uD83E", "\uFFFD"],
  ),
);
const digits = (maxLength: number) => fc.stringMatching(/^[0-9]+$/, { maxLength });
const number = fc
  .tuple(
    fc.constantFrom("", "-"),
    fc.oneof(fc.constant("0"), fc.bigInt({ min: 1n, max: 10n ** 40n }).map(String)),
    fc.option(digits(30), { nil: undefined }),
    fc.option(fc.integer({ min: -500, max: 500 }), { nil: undefined }),
    fc.constantFrom("e", "E"),
  )
  .map(
    ([sign, whole, fraction, exponent, e]) =>
      new LosslessNumber(
        `${sign}${whole}${fraction === undefined ? "" : `.${fraction}`}${exponent === undefined ? "" : `${e}${exponent}`}`,
      ),
  );

const { value } = fc.letrec<{ value: Value; members: Members }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(null, true, false),
    text,
    number,
    fc.array(tie("value"), { maxLength: 3 }),
    tie("members"),
  ),
  members: membersOf(tie("value") as fc.Arbitrary<Value>),
}));

function membersOf(of: fc.Arbitrary<Value>): fc.Arbitrary<Members> {
  return fc
    .uniqueArray(fc.tuple(name, of), { maxLength: 4, selector: ([each]) => each })
    .map((members) => Object.assign(members, { isObject: true as const }));
}

const isMembers = (given: Value): given is Members => Array.isArray(given) && "isObject" in given;

/** As X might write it: numbers as they are, lone surrogates as escapes. */
function write(given: Value): string {
  if (given instanceof LosslessNumber) return given.value;
  if (isMembers(given))
    return `{${given.map(([each, of]) => `${JSON.stringify(each)}: ${write(of)}`).join(", ")}}`;
  if (Array.isArray(given)) return `[${given.map(write).join(", ")}]`;
  return JSON.stringify(given);
}

/** A value as what is compared: members in any order, numbers by value, texts well formed. */
function expected(given: Value): unknown {
  if (given instanceof LosslessNumber) return decimal(given.value);
  if (isMembers(given)) return Object.fromEntries(renamed(given).map(([each, of]) => [each, expected(of)]));
  if (Array.isArray(given)) return given.map(expected);
  return typeof given === "string" ? wellFormed(given) : given;
}

/** Names that replacing makes equal get further U+FFFD, in X's order. */
function renamed(members: Members): Members {
  // JavaScript has names that are small numbers first, in ascending order.
  const isIndex = (each: string) => /^(0|[1-9]\d{0,8})$/.test(each);
  const inOrder = [
    ...members.filter(([each]) => isIndex(each)).sort(([a], [b]) => Number(a) - Number(b)),
    ...members.filter(([each]) => !isIndex(each)),
  ];
  const taken = new Set(inOrder.map(([each]) => each));
  return inOrder.map(([each, of]) => {
    let changed = wellFormed(each);
    if (changed === each) return [each, of];
    while (taken.has(changed)) changed += "\uFFFD";
    taken.add(changed);
    return [changed, of];
  });
}

const wellFormed = (given: string) => given.replace(/\p{Surrogate}/gu, "\uFFFD");

/** What the strict reader has read, in the same form. */
function received(given: unknown): unknown {
  if (given instanceof LosslessNumber) return decimal(given.value);
  if (Array.isArray(given)) return given.map(received);
  if (typeof given !== "object" || given === null) return given;
  return Object.fromEntries(Object.entries(given).map(([each, of]) => [each, received(of)]));
}

/** The value of a JSON number, exactly: digits without zeros at the ends, and their power of ten. */
function decimal(given: string): object {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(given) ?? [];
  const all = `${whole}${fraction}`.replace(/^0+/, "");
  const significant = all.replace(/0+$/, "");
  if (significant === "") return { number: "0" };
  return {
    number: sign + significant,
    power: Number(exponent) - fraction.length + all.length - significant.length,
  };
}

/** Refuses broken UTF-8, lone surrogates and names that occur twice; rounds no number. */
function readStrictly(bytes: Buffer): Record<string, unknown> {
  const line = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  expect(line.indexOf("\n")).toBe(line.length - 1);
  const seen = parse(line, undefined, {
    onDuplicateKey: ({ key }) => {
      throw new Error(`${key} occurs twice`);
    },
  });
  // An escape could still stand for half a character.
  expect(JSON.stringify(seen)).not.toMatch(/(?<!\\)(\\\\)*\\ud[89a-f]/);
  return received(seen) as Record<string, unknown>;
}

const OWN = ["full_text", "includes", "ingestion"];

/** X's names that the line needs itself get `x_`, as often as it takes. */
function movedAway(fields: Members): Members {
  const taken = new Set([...fields.map(([each]) => each), ...OWN]);
  return fields.map(([each, of]) => {
    if (!OWN.includes(each)) return [each, of];
    let moved = `x_${each}`;
    while (taken.has(moved)) moved = `x_${moved}`;
    taken.add(moved);
    return [moved, of];
  });
}

function linesFrom(raw: string): readonly PostLine[] {
  const page = parsePage(parseJson(raw));
  return linesOf({ ...page, fresh: page.posts, provenance: PROVENANCE });
}

/** Undefined when the answer cannot be held as bytes. */
function linesFromBytes(raw: string): readonly PostLine[] | undefined {
  const bytes = bytesOf(Buffer.from(raw));
  if (bytes === undefined) return undefined;
  const page = parsePage(parseJson(bytes), "bytes");
  return linesOf({ ...page, fresh: [...page.posts, ...page.unidentified], provenance: PROVENANCE });
}

it("delivers every name, every text and every number of a post", () => {
  fc.assert(
    fc.property(membersOf(value), membersOf(value), (fields, user) => {
      const post: Members = Object.assign([["id", "1"], ["author_id", "7"], ...fields] as const, {
        isObject: true as const,
      });
      const owner: Members = Object.assign(
        [...user.filter(([each]) => each !== "id"), ["id", "7"]] as const,
        {
          isObject: true as const,
        },
      );
      const raw = `{"data": [${write(post)}], "includes": {"users": [${write(owner)}]}, "meta": {}}`;
      const lines = linesFrom(raw);
      const { ingestion, includes, ...members } = readStrictly(encodePage(lines, MAX_LINE_BYTES).data);
      const withoutOwn = Object.assign([...movedAway(post)], { isObject: true as const });
      expect(members).toEqual(expected(withoutOwn));
      expect(includes).toEqual({ users: [expected(owner)] });
      expect(ingestion).toMatchObject({ source: "search/recent" });
    }),
    { numRuns: 1_000 },
  );
});

it("writes the same lines of text held as bytes: whole ones, dead letters, and those without an id", () => {
  let asBytes = 0;
  const id = fc.constantFrom("1", "no id");
  const bounds = fc.constantFrom(MAX_LINE_BYTES, 400);
  fc.assert(
    fc.property(membersOf(value), membersOf(value), id, bounds, (fields, user, postId, maxBytes) => {
      const post: Members = Object.assign([["id", postId], ["author_id", "7"], ...fields] as const, {
        isObject: true as const,
      });
      const owner = user.filter(([each]) => each !== "id");
      const users: Members = Object.assign([...owner, ["id", "7"]] as const, { isObject: true as const });
      const raw = `{"data": [${write(post)}, {"id": "2"}], "includes": {"users": [${write(users)}]}, "meta": {}}`;
      const lines = linesFromBytes(raw);
      if (lines === undefined) return;
      asBytes += 1;
      const page = parsePage(parseJson(raw));
      const expectedLines = linesOf({
        ...page,
        fresh: [...page.posts, ...page.unidentified],
        provenance: PROVENANCE,
      });
      const { data } = encodePage(lines, maxBytes);
      expect(data.toString()).toBe(encodePage(expectedLines, maxBytes).data.toString());
    }),
    { numRuns: 1_000 },
  );
  expect(asBytes).toBeGreaterThan(100);
});
