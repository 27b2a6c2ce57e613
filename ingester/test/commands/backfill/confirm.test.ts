import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { XSimulator } from "../../../../local/x-simulator/x-simulator";
import { isConfirmed } from "../../../src/commands/backfill/confirm";
import { openStore } from "../../../src/commands/store";
import type { RunCaps } from "../../../src/config/budget";
import { loadConfig } from "../../../src/config/config";
import { charged } from "../../../src/ledger/budget";
import { newCoverage } from "../../../src/ledger/coverage";
import { type Ledger, newLedger, withCoverage } from "../../../src/ledger/ledger";
import { firstIdAt } from "../../../src/posts/ids";

const DAY_MS = 86_400_000;

const GOAL = { type: "ongoing", start: "window", pollMs: 0 } as const;
const NO_CAPS = { maxPosts: undefined, maxUsd: undefined };

function ledgerOf(nowMs: number, { postsSpent = 0 }): Ledger {
  const ledger = newLedger(nowMs, new Date(nowMs).getUTCDate());
  return { ...ledger, budget: charged(ledger.budget, "cats", { posts: postsSpent }) };
}

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

  interface Given {
    readonly answer?: boolean;
    readonly yes?: boolean;
    readonly caps?: RunCaps;
    /** What the ledger holds before. */
    readonly ledger?: Ledger;
  }

  async function confirm(
    variables: object,
    { answer = true, yes = false, caps = NO_CAPS, ledger }: Given = {},
  ) {
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
    if (ledger !== undefined) {
      const store = await openStore(config.store, { observe: () => undefined });
      await store.swap({ ledger, version: 1 }, undefined, new AbortController().signal);
      store.close();
    }
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
    [
      "where this billing cycle's spending leaves less",
      {},
      { ledger: ledgerOf(Date.now(), { postsSpent: 19_000 }) },
    ],
    ["where --max-usd allows less", {}, { caps: { maxPosts: undefined, maxUsd: 10 } }],
  ])("is not asked, and nothing is counted, %s", async (_what, variables, options) => {
    const before = x.ledger.report().countsRequests;
    expect(await confirm(variables, options)).toBe(true);
    expect(asked).toEqual([]);
    expect(x.ledger.report().countsRequests).toBe(before);
  });

  it("is asked where the limits were used up in a billing cycle that has ended", async () => {
    const ledger = ledgerOf(Date.now() - 40 * DAY_MS, { postsSpent: 19_000 });
    await confirm({}, { ledger });
    expect(asked).toHaveLength(1);
  });

  it("counts what EXPANSIONS can bring", async () => {
    await confirm({ EXPANSIONS: "author_id" }, { caps: { maxPosts: 2_000, maxUsd: undefined } });
    expect(asked[0]).toBe(
      "Filling 1 hole buys about 3,000 posts for $15.00, or up to $45.00 with what EXPANSIONS brings. Go on?",
    );
  });

  describe("of a filtered stream", () => {
    const STREAM = {
      ...{ SEARCH_QUERY: undefined, INGEST_MODE: "stream" },
      STREAM_RULES: JSON.stringify([{ value: "cats", tag: "pets" }]),
    };
    const heard = (agoMs: number) => {
      const through = firstIdAt(Date.now() - agoMs);
      const coverage = newCoverage("tweet_stream (filtered stream)", "the filtered stream with 1 rule");
      const stream = { set: "s", sets: [{ id: "s", rules: [] }], texts: [], holes: [], bySearch: [] };
      const owned = [{ after: firstIdAt(Date.now() - 3 * DAY_MS), through }];
      return withCoverage(ledgerOf(Date.now(), {}), { ...coverage, owned, stream });
    };

    it.each<[string, object, string]>([
      ["", {}, "for $100.00 at most, which is what the limits leave"],
      [" without a limit", { MONTHLY_USD_LIMIT: "none" }, "and no limit is set"],
    ])("names how long it was not heard, and the most that this can cost%s", async (_what, limits, most) => {
      await confirm({ ...STREAM, ...limits }, { ledger: heard(2 * DAY_MS) });
      expect(asked).toEqual([
        `The stream was not heard for 2 days. Search buys what was missed, ${most}. Go on?`,
      ]);
    });

    it.each<[string, object, Ledger | undefined]>([
      ["was never heard", {}, undefined],
      ["was heard a minute ago", {}, heard(60_000)],
      ["is not filled by search", { STREAM_FILL: "false" }, heard(2 * DAY_MS)],
    ])("is not asked where it %s", async (_what, variables, ledger) => {
      expect(await confirm({ ...STREAM, ...variables }, ledger && { ledger })).toBe(true);
      expect(asked).toEqual([]);
    });
  });
});
