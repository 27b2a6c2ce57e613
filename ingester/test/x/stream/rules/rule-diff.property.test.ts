import fc from "fast-check";
import { diffRules } from "../../../../src/x/stream/rules/rule-diff";
import {
  type ListedRule,
  ownedTagOf,
  ruleTag,
  ruleText,
  type StreamRule,
} from "../../../../src/x/stream/rules/rules";

const OWNER = "tweet_stream";
const WORDS = ["cats", "dogs", "from:nasa", "cats  dogs", " cats dogs ", "\ncats", "emus lang:en"];

const value = fc.constantFrom(...WORDS);
const tag = fc.oneof(fc.constantFrom("a", "b", "a:b", ""), fc.string({ maxLength: 5 }));
const wanted: fc.Arbitrary<readonly StreamRule[]> = fc
  .uniqueArray(fc.record({ value: value.map(ruleText), tag }), { selector: (rule) => rule.value })
  .filter((rules) => new Set(rules.map((rule) => rule.tag)).size === rules.length);
const tagAtX = fc.oneof(
  tag.map((own) => ruleTag({ owner: OWNER, tag: own })),
  tag.map((other) => ruleTag({ owner: "other", tag: other })),
  fc.constant(undefined),
  fc.constantFrom("", OWNER, "tweets-to-s3", "tweets-to-s3:tweet_stream", "tweets-to-s3:tweet_stream2:a"),
);
const existing: fc.Arbitrary<readonly ListedRule[]> = fc
  .array(fc.record({ value, tag: tagAtX }), { maxLength: 12 })
  .map((rules) => rules.map((rule, at) => ({ ...rule, id: String(at + 1) })));
/** X's answers to duplicates, which may name rules that are listed or not. */
const duplicates = fc
  .array(fc.tuple(value.map(ruleText), fc.integer({ min: 1, max: 15 }).map(String)), { maxLength: 3 })
  .map((entries) => new Map(entries));

const isOwn = (rule: ListedRule) => ownedTagOf(rule.tag)?.owner === OWNER;

/** What X has after the changes, other than X's refusal of duplicates. */
function applied(rules: readonly ListedRule[], diff: ReturnType<typeof diffRules>): readonly ListedRule[] {
  const gone = new Set(diff.removed.map(({ id }) => id));
  const added = diff.added.map((rule, at) => ({
    ...{ id: `new${at}`, value: rule.value, tag: ruleTag({ owner: OWNER, tag: rule.tag }) },
  }));
  return [...rules.filter(({ id }) => !gone.has(id)), ...added];
}

describe("diffRules", () => {
  it("has every wanted rule added or kept, once, under the user's tag", () => {
    fc.assert(
      fc.property(wanted, existing, duplicates, (rules, listed, named) => {
        const { added, kept } = diffRules(rules, listed, { owner: OWNER, duplicates: named });
        const seen = [...added, ...kept].map((rule) => ({ value: rule.value, tag: rule.tag }));
        expect(new Set(seen.map((rule) => rule.value)).size).toBe(seen.length);
        expect(seen).toEqual(expect.arrayContaining([...rules]));
        expect(seen).toHaveLength(rules.length);
      }),
    );
  });

  it("has every listed rule kept, removed or foreign, and removes only its own", () => {
    fc.assert(
      fc.property(wanted, existing, duplicates, (rules, listed, named) => {
        const { kept, removed, foreign } = diffRules(rules, listed, { owner: OWNER, duplicates: named });
        const keptIds = [...new Set(kept.map(({ id }) => id))];
        const ids = [...keptIds, ...removed.map(({ id }) => id), ...foreign.map(({ id }) => id)];
        expect(ids.sort()).toEqual(listed.map(({ id }) => id).sort());
        expect(removed.every(isOwn)).toBe(true);
        expect(foreign.some(isOwn)).toBe(false);
        for (const { id, owned } of kept)
          expect(owned).toBe(isOwn(listed.find((rule) => rule.id === id) as ListedRule));
      }),
    );
  });

  it("finds nothing to do once its changes are made", () => {
    fc.assert(
      fc.property(wanted, existing, (rules, listed) => {
        const after = applied(listed, diffRules(rules, listed, { owner: OWNER }));
        const again = diffRules(rules, after, { owner: OWNER });
        expect([again.added, again.removed]).toEqual([[], []]);
        expect(again.kept.map(({ value: kept }) => kept)).toEqual(rules.map((rule) => rule.value));
      }),
    );
  });

  it("never adds a value that X has, white space aside", () => {
    fc.assert(
      fc.property(wanted, existing, (rules, listed) => {
        const { added } = diffRules(rules, listed, { owner: OWNER });
        const texts = new Set(listed.map((rule) => ruleText(rule.value)));
        expect(added.filter((rule) => texts.has(ruleText(rule.value)))).toEqual([]);
      }),
    );
  });

  it("keeps a rule whose tag alone has changed", () => {
    const listed = [{ id: "1", value: "cats", tag: ruleTag({ owner: OWNER, tag: "old" }) }];
    expect(diffRules([{ value: "cats", tag: "new" }], listed, { owner: OWNER })).toEqual({
      ...{ added: [], removed: [], foreign: [] },
      kept: [{ id: "1", value: "cats", tag: "new", owned: true }],
    });
  });
});
