import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { XSimulator } from "../../../../local/x-simulator/x-simulator";
import { isConfirmed } from "../../../src/commands/backfill/confirm";
import { loadConfig } from "../../../src/config/config";

const GOAL = { type: "ongoing", start: "window", pollMs: 0 } as const;
const NO_CAPS = { maxPosts: undefined, maxUsd: undefined };

describe("the question before a purchase", () => {
  const x = new XSimulator({ posts: 3_000, rateLimits: "off" });
  let url: string;
  let asked: string[];
  beforeAll(async () => {
    ({ url } = await x.listen());
  });
  beforeEach(() => {
    asked = [];
  });
  afterAll(() => x.close());

  function confirm(variables: object, { answer = true, yes = false, caps = NO_CAPS } = {}) {
    const config = loadConfig({
      X_BEARER_TOKEN: "token",
      X_API_URL: url,
      SEARCH_QUERY: "cats",
      FIREHOSE_STREAM_NAME: "tweet_stream",
      AWS_REGION: "us-east-1",
      CHECKPOINT_FILE: join(mkdtempSync(join(tmpdir(), "confirm-")), "ledger.json"),
      MONTHLY_USD_LIMIT: "100",
      ...variables,
    });
    const ask = async (question: string) => {
      asked.push(question);
      return answer;
    };
    return isConfirmed({ config, caps, goal: GOAL, command: "run" }, { ask }, yes);
  }

  it("names holes, posts and price, and takes the answer", async () => {
    expect(await confirm({})).toBe(true);
    expect(await confirm({}, { answer: false })).toBe(false);
    expect(asked[0]).toBe("Filling 1 hole buys about 3,000 posts for $15.00. Go on?");
  });

  it("is not asked below the price that is set", async () => {
    expect(await confirm({ CONFIRM_ABOVE_USD: "15" })).toBe(true);
    expect(asked).toEqual([]);
  });

  it.each<[string, object, object]>([
    ["with --yes", {}, { yes: true }],
    ["where a limit leaves less", { MONTHLY_USD_LIMIT: "10" }, {}],
    ["where --max-posts allows less", {}, { caps: { maxPosts: 2_000, maxUsd: undefined } }],
    ["where --max-usd allows less", {}, { caps: { maxPosts: undefined, maxUsd: 10 } }],
  ])("is not asked, and nothing is counted, %s", async (_what, variables, options) => {
    const before = x.ledger.report().countsRequests;
    expect(await confirm(variables, options)).toBe(true);
    expect(asked).toEqual([]);
    expect(x.ledger.report().countsRequests).toBe(before);
  });
});
