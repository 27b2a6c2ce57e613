import fc from "fast-check";
import { createScrubber, REDACTED } from "../../src/runtime/scrub";

const TOKEN = "AAAAAAAAAAsecret%3Dtoken/with+signs";

describe("scrubber", () => {
  const scrub = createScrubber([TOKEN, undefined, ""]);

  it.each([
    ["a sentence", `X refused ${TOKEN}, sorry`],
    ["a URL", `https://x.test/?token=${encodeURIComponent(TOKEN)}`],
    ["what a server decoded", `got ${decodeURIComponent(TOKEN)}`],
    ["a header value", JSON.stringify({ request: { headers: [`Bearer ${TOKEN}`] } })],
  ])("removes the token from %s", (_where, text) => {
    const scrubbed = scrub(text);
    expect(scrubbed).toContain(REDACTED);
    expect(scrubbed).not.toContain("secret");
  });

  it.each([
    "authorization",
    "Authorization",
    "bearerToken",
    "X_BEARER_TOKEN",
    "secretAccessKey",
    "sessionToken",
    "x-amz-security-token",
  ])("removes the value of a member called %s at any depth", (name) => {
    const text = JSON.stringify({ a: [{ b: { [name]: 'un"known', kept: "yes" } }] });
    expect(JSON.parse(scrub(text))).toEqual({ a: [{ b: { [name]: REDACTED, kept: "yes" } }] });
  });

  it("removes bearer tokens that it does not know", () => {
    expect(scrub("sent Bearer abcdefghijklmnopqrstuvwxyz0123")).toBe(`sent Bearer ${REDACTED}`);
  });

  it("leaves words alone that merely follow the word Bearer", () => {
    expect(scrub("Bearer authentication failed")).toBe("Bearer authentication failed");
  });

  it("does nothing with secrets too short to be any", () => {
    expect(createScrubber(["", " ", "abc"])("abc def")).toBe("abc def");
  });

  it("keeps JSON valid and the token out of it wherever it stands", () => {
    const secret = fc.stringMatching(/^[A-Za-z][!-~]{7,40}$/);
    const around = fc.string();
    fc.assert(
      fc.property(secret, around, around, (token, before, after) => {
        const text = JSON.stringify({ message: before + token + after, deep: [{ [token]: token }] });
        const scrubbed = createScrubber([token])(text);
        JSON.parse(scrubbed);
        expect(scrubbed).not.toContain(JSON.stringify(token).slice(1, -1));
      }),
    );
  });
});
