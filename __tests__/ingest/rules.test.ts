/** `ingester rules`, and the estimate of a stream, as the real process against X's simulator. */
import { TOKEN, World } from "./world";

let world: World;

const RULES = [
  { value: "(cats OR dogs) lang:en", tag: "pets" },
  { value: "emus", tag: "birds" },
];

beforeEach(async () => {
  world = await World.create({ posts: 700 });
});
afterEach(() => world.close());

const stream = (rules: unknown, more: Readonly<Record<string, string | undefined>> = {}) => ({
  SEARCH_QUERY: undefined,
  RUN_ONCE: undefined,
  INGEST_MODE: "stream",
  STREAM_RULES: typeof rules === "string" ? rules : JSON.stringify(rules),
  ...more,
});
const rulesAtX = () => world.x.stream.rules.list();
const ingester = (argv: readonly string[], rules: unknown = RULES, more = {}) =>
  world.run(stream(rules, more), argv);

describe("ingester doctor of a stream", () => {
  it("says what run would change at X and what search can fill, and changes nothing", async () => {
    world.x.stream.rules.add([
      { value: "owls" },
      { value: "old things", tag: "tweets-to-s3:tweet_stream:old" },
    ]);
    const before = rulesAtX();
    const rules = [...RULES, { value: "cats sample:10", tag: "some cats" }];
    const { code, stdout } = await ingester(["doctor"], rules);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^pass {2}rules +X accepts them; 0 in force$/m),
    ]);
    expect(stdout).toMatch(/^ +run would add 3 rules: pets, birds, some cats$/m);
    expect(stdout).toMatch(/^ +run would remove 1 rule: old$/m);
    expect(stdout).toMatch(/^ +the app has 1 rule of others/m);
    expect(stdout).toMatch(/^pass {2}connection +no connection of this app is open: run can connect$/m);
    expect(stdout).toMatch(/^pass {2}fill +X grants search: 700 posts of pets .*cost \$0\.005/m);
    expect(stdout).toMatch(/^ +1 rule with sample: or bio: cannot be searched for/m);
    expect(rulesAtX()).toEqual(before);
  });

  it("fails on a rule that X refuses, in X's words", async () => {
    const { code, stdout } = await ingester(["doctor"], [{ value: "cats (", tag: "broken" }]);
    expect([code, stdout]).toEqual([2, expect.stringMatching(/^FAIL {2}rules +.*broken/m)]);
  });
});

describe("ingester rules", () => {
  it("plans without a change, syncs, and has nothing to do any more", async () => {
    world.x.stream.rules.add([
      { value: "owls" },
      { value: "emus", tag: "theirs" },
      { value: "old things", tag: "tweets-to-s3:tweet_stream:old" },
    ]);
    const before = rulesAtX();
    const plan = await ingester(["rules", "plan"]);
    expect(plan).toMatchObject({ code: 0, stderr: "" });
    expect(plan.stdout).toMatch(/^ {2}\+ pets +\(cats OR dogs\) lang:en$/m);
    expect(plan.stdout).toMatch(/^ {2}- old +old things$/m);
    expect(plan.stdout).toMatch(/^ {2}= birds +emus {3}\(a rule of another owner with the same value\)$/m);
    expect(plan.stdout).toMatch(/Rules of others, never touched.*\n {2}\d+ {2}\(no tag\) {2}owls$/m);
    expect(plan.stdout).toContain("1 to add, 1 to remove, 1 unchanged. Nothing was changed");
    expect(rulesAtX()).toEqual(before);
    expect((await ingester(["rules", "sync"])).stdout).toContain("1 added, 1 removed, 1 unchanged.");
    expect(rulesAtX()).toMatchObject([
      { value: "owls" },
      { value: "emus", tag: "theirs" },
      { value: "(cats OR dogs) lang:en", tag: "tweets-to-s3:tweet_stream:pets" },
    ]);
    expect((await ingester(["rules", "sync"])).stdout).toContain("Nothing to do: 2 rules in force.");
  });

  it("writes one JSON object for programs", async () => {
    const { stdout } = await ingester(["rules", "sync", "--json"]);
    const [pets, birds] = rulesAtX();
    expect(JSON.parse(stdout)).toEqual({
      ...{ event: "rules", action: "sync", owner: "tweet_stream" },
      ...{ added: RULES, removed: [], kept: [], foreign: [] },
    });
    expect(JSON.parse((await ingester(["rules", "list", "--json"])).stdout)).toMatchObject({
      action: "list",
      rules: [
        { id: pets?.id, tag: "pets", owner: "tweet_stream" },
        { id: birds?.id, tag: "birds", owner: "tweet_stream" },
      ],
    });
  });

  it("keeps the rules of two services in one app apart, by CHECKPOINT_KEY", async () => {
    const [pets, birds] = RULES;
    await ingester(["rules", "sync"], [pets], { CHECKPOINT_KEY: "one" });
    await ingester(["rules", "sync"], [birds], { CHECKPOINT_KEY: "space agencies" });
    expect(rulesAtX().map(({ tag }) => tag)).toEqual([
      "tweets-to-s3:one:pets",
      expect.stringMatching(/^tweets-to-s3:sha256-[0-9a-f]{16}:birds$/),
    ]);
    const { stdout } = await ingester(["rules", "list"], [], {
      CHECKPOINT_KEY: "one",
      STREAM_RULES: undefined,
    });
    expect(stdout).toMatch(
      /^Rules of one\n {2}\d+ {2}pets .*\n\nRules of others\n {2}\d+ {2}sha256-[0-9a-f]{16}: birds /,
    );
  });

  it("shows nothing of others that could move the cursor", async () => {
    world.x.stream.rules.add([{ value: "owls", tag: "\u001b[2Jbirds" }]);
    const { stdout } = await ingester(["rules", "list"]);
    expect(stdout).not.toContain("\u001b");
    expect(stdout).toContain("[2Jbirds");
  });

  it.each<[string, unknown, RegExp]>([
    ["no JSON", "cats", /STREAM_RULES must be a JSON array of 1 to 1,000 rules, .*got no JSON/],
    [
      "wrong members",
      [{ value: "", tag: "" }, 1],
      /STREAM_RULES\[0\]\.value.*\n.*STREAM_RULES\[0\]\.tag.*\n.*STREAM_RULES\[1\]/,
    ],
    [
      "what X cannot read",
      [{ value: "cats (", tag: "open" }],
      /X refuses the rule "open" \(cats \(\)\. X says: /,
    ],
  ])(
    "ends with exit code 2 and without a stack trace for rules that are %s",
    async (_name, rules, expected) => {
      for (const action of ["plan", "sync"]) {
        const { code, stdout, stderr } = await ingester(["rules", action], rules);
        expect([code, stdout]).toEqual([2, ""]);
        expect(stderr).toMatch(expected);
        expect(stderr).not.toMatch(/^\s+at .+:\d+:\d+/m);
      }
      expect(rulesAtX()).toEqual([]);
    },
  );

  it("says that access is refused, and never the token", async () => {
    world.x.ruleFaults.enqueue({ kind: "unauthorized" });
    const { code, stdout, stderr } = await ingester(["rules", "plan"]);
    expect(code).toBe(3);
    expect(stderr).toContain("X_BEARER_TOKEN");
    expect(stdout + stderr).not.toContain(TOKEN);
  });

  it("needs a configuration of a stream alone, and buys nothing", async () => {
    const unset = { CHECKPOINT_FILE: undefined, MONTHLY_USD_LIMIT: undefined };
    expect((await ingester(["rules", "sync"], RULES, unset)).code).toBe(0);
    expect(world.x.ledger.report()).toMatchObject({ posts: 0, countsRequests: 0 });
  });
});

describe("ingester estimate in stream mode", () => {
  it("counts each rule, and books its own price", async () => {
    const { code, stdout } = await ingester(["estimate"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}pets +[\d,]+ posts +\$[\d,.]+ {2}\(cats OR dogs\) lang:en$/m);
    expect(stdout).toMatch(/Together at most .* a month: that is the sum/);
    expect(stdout).toContain("This estimate cost $0.01.");
    expect(world.x.ledger.report()).toMatchObject({ posts: 0, countsRequests: 2 });
    const { stdout: budget } = await ingester(["budget", "--json"]);
    expect(JSON.parse(budget)).toMatchObject({ spent: { posts: 0, usd: 0.01 } });
  });

  it("writes one JSON object for programs, and estimates a query where one is given", async () => {
    const { stdout } = await ingester(["estimate", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      rules: [{ tag: "pets", posts: expect.any(Number) }, { tag: "birds" }],
      perMonth: { atLeast: { posts: expect.any(Number) }, atMost: { usd: expect.any(Number) } },
      requestUsd: 0.01,
      metered: true,
    });
    expect(JSON.parse((await ingester(["estimate", "--query", "cats", "--json"])).stdout)).toMatchObject({
      query: "cats",
    });
  });
});
