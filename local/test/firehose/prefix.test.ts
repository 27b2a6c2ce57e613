import { DEFAULT_DATA_PREFIX, DEFAULT_ERROR_PREFIX } from "../../firehose/delivery/layout";
import { objectKey } from "../../firehose/delivery/object-key";
import { checkPrefix, evaluatePrefix } from "../../firehose/delivery/prefix";

const arrivalMs = Date.parse("2026-03-09T05:04:03.999Z");

describe("evaluatePrefix", () => {
  it.each([
    [DEFAULT_DATA_PREFIX, "tweets/year=2026/month=03/day=09/hour=05/"],
    ["!{timestamp:yyyy/MM/dd/HH/}", "2026/03/09/05/"],
    ["!{timestamp:yyyy-MM-dd-HH-mm-ss}", "2026-03-09-05-04-03"],
    ["!{timestamp:'year='yyyy'/month='MM}/", "year=2026/month=03/"],
    ["!{timestamp:HH 'o''clock'}", "05 o'clock"],
    ["!{timestamp:HH''mm}", "05'04"],
    ["plain/", "plain/"],
  ])("evaluates %s", (prefix, expected) => {
    expect(evaluatePrefix(prefix, { arrivalMs })).toBe(expected);
  });

  it("evaluates the error prefix with its kind of error", () => {
    const context = { arrivalMs, errorOutputType: "processing-failed" };
    expect(evaluatePrefix(DEFAULT_ERROR_PREFIX, context)).toBe(
      "errors/processing-failed/year=2026/month=03/day=09/hour=05/",
    );
  });

  it("makes a new random string of eleven characters each time", () => {
    const random = () => evaluatePrefix("!{firehose:random-string}", { arrivalMs });
    expect(random()).toMatch(/^[A-Za-z0-9]{11}$/);
    expect(random()).not.toBe(random());
  });
});

describe("checkPrefix", () => {
  it("appends the time where a data prefix names none, as Firehose does", () => {
    expect(checkPrefix("tweets/", "data")).toBe("tweets/!{timestamp:yyyy/MM/dd/HH/}");
    expect(checkPrefix("", "data")).toBe("!{timestamp:yyyy/MM/dd/HH/}");
    expect(checkPrefix(DEFAULT_DATA_PREFIX, "data")).toBe(DEFAULT_DATA_PREFIX);
  });

  it.each([
    ["an unknown expression", "!{partitionKeyFromQuery:id}/", "data", /not supported/],
    ["an unknown time pattern", "!{timestamp:yyyy/QQ}/", "data", /"QQ" is not supported/],
    ["an open expression", "a/!{timestamp:yyyy", "data", /closing brace/],
    ["an error type in the data prefix", "!{firehose:error-output-type}/", "data", /not supported/],
    [
      "an error prefix without its type",
      "errors/!{timestamp:yyyy}/",
      "error",
      /lacks !\{firehose:error-output-type\}/,
    ],
  ] as const)("refuses %s", (_, prefix, use, message) => {
    expect(() => checkPrefix(prefix, use)).toThrow(message);
  });
});

describe("objectKey", () => {
  it("names the stream, its version, the time of the oldest record and the object", () => {
    const uuid = "6b0f4a2e-1111-2222-3333-444455556666";
    const key = objectKey({ prefix: "p/", streamName: "tweet_stream", arrivalMs, uuid, extension: ".gz" });
    expect(key).toBe(`p/tweet_stream-1-2026-03-09-05-04-03-${uuid}.gz`);
  });
});
