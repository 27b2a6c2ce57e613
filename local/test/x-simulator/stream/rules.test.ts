import { SimulatedClock } from "../../../support/simulated-clock";
import { MAX_RULE_LENGTH, MAX_RULES } from "../../../x-simulator/stream/rules";
import { XSimulator } from "../../../x-simulator/x-simulator";
import { send } from "../../helpers/stream-client";
import { schemaOf } from "../../helpers/x-schema";

const isList = schemaOf("GetRulesResponse");
const isChange = schemaOf("UpdateRulesResponse");

let simulator: XSimulator;
let rulesUrl = "";

beforeEach(async () => {
  simulator = new XSimulator({ posts: 10, clock: new SimulatedClock(), rateLimits: "off" });
  const { url } = await simulator.listen();
  rulesUrl = `${url}/2/tweets/search/stream/rules`;
});
afterEach(() => simulator.close());

const add = (...rules: readonly object[]) => send(rulesUrl, "POST", { add: rules });
const list = async (parameters = "") => (await send(`${rulesUrl}${parameters}`, "GET")).body;
const values = async (): Promise<unknown[]> =>
  ((await list()).data as unknown as { value: string }[] | undefined)?.map(({ value }) => value) ?? [];

describe("GET /2/tweets/search/stream/rules", () => {
  it("leaves data out when there are no rules", async () => {
    expect(await list()).toEqual({ meta: { result_count: 0 } });
  });

  it("lists rules with their tags in X's shape", async () => {
    await add({ value: "cats", tag: "pets" }, { value: "dogs -is:retweet" });
    const body = await list();
    expect(isList(body)).toBe(true);
    expect(body).toEqual({
      data: [
        { id: expect.stringMatching(/^\d{1,19}$/), value: "cats", tag: "pets" },
        { id: expect.stringMatching(/^\d{1,19}$/), value: "dogs -is:retweet" },
      ],
      meta: { result_count: 2 },
    });
  });

  it("pages with tokens of 16 characters and returns each rule once", async () => {
    await add(...Array.from({ length: 25 }, (_, at) => ({ value: `word${at}` })));
    const seen: string[] = [];
    for (let token = ""; ; ) {
      const body = (await list(`?max_results=10${token}`)) as unknown as {
        data: { value: string }[];
        meta: { next_token?: string };
      };
      seen.push(...body.data.map(({ value }) => value));
      if (body.meta.next_token === undefined) break;
      expect(body.meta.next_token).toMatch(/^[0-9a-v]{16}$/);
      token = `&pagination_token=${body.meta.next_token}`;
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, at) => `word${at}`));
  });

  it("selects by ids and names those that no rule has", async () => {
    await add({ value: "cats" }, { value: "dogs" });
    const [, dogs] = simulator.stream.rules.list();
    const body = await list(`?ids=${dogs?.id},12`);
    expect(body.data).toEqual([dogs]);
    expect(body.errors).toMatchObject([
      { value: "12", type: "https://api.x.com/2/problems/resource-not-found" },
    ]);
    expect(isList(body)).toBe(true);
  });

  it.each(["?max_results=0", "?max_results=1001", "?ids=abc", "?pagination_token=short", "?query=cats"])(
    "refuses %s",
    async (parameters) => {
      expect((await send(`${rulesUrl}${parameters}`, "GET")).status).toBe(400);
    },
  );
});

describe("POST /2/tweets/search/stream/rules", () => {
  it("adds rules and says how many", async () => {
    const { status, body } = await add({ value: "cats", tag: "pets" }, { value: '"two words" lang:en' });
    expect(status).toBe(200);
    expect(isChange(body)).toBe(true);
    expect(body.meta).toMatchObject({ summary: { created: 2, not_created: 0, valid: 2, invalid: 0 } });
    expect(await values()).toEqual(["cats", '"two words" lang:en']);
  });

  it("names a duplicate with the id of the rule there is, and adds the others", async () => {
    await add({ value: "cats" });
    const [known] = simulator.stream.rules.list();
    const { status, body } = await add({ value: "cats", tag: "again" }, { value: "dogs" }, { value: "dogs" });
    expect(status).toBe(200);
    expect(body.meta).toMatchObject({ summary: { created: 1, not_created: 2, valid: 3, invalid: 0 } });
    expect(body.errors).toMatchObject([
      { value: "cats", id: known?.id, title: "DuplicateRule" },
      { value: "dogs", type: "https://api.twitter.com/2/problems/duplicate-rules" },
    ]);
    expect(await values()).toEqual(["cats", "dogs"]);
  });

  it.each<[string, string]>([
    ["cats (dogs", "no viable alternative"],
    ['"open', "no viable alternative"],
    ["cats OR", "no viable alternative"],
    ["moon_phase:full", "Reference to invalid operator"],
    ["has:money cats", "Reference to invalid operator"],
    ["from:", "missing value of operator 'from'"],
    ["cats AND dogs", "Ambiguous use of 'AND'"],
    ["cats or dogs", "Ambiguous use of 'or'"],
    ["cats (is:retweet OR )", "no viable alternative"],
    ["is:retweet", "standalone"],
    ["-cats", "standalone"],
    ["cats OR lang:en", "standalone"],
    ["cats sample:0", "percentage"],
    ["x".repeat(MAX_RULE_LENGTH + 1), "rule length [1025] exceeds max [1024]"],
  ])("refuses the rule %.20j and keeps the good ones", async (value, words) => {
    const { status, body } = await add({ value }, { value: "dogs" });
    expect(status).toBe(200);
    expect(body.meta).toMatchObject({ summary: { created: 1, not_created: 1, valid: 1, invalid: 1 } });
    expect(body.errors).toMatchObject([
      {
        value,
        details: [expect.stringContaining(words)],
        title: "UnprocessableEntity",
        type: "https://api.twitter.com/2/problems/invalid-rules",
      },
    ]);
    expect((await add({ value })).status).toBe(400);
  });

  it.each([
    "x".repeat(MAX_RULE_LENGTH),
    "cats -dogs",
    "(cats OR dogs) lang:en -is:retweet",
    "from:user_0001 has:media",
    "#trains OR $XYZ OR @user_0001",
    "-(cats OR dogs) birds",
    'cats "and" dogs',
    'url:"example.com/reports"',
    "ORANGE ANDes",
    "cats sample:10",
  ])("takes the rule %.30j", async (value) => {
    expect((await add({ value })).body.meta).toMatchObject({ summary: { created: 1 } });
  });

  it(`holds ${MAX_RULES} rules and not one more`, async () => {
    const many = Array.from({ length: MAX_RULES }, (_, at) => ({ value: `word${at}` }));
    expect((await add(...many)).body.meta).toMatchObject({ summary: { created: MAX_RULES } });
    const { body } = await add({ value: "late" });
    expect(body.meta).toMatchObject({ summary: { created: 0, not_created: 1, valid: 1, invalid: 0 } });
    expect(body.errors).toMatchObject([
      { value: "late", type: "https://api.twitter.com/2/problems/rule-cap" },
    ]);
  });

  it("changes nothing with dry_run", async () => {
    await add({ value: "cats" });
    const tried = await send(`${rulesUrl}?dry_run=true`, "POST", {
      add: [{ value: "dogs" }, { value: "(" }],
    });
    expect(tried.body.meta).toMatchObject({ summary: { created: 1, not_created: 1, valid: 1, invalid: 1 } });
    const removed = await send(`${rulesUrl}?dry_run=true`, "POST", { delete: { values: ["cats"] } });
    expect(removed.body.meta).toMatchObject({ summary: { deleted: 1, not_deleted: 0 } });
    expect(await values()).toEqual(["cats"]);
  });

  it("deletes by id, by value and all at once", async () => {
    await add({ value: "cats" }, { value: "dogs" }, { value: "birds" }, { value: "fish" });
    const [cats] = simulator.stream.rules.list();
    const byId = await send(rulesUrl, "POST", { delete: { ids: [cats?.id, "12"] } });
    expect(byId.body.meta).toMatchObject({ summary: { deleted: 1, not_deleted: 1 } });
    expect(byId.body.errors).toMatchObject([{ value: "12", resource_type: "rule" }]);
    expect(isChange(byId.body)).toBe(true);
    await send(rulesUrl, "POST", { delete: { values: ["dogs"] } });
    expect(await values()).toEqual(["birds", "fish"]);
    const all = await send(`${rulesUrl}?delete_all=true`, "POST", {});
    expect(all.body.meta).toMatchObject({ summary: { deleted: 2 } });
    expect(await values()).toEqual([]);
  });

  it.each<[string, unknown]>([
    ["no JSON", "{"],
    ["neither add nor delete", {}],
    ["both add and delete", { add: [{ value: "cats" }], delete: { ids: ["1"] } }],
    ["an unknown field", { add: [{ value: "cats", colour: "red" }] }],
    ["a rule without a value", { add: [{ tag: "pets" }] }],
    ["an empty list", { add: [] }],
    ["an id that is none", { delete: { ids: ["cats"] } }],
    ["nothing to delete", { delete: {} }],
  ])("refuses a body with %s", async (_, body) => {
    const answer = await send(rulesUrl, "POST", body);
    expect(answer.status).toBe(400);
    expect(answer.body.title).toBe("Invalid Request");
  });

  it("limits changes and lists apart, as X does", async () => {
    const strict = new XSimulator({ posts: 1, rateLimits: { "rules/change": 1 } });
    const { url } = await strict.listen();
    const change = () => send(`${url}/2/tweets/search/stream/rules`, "POST", { add: [{ value: "cats" }] });
    expect((await change()).status).toBe(200);
    expect((await change()).status).toBe(429);
    expect((await send(`${url}/2/tweets/search/stream/rules`, "GET")).status).toBe(200);
    await strict.close();
  });

  it("meets the faults that are planned for it", async () => {
    simulator.ruleFaults.enqueue({ kind: "server-error" }, { kind: "unauthorized" });
    expect((await add({ value: "cats" })).status).toBe(503);
    expect((await add({ value: "cats" })).status).toBe(401);
    expect(await values()).toEqual([]);
  });
});
