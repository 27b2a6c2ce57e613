import { DeliveredIds } from "../../delivered-ids";
import { FirehoseStats } from "../../firehose/stats";
import { conclude, deservesSummary, type IngesterEnd } from "../../run/conclude";
import type { Reads } from "../../run/reads/reads";
import { summarize } from "../../run/summary";
import { type Verdict, verify } from "../../run/verify";

function delivered(...ids: readonly bigint[]): DeliveredIds {
  const set = new DeliveredIds();
  for (const id of ids) set.add(id);
  return set;
}

function reads(ids: readonly bigint[], available?: readonly bigint[]): Reads {
  return {
    url: "",
    name: "a test",
    posts: () => new Set(ids).size,
    repeated: () => ids.length - new Set(ids).size,
    requests: () => 1,
    ids: () => new Set(ids),
    ...(available ? { available: () => available } : {}),
    close: async () => {},
  };
}

const done: IngesterEnd = { code: 0, signal: null, interrupted: false, read: 1, events: new Set() };
const AT_LIMIT = new Set(["limit_reached"]);
let complaints = "";

beforeEach(() => {
  complaints = "";
  jest.spyOn(process.stderr, "write").mockImplementation((text) => {
    complaints += String(text);
    return true;
  });
});
afterEach(() => jest.restoreAllMocks());

describe("the verdict on a run", () => {
  it.each<[string, Verdict, Partial<Verdict>]>([
    [
      "nothing missing",
      verify(reads([1n, 2n], [1n, 2n]), delivered(), delivered(1n, 2n)),
      { missing: 0, notDelivered: 0 },
    ],
    ["a post read and not delivered", verify(reads([1n, 2n]), delivered(), delivered(1n)), { missing: 1 }],
    [
      "a post of the source that was never read",
      verify(reads([1n], [1n, 2n]), delivered(), delivered(1n)),
      { missing: 0, notDelivered: 1 },
    ],
    [
      "a post delivered before and read again",
      verify(reads([1n]), delivered(1n), delivered(1n, 1n)),
      { boughtTwice: 1, duplicateLines: 1 },
    ],
    [
      "a post read twice in this run",
      verify(reads([1n, 1n]), delivered(), delivered(1n)),
      { boughtTwice: 1 },
    ],
  ])("finds %s", (_, verdict, expected) => {
    expect(verdict).toMatchObject(expected);
  });
});

describe("the exit code", () => {
  const fine: Verdict = verify(reads([1n]), delivered(), delivered(1n));

  it.each<[string, IngesterEnd, Partial<Verdict>, number, RegExp]>([
    ["everything read is in the bucket", done, {}, 0, /^$/],
    ["a post read is missing", done, { missing: 3 }, 1, /3 posts missing from the bucket/],
    ["a post of the source is missing", done, { notDelivered: 1 }, 1, /1 post missing/],
    ["a line cannot be read", done, { unreadableLines: 1 }, 1, /cannot be read as posts/],
    ["a person stopped the run before its end", { ...done, interrupted: true }, { notDelivered: 9 }, 0, /^$/],
    [
      "a person stopped the run and a post was lost",
      { ...done, interrupted: true },
      { missing: 1 },
      1,
      /1 post missing/,
    ],
    ["the ingester was killed", { ...done, code: null, signal: "SIGKILL" }, {}, 1, /ended by SIGKILL/],
    ["the ingester refused its configuration", { ...done, code: 2 }, {}, 2, /exit code 2; its log is x\.log/],
    ["a limit ended it with nothing read", { ...done, read: 0, events: AT_LIMIT }, {}, 1, /Nothing was read/],
    ["a limit ended it with something read", { ...done, events: AT_LIMIT }, { notDelivered: 9 }, 0, /^$/],
    ["another ingester held the checkpoint", { ...done, code: 4 }, {}, 4, /exit code 4/],
  ])("when %s", (_, ended, findings, code, complaint) => {
    expect(conclude(ended, { ...fine, ...findings }, "x.log")).toBe(code);
    expect(complaints).toMatch(complaint);
  });
});

describe("a summary", () => {
  it.each<[string, IngesterEnd, boolean]>([
    ["of a run that found nothing new", { ...done, read: 0 }, true],
    ["of a run that a limit ended", { ...done, events: AT_LIMIT }, true],
    ["of a run that failed after reading", { ...done, code: 1 }, true],
    ["of a run that failed before reading", { ...done, code: 1, read: 0 }, false],
    ["of a run that a limit ended before reading", { ...done, read: 0, events: AT_LIMIT }, false],
    ["of a run that was stopped before reading", { ...done, read: 0, interrupted: true }, false],
  ])("%s: %#", (_, ended, expected) => expect(deservesSummary(ended)).toBe(expected));
});

describe("the summary", () => {
  const verdict = verify(reads([1n]), delivered(), delivered(1n));
  const result = {
    source: "the X API simulator",
    live: false,
    finished: true,
    read: 2000,
    requests: 21,
    delivery: new FirehoseStats().report(),
    verdict,
    bucket: ".local/bucket",
    nextCommand: "npm start -- --posts 2500",
  };

  it("names the price of the reads and what to try next", () => {
    const text = summarize(result).join("\n");
    expect(text).toContain("2,000 posts from the X API simulator in 21 requests");
    expect(text).toContain("would have cost $10.00 at X's $0.005 a post");
    expect(text).toContain("npm start -- --posts 2500");
    expect(summarize({ ...result, live: true }).join("\n")).toContain("These reads cost $10.00");
  });

  it("shouts about what is missing, and not about what is still to read", () => {
    const missing = { ...verdict, missing: 5, notDelivered: 7 };
    expect(summarize({ ...result, verdict: missing }).join("\n")).toContain(
      "5 posts read but NOT delivered, 7 posts MISSING",
    );
    expect(summarize({ ...result, verdict: missing, finished: false }).join("\n")).toContain(
      "7 posts still to read",
    );
  });
});
