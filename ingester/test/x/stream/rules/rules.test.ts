import fc from "fast-check";
import { ownedTagOf, ownerOfKey, ruleTag, ruleText } from "../../../../src/x/stream/rules/rules";

describe("the owner of a rule", () => {
  it.each(["tweet_stream", "prod.tweets-2", "a", "x".repeat(64)])(
    "is the key where it is readable: %s",
    (key) => {
      expect(ownerOfKey(key)).toBe(key);
    },
  );

  it.each(["space agencies", "a:b", "x".repeat(65), "a/b"])("is a hash of another key: %s", (key) => {
    expect(ownerOfKey(key)).toMatch(/^sha256-[0-9a-f]{16}$/);
    expect(ownerOfKey(`${key}!`)).not.toBe(ownerOfKey(key));
  });

  it("stands before the user's tag, whatever characters that has", () => {
    expect(ruleTag({ owner: "tweet_stream", tag: "cats: all" })).toBe("tweets-to-s3:tweet_stream:cats: all");
    fc.assert(
      fc.property(fc.string(), fc.string(), (key, tag) => {
        const owned = { owner: ownerOfKey(key), tag };
        expect(ownedTagOf(ruleTag(owned))).toEqual(owned);
      }),
    );
  });

  it.each([
    undefined,
    "",
    "cats",
    "tweets-to-s3",
    "tweets-to-s3:tweet_stream",
    "tweets-to-s32:a:b",
    " tweets-to-s3:a:b",
  ])("is no known owner for the tag %j", (tag) => {
    expect(ownedTagOf(tag)).toBeUndefined();
  });
});

describe("the text of a rule", () => {
  it("has no white space that makes no difference", () => {
    expect(ruleText("\n (cats  OR\tdogs)\r\n lang:en ")).toBe("(cats OR dogs) lang:en");
  });
});
