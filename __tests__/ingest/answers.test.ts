/** What X and what stands before it really answer: every kind against the real process, none paid for twice. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import {
  encoded,
  foreign,
  page,
  pageOf,
  problem,
  type Script,
  type ScriptedAnswer,
  ScriptedX,
  type ScriptedXOptions,
} from "./scripted-x";
import { type Environment, type Finished, type Running, TOKEN, until, World } from "./world";

let world: World;
let x: ScriptedX;

beforeEach(async () => {
  world = await World.create();
});

afterEach(async () => {
  await Promise.all([world.close(), x.close()]);
});

async function xWith(options: Partial<ScriptedXOptions> | Script): Promise<void> {
  const given = typeof options === "function" ? { script: options } : options;
  x = await new ScriptedX({ posts: 250, ...given }).listen();
}

async function run(environment: Environment = {}): Promise<Finished> {
  const finished = await world.run({ X_API_URL: x.url, ...environment });
  expect(finished.stdout + finished.stderr).not.toContain(TOKEN);
  expect(finished.stdout + finished.stderr).not.toMatch(/^\s+at .+:\d+:\d+/m);
  return finished;
}

/** Everything that X has is in the bucket once, and was bought once. */
async function expectAllOnce(code: number | null, posts = 250): Promise<void> {
  expect(code).toBe(0);
  expect(await world.delivered()).toMatchObject({ total: posts, distinct: posts, unreadableLines: 0 });
  expect(x.bought).toBe(posts);
}

/** This answer to the second request, honest ones otherwise. */
const second =
  (answer: ScriptedAnswer): Script =>
  (honest, _asked, count) =>
    count === 1 ? answer : honest;

describe("bodies", () => {
  it.each<[string, Script]>([
    ["gzip", (honest) => encoded(honest, "gzip", gzipSync(honest.body))],
    ["deflate", (honest) => encoded(honest, "deflate", deflateSync(honest.body))],
    ["brotli", (honest) => encoded(honest, "br", brotliCompressSync(honest.body))],
    ["a byte order mark", (honest) => ({ ...honest, body: `\uFEFF${honest.body}`, billed: postsOf(honest) })],
  ])("with %s are read, and counted as bought once", async (_name, script) => {
    await xWith(script);
    await expectAllOnce((await run({ MONTHLY_POST_LIMIT: "250" })).code);
  });
});

describe("answers of others than X", () => {
  it("are passing, whatever their status, first or later", async () => {
    const statuses = [403, 400, 401, 404, 410, 425, 499, 500, 503, 520];
    const ownJson = { status: 403, body: '{"error":"blocked"}' };
    const answers = [...statuses.map((status) => foreign(status)), { status: 401, body: "" }, ownJson];
    await xWith({
      posts: 1_200,
      script: (honest, _asked, count) => (count % 2 === 0 && answers.shift()) || honest,
    });
    await expectAllOnce((await run()).code, 1_200);
    expect(answers).toEqual([]);
  }, 30_000);
});

describe("refusals of access", () => {
  it("of a wrong token are final at the first request", async () => {
    await xWith(() => problem(401, "Unauthorized"));
    const { code, stderr } = await run();
    expect(code).toBe(3);
    expect(stderr).toContain("X_BEARER_TOKEN");
  });

  it.each([401, 403, 404])("with status %i are passing when X has answered before", async (status) => {
    await xWith(second(problem(status, "Unauthorized")));
    await expectAllOnce((await run()).code);
  });

  it("are final when they stay", async () => {
    await xWith((honest, _asked, count) => (count === 0 ? honest : problem(401, "Unauthorized")));
    expect((await run()).code).toBe(3);
    expect(x.searches).toHaveLength(6);
  }, 40_000);
});

describe("redirects", () => {
  it("are not followed with the token to another host, cost nothing and are named", async () => {
    const tokens: unknown[] = [];
    const elsewhere = createServer((request, response) => {
      tokens.push(request.headers.authorization);
      response.end("{}");
    }).listen(0, "127.0.0.1");
    await once(elsewhere, "listening");
    const target = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/2/tweets/search/recent`;
    await xWith(second({ status: 302, headers: { location: target }, body: "" }));
    const { code, events } = await run();
    elsewhere.close();
    await expectAllOnce(code);
    expect(tokens).toEqual([]);
    expect(events.find(({ event }) => event === "source_waiting")?.message).toContain(
      `a redirect to ${target}`,
    );
  });
});

describe("pages that do not progress", () => {
  it.each<[string, Script]>([
    ["repeat a page and its token", repeatingAtTokens("same")],
    ["name another token for the same page", repeatingAtTokens(undefined)],
  ])("because they %s cost one page", async (_name, script) => {
    await xWith(script);
    const { code } = await run();
    expect(code).toBe(0);
    expect(await world.delivered()).toMatchObject({ total: 250, distinct: 250 });
    expect(x.bought).toBeLessThanOrEqual(350);
  });

  it("with posts in no order and endless tokens end after few pages: what is new is delivered", async () => {
    let asked = 0;
    await xWith({
      posts: 129,
      script: () => {
        asked += 1;
        const rotated = [...x.ids.slice((asked * 37) % 129), ...x.ids.slice(0, (asked * 37) % 129)];
        return pageOf(
          rotated.filter((_, n) => n % 3 !== asked % 3),
          { next_token: `t${asked}` },
        );
      },
    });
    const running = world.start({ X_API_URL: x.url, RUN_ONCE: "false" });
    await untilLogged(running, "no_progress");
    running.child.kill("SIGTERM");
    expect((await running.finished).code).toBe(0);
    expect(await world.delivered()).toMatchObject({ total: 129, distinct: 129 });
    expect(x.bought).toBeLessThan(600);
  });

  it("because bounds are ignored, cost a page in the next run and deliver no post at the bound twice", async () => {
    const newest: Script = () => pageOf(x.ids.slice(0, 5), {});
    await xWith({ posts: 5, script: newest });
    await run();
    await run();
    expect(x.bought).toBe(10);
    expect((await world.delivered()).distinct).toBe(5);
  });

  it("with an empty newest_id are the end when they name no token", async () => {
    await xWith(() => page({ meta: { result_count: 0, newest_id: "" } }));
    expect((await run()).code).toBe(0);
    expect(x.searches).toHaveLength(1);
  });
});

describe("posts outside the hole", () => {
  it("are delivered once: the one at since_id, and one below it that is new", async () => {
    const older = (BigInt(Date.now() - 9 * 86_400_000 - 1_288_834_974_657) << 22n).toString();
    await xWith({ posts: 20, script: (honest) => withPost(honest, older) });
    await run();
    await run();
    const delivered = await world.delivered();
    expect(delivered.has(BigInt(older))).toBe(true);
    expect(delivered.distinct).toBe(21);
  });
});

describe("rate limits", () => {
  it("whose reset has passed by a clock that runs ahead are asked a handful of times a minute", async () => {
    const limited = problem(429, "Too Many Requests");
    await xWith({
      clockOffsetMs: -3_600_000,
      script: () => ({
        ...limited,
        headers: {
          "x-rate-limit-remaining": "0",
          "x-rate-limit-reset": String(Math.floor(x.now() / 1_000) - 5),
        },
      }),
    });
    const running = world.start({ X_API_URL: x.url, RUN_ONCE: "false" });
    await new Promise((done) => setTimeout(done, 8_000));
    running.child.kill("SIGTERM");
    await running.finished;
    expect(x.searches.length).toBeLessThanOrEqual(3);
  }, 30_000);

  it("of 24 hours end a single run as a limit does", async () => {
    const reset = String(Math.floor(Date.now() / 1_000) + 50_000);
    await xWith(
      second({
        ...problem(429, "Too Many Requests"),
        headers: {
          "x-rate-limit-remaining": "300",
          "x-app-limit-24hour-remaining": "0",
          "x-app-limit-24hour-reset": reset,
        },
      }),
    );
    const { code, events } = await run();
    expect(code).toBe(0);
    expect(events).toContainEqual(
      expect.objectContaining({ event: "limit_reached", limit: "X's 24-hour limit" }),
    );
    expect(x.searches).toHaveLength(2);
  });
});

describe("fields", () => {
  it("that X no longer knows are dropped once, with a line in the log", async () => {
    const refusal = problem(400, "Invalid Request", {
      type: "https://api.x.com/2/problems/invalid-request",
      errors: [
        {
          parameters: { "post.fields": ["..."] },
          message:
            "The `post.fields` query parameter value [paid_partnership] is not one of [author_id,text]",
        },
      ],
    });
    await xWith((honest, { params }) =>
      params.get("post.fields")?.includes("paid_partnership") ? refusal : honest,
    );
    const { code, events } = await run();
    await expectAllOnce(code);
    expect(events.filter(({ event }) => event === "request_changed")).toHaveLength(1);
    expect(x.searches).toHaveLength(4);
  });

  it("that the user asked for are an error that names the variable", async () => {
    const refusal = problem(400, "Invalid Request", {
      errors: [
        {
          parameters: { "post.fields": ["mood"] },
          message: "The `post.fields` query parameter value [mood] is not one of [author_id,text]",
        },
      ],
    });
    await xWith((_honest, { params }) =>
      params.has("post.fields")
        ? refusal
        : { ...refusal, body: refusal.body.toString().replaceAll("post.fields", "tweet.fields") },
    );
    const { code, stderr } = await run({ POST_FIELDS: "created_at,mood" });
    expect(code).toBe(2);
    expect(stderr).toContain("mood (POST_FIELDS)");
  });
});

describe("clocks", () => {
  it.each([
    ["ahead", -3_600_000],
    ["behind", 3_600_000],
  ])("of this machine that run %s of X's: X's Date decides what is new", async (_name, clockOffsetMs) => {
    const future = (id: string | null) =>
      id !== null && (BigInt(id) >> 22n) + 1_288_834_974_657n > BigInt(x.now() + 2_000);
    await xWith({
      clockOffsetMs,
      script: (honest, { params }) => {
        const name = ["since_id", "until_id"].find((bound) => future(params.get(bound)));
        if (name === undefined) return honest;
        return problem(400, "Invalid Request", {
          errors: [
            { parameters: { [name]: ["x"] }, message: `'${name}' must be a tweet id created before now.` },
          ],
        });
      },
    });
    const { code } = await run({ SEARCH_START: "window" });
    await expectAllOnce(code);
    expect((await run({ SEARCH_START: "window" })).code).toBe(0);
  });
});

/** Resolves once a line of the log holds the text. */
async function untilLogged({ child }: Running, text: string): Promise<void> {
  let seen = "";
  child.stdout?.on("data", (chunk) => {
    seen += chunk;
  });
  await until(() => seen.includes(text), 20_000);
}

function postsOf({ body }: ScriptedAnswer): number {
  return (JSON.parse(body.toString()) as { data?: readonly unknown[] }).data?.length ?? 0;
}

function withPost(answer: ScriptedAnswer, id: string): ScriptedAnswer {
  const body = JSON.parse(answer.body.toString()) as { data?: object[] };
  return page({
    ...body,
    data: [...(body.data ?? []), { id, text: "old", author_id: "7", created_at: "2026-11-01T00:00:00Z" }],
  });
}

/** Tokens lead to the first page again. */
function repeatingAtTokens(token: string | undefined): Script {
  let count = 0;
  return (honest, { params }) => {
    count += 1;
    if (!params.has("next_token")) return withToken(honest, token ?? `t${count}`);
    return pageOf(x.ids.slice(0, 100), { next_token: token ?? `t${count}` });
  };
}

function withToken(answer: ScriptedAnswer, token: string): ScriptedAnswer {
  const body = JSON.parse(answer.body.toString()) as { meta: { next_token?: string } };
  return body.meta.next_token === undefined
    ? answer
    : page({ ...body, meta: { ...body.meta, next_token: token } });
}
