import Ajv from "ajv";
import addFormats from "ajv-formats";
import openApi from "../../../../../local/test/fixtures/x-api.schema.json";
import { ConfigError, SourceError } from "../../../../src/loop/errors";
import { XResponseError } from "../../../../src/x/errors";
import { listRules } from "../../../../src/x/stream/rules/rule-requests";
import { planRules, type RuleChange, syncRules } from "../../../../src/x/stream/rules/rule-sync";
import { ruleTag, type StreamRule } from "../../../../src/x/stream/rules/rules";
import { FakeRulesX, invalid } from "../helpers/fake-rules";

const OWNER = "tweet_stream";
const CATS = { value: "cats", tag: "pets" };
const DOGS = { value: "dogs lang:en", tag: "more pets" };
const PROBLEMS = "https://api.x.com/2/problems";
const owned = (tag: string) => ruleTag({ owner: OWNER, tag });

function setUp(rules: readonly StreamRule[]) {
  const x = new FakeRulesX();
  const changes: RuleChange[] = [];
  const wanted = { rules, owner: OWNER };
  const sync = () => syncRules(x, wanted, (change) => changes.push(change));
  const plan = () => planRules(x, wanted);
  const values = () => x.rules.map(({ value }) => value);
  return { x, changes, sync, plan, values };
}

async function errorOf(work: Promise<unknown>): Promise<Error> {
  return work.then(
    () => new Error("nothing was thrown"),
    (error: Error) => error,
  );
}

describe("syncRules", () => {
  it("has new rules checked before it adds them, under its own tags", async () => {
    const { x, changes, sync } = setUp([CATS, DOGS]);
    const { inForce, added, removed } = await sync();
    expect(x.kinds).toEqual(["list", "dry_run", "add"]);
    expect(x.rules).toMatchObject([
      { value: "cats", tag: "tweets-to-s3:tweet_stream:pets" },
      { value: "dogs lang:en", tag: "tweets-to-s3:tweet_stream:more pets" },
    ]);
    expect(inForce).toEqual([
      { ...CATS, id: x.rules[0]?.id, owned: true },
      { ...DOGS, id: x.rules[1]?.id, owned: true },
    ]);
    expect({ added, removed }).toEqual({ added: [CATS, DOGS], removed: [] });
    expect(changes).toEqual([{ type: "rules_added", rules: [CATS, DOGS] }]);
  });

  it("only lists where everything is in force", async () => {
    const { x, changes, sync } = setUp([CATS]);
    await sync();
    x.requests.length = 0;
    expect((await sync()).inForce).toHaveLength(1);
    expect(x.kinds).toEqual(["list"]);
    expect(changes).toHaveLength(1);
  });

  it("removes its own rules that are not wanted any more, after it has added", async () => {
    const { x, changes, sync, values } = setUp([DOGS]);
    x.put("cats", owned("pets"));
    const { removed } = await sync();
    expect(x.kinds).toEqual(["list", "dry_run", "add", "delete"]);
    expect(values()).toEqual(["dogs lang:en"]);
    expect(removed).toEqual([CATS]);
    expect(changes.map(({ type }) => type)).toEqual(["rules_added", "rules_removed"]);
  });

  it("never touches rules of others, other ingesters included, and reports them", async () => {
    const { x, sync, values } = setUp([CATS]);
    const foreign = [
      x.put("emus"),
      x.put("owls", "birds"),
      x.put("bats", ruleTag({ owner: "other_stream", tag: "pets" })),
      x.put("ants", "tweets-to-s3"),
    ];
    expect((await sync()).foreign).toEqual(foreign);
    expect(values()).toEqual(["emus", "owls", "bats", "ants", "cats"]);
  });

  it("counts another program's rule of the same value as in force, and never removes it", async () => {
    const { x, sync } = setUp([CATS]);
    const theirs = x.put(" cats ", "theirs");
    expect(await sync()).toMatchObject({ inForce: [{ ...CATS, id: theirs.id, owned: false }], foreign: [] });
    expect(x.kinds).toEqual(["list"]);
  });

  it("knows a rule that X writes in another way by the id that X names", async () => {
    const { x, sync, values } = setUp([{ value: "Cats", tag: "pets" }]);
    const rule = x.put("cats", owned("pets"));
    const { inForce } = await sync();
    expect(inForce).toEqual([{ value: "Cats", tag: "pets", id: rule.id, owned: true }]);
    expect(values()).toEqual(["cats"]);
    expect(x.kinds).toEqual(["list", "dry_run"]);
  });

  it("reads every page of the list", async () => {
    const { x, sync } = setUp([{ value: "v24", tag: "last" }]);
    x.pageSize = 10;
    for (let n = 0; n < 25; n += 1) x.put(`v${n}`);
    const { inForce, foreign } = await sync();
    expect([inForce.length, foreign.length]).toEqual([1, 24]);
    expect(x.kinds).toEqual(["list", "list", "list"]);
  });

  it("ends where pages repeat", async () => {
    const { x } = setUp([]);
    x.script = () => ({ data: [{ id: "1", value: "cats" }], meta: { next_token: "0000000000000001" } });
    expect(await listRules(x)).toHaveLength(1);
    expect(x.requests).toHaveLength(2);
  });

  it("adds and removes a thousand rules in batches", async () => {
    const rules = Array.from({ length: 1_000 }, (_, at) => ({ value: `v${at}`, tag: `t${at}` }));
    const { x, sync } = setUp(rules);
    expect((await sync()).inForce.map(({ value }) => value)).toEqual(rules.map(({ value }) => value));
    expect(x.kinds).toEqual(["list", ...Array(10).fill("dry_run"), ...Array(10).fill("add")]);
  });

  it("makes room first where the app is full, and loses no other rule", async () => {
    const { x, sync, values } = setUp([CATS, DOGS]);
    x.maxRules = 2;
    x.put("cats", owned("pets"));
    x.put("owls", owned("birds"));
    expect((await sync()).inForce).toHaveLength(2);
    expect(values()).toEqual(["cats", "dogs lang:en"]);
    expect(x.kinds).toEqual(["list", "dry_run", "add", "delete", "list", "add"]);
  });

  it("understands answers that are valid by X's schema", async () => {
    const ajv = new Ajv({ strict: false });
    addFormats(ajv);
    ajv.addSchema(openApi, "x");
    const isList = ajv.compile({ $ref: "x#/definitions/GetRulesResponse" });
    const isChange = ajv.compile({ $ref: "x#/definitions/UpdateRulesResponse" });
    const { x, sync } = setUp([CATS, DOGS, { value: "OWLS", tag: "birds" }]);
    x.put("owls");
    x.put("bats", owned("gone"));
    x.script = ({ what }) => {
      if (what === "delete") x.rules = x.rules.filter(({ value }) => value !== "bats");
      return undefined;
    };
    expect((await sync()).inForce).toHaveLength(3);
    expect(x.kinds).toEqual(["list", "dry_run", "add", "delete"]);
    x.answers.forEach((answer, at) => {
      const isValid = x.kinds[at] === "list" ? isList : isChange;
      const { errors = [], ...rest } = JSON.parse(JSON.stringify(answer)) as { errors?: readonly object[] };
      // X's schema lacks the problem of a duplicate; its form is that of X's real answers.
      const known = errors.filter((error) => !("title" in error && error.title === "DuplicateRule"));
      expect([answer, isValid({ ...rest, errors: known })]).toEqual([answer, true]);
    });
  });

  it.each([
    { title: "DuplicateRule", type: "https://api.twitter.com/2/problems/duplicate-rules" },
    {
      title: "Invalid Request",
      detail: "A rule with this value already exists.",
      type: `${PROBLEMS}/invalid-request`,
    },
    { title: "Duplicate Rule", type: "about:blank" },
  ])("takes $title ($type) for a duplicate", async (problem) => {
    const { x, sync } = setUp([{ value: "Cats", tag: "pets" }]);
    const { id } = x.put("cats");
    x.script = ({ what }) =>
      what === "list"
        ? undefined
        : { errors: [{ ...problem, value: "Cats", id }], meta: { summary: { valid: 1 } } };
    expect((await sync()).inForce).toMatchObject([{ id, owned: false }]);
  });
});

describe("syncRules beside another process", () => {
  it("takes a rule that was added meanwhile for its own", async () => {
    const { x, sync } = setUp([CATS, DOGS]);
    x.script = ({ what }) => {
      if (what === "add" && x.rules.length === 0) x.put("cats", owned("pets"));
      return undefined;
    };
    const { inForce } = await sync();
    expect(inForce).toMatchObject([
      { ...CATS, owned: true },
      { ...DOGS, owned: true },
    ]);
    expect(x.rules).toHaveLength(2);
    expect(x.kinds).toEqual(["list", "dry_run", "add", "list"]);
  });

  it("is content where the rule to be removed is gone already", async () => {
    const { x, sync } = setUp([CATS]);
    x.put("owls", owned("birds"));
    x.script = ({ what }) => {
      if (what === "delete") x.rules = x.rules.filter(({ value }) => value !== "owls");
      return undefined;
    };
    const { removed } = await sync();
    expect(removed).toEqual([{ value: "owls", tag: "birds" }]);
    expect(x.rules).toMatchObject([{ value: "cats" }]);
  });

  it("adds again what was removed between its answer and its list", async () => {
    const { x, sync } = setUp([CATS]);
    x.script = ({ what }, count) => {
      if (what === "add" && count === 2) x.put("cats", owned("pets"));
      if (what === "list" && count === 3) x.rules = [];
      return undefined;
    };
    expect((await sync()).inForce).toMatchObject([CATS]);
    expect(x.rules).toMatchObject([{ value: "cats" }]);
  });

  it("does not fail while two of them take turns at every request", async () => {
    const x = new FakeRulesX();
    const rules = Array.from({ length: 250 }, (_, at) => ({ value: `v${at}`, tag: `t${at}` }));
    const slow = (kind: "get" | "post") => {
      const real = x[kind].bind(x) as (...args: readonly unknown[]) => Promise<never>;
      return async (...args: readonly unknown[]) => {
        await new Promise(setImmediate);
        return real(...args);
      };
    };
    const client = { now: x.now, get: slow("get"), post: slow("post") };
    const both = await Promise.all([1, 2].map(() => syncRules(client, { rules, owner: OWNER })));
    for (const { inForce } of both)
      expect(inForce.map(({ value }) => value)).toEqual(rules.map(({ value }) => value));
    expect(x.rules).toHaveLength(250);
  });

  it("believes X where it names a rule again and again that it does not list yet", async () => {
    const { x, sync } = setUp([CATS]);
    x.script = ({ what }) =>
      what === "list"
        ? { meta: { result_count: 0 } }
        : { errors: [{ value: "cats", id: "77", title: "DuplicateRule" }], meta: { summary: { valid: 1 } } };
    expect((await sync()).inForce).toEqual([{ ...CATS, id: "77", owned: false }]);
    expect(x.kinds.filter((what) => what === "list")).toHaveLength(4);
  });

  it("gives up after a few rounds in which X says nothing about a rule", async () => {
    const { x, sync } = setUp([CATS]);
    x.script = ({ what }) => (what === "list" ? undefined : { meta: { summary: { created: 1 } } });
    const error = await errorOf(sync());
    expect(error).toBeInstanceOf(SourceError);
    expect(error).toMatchObject({ kind: "transient", message: expect.stringContaining('"pets" (cats)') });
    expect(x.kinds.filter((what) => what === "list")).toHaveLength(4);
  });
});

describe("rules that X refuses", () => {
  it("are all named with X's words, and nothing is changed", async () => {
    const wrong = [
      { value: "nope:1", tag: "one" },
      { value: "nope:2", tag: "two" },
    ];
    const { x, sync, values } = setUp([CATS, ...wrong]);
    x.put("owls", owned("birds"));
    const error = await errorOf(sync());
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).problems).toEqual([
      expect.stringMatching(
        /^STREAM_RULES: X refuses the rule "one" \(nope:1\)\. X says: "UnprocessableEntity; Reference to invalid operator 'nope'/,
      ),
      expect.stringMatching(/"two" \(nope:2\)/),
    ]);
    expect(values()).toEqual(["owls"]);
    expect(x.kinds).toEqual(["list", "dry_run"]);
  });

  it("are named where X takes none of them and answers 400", async () => {
    const error = await errorOf(setUp([{ value: "nope:1", tag: "one" }]).sync());
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).toContain("invalid operator");
  });

  it("are named where X refuses them only when they are added", async () => {
    const { x, sync } = setUp([CATS, DOGS]);
    x.script = ({ what }) =>
      what === "add" ? { data: [], errors: [invalid("cats")], meta: { summary: { valid: 1 } } } : undefined;
    expect((await errorOf(sync())).message).toMatch(/X refuses the rule "pets" \(cats\)/);
  });

  it("are counted where the app has no room for them", async () => {
    const { x, sync, values } = setUp([CATS, DOGS]);
    x.maxRules = 2;
    x.put("owls");
    const error = await errorOf(sync());
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).toMatch(
      /^STREAM_RULES: the app has no room for these rules: "more pets" \(dogs lang:en\)\. It has 1 rule, 1 of them not of this ingester .*X says: "RulesCapExceeded; Too many rules\."/,
    );
    expect(values()).toEqual(["owls"]);
  });

  it("keep the classification of every other refusal", async () => {
    const { x, sync } = setUp([CATS]);
    x.script = ({ what }) => {
      if (what === "list") return undefined;
      const body = { title: "Too Many Requests", type: "about:blank", status: 429 };
      throw new XResponseError({
        status: 429,
        body,
        headers: { "x-rate-limit-remaining": "0" },
        path: "rules",
      });
    };
    expect(await errorOf(sync())).toMatchObject({ kind: "window_limit" });
  });

  it("are an error where X does not remove one of them", async () => {
    const { x, sync } = setUp([CATS]);
    const { id } = x.put("owls", owned("birds"));
    x.script = ({ what }) =>
      what === "delete"
        ? { errors: [{ value: id, title: "Internal", detail: "not now" }], meta: { summary: { deleted: 0 } } }
        : undefined;
    expect((await errorOf(sync())).message).toMatch(
      /did not remove 1 rule of this ingester: "Internal; not now"/,
    );
  });
});

describe("planRules", () => {
  it("says what a sync would do, and changes nothing", async () => {
    const { x, plan, values } = setUp([CATS, DOGS]);
    x.put("cats", owned("pets"));
    x.put("owls", owned("birds"));
    const theirs = x.put("emus");
    const { added, kept, removed, foreign } = await plan();
    expect(added).toEqual([DOGS]);
    expect(kept).toMatchObject([{ ...CATS, owned: true }]);
    expect(removed).toMatchObject([{ value: "owls" }]);
    expect(foreign).toEqual([theirs]);
    expect(values()).toEqual(["cats", "owls", "emus"]);
    expect(x.kinds).toEqual(["list", "dry_run"]);
  });

  it("refuses what a sync would refuse", async () => {
    expect(await errorOf(setUp([{ value: "nope:1", tag: "one" }]).plan())).toBeInstanceOf(ConfigError);
  });
});
