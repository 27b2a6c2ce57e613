import fc from "fast-check";
import { SimulatedClock } from "../../support/simulated-clock";
import { firstIdAt } from "../../x-simulator/snowflake";
import { XSimulator } from "../../x-simulator/x-simulator";
import { allIds, readAllPages, searchRecent } from "../helpers/x-client";

const DAY_MS = 86_400_000;
const clock = new SimulatedClock();
const simulator = new XSimulator({
  segments: [
    { count: 50, fromMs: clock.now() - 9 * DAY_MS, toMs: clock.now() - 8 * DAY_MS },
    { count: 300, fromMs: clock.now() - 2 * DAY_MS, toMs: clock.now() - DAY_MS },
    { count: 250, fromMs: clock.now() - DAY_MS, toMs: clock.now() },
  ],
  rateLimits: "off",
  clock,
});
let url = "";

beforeAll(async () => {
  ({ url } = await simulator.listen());
});
afterAll(() => simulator.close());

/** What recent search reaches: everything but the first segment. */
const recent = (): string[] => allIds(simulator).slice(0, 550);

describe("recent search", () => {
  it("returns every post of the last seven days once, newest first, over all pages", async () => {
    const pages = await readAllPages(url, { max_results: 100 });
    expect(pages.flat()).toEqual(recent());
    expect(pages.map((page) => page.length)).toEqual([100, 100, 100, 100, 100, 50]);
  });

  it("sends the same answers when it makes pages ahead, also to readers that go different ways", async () => {
    const options = { segments: [{ count: 60, fromMs: clock.now() - DAY_MS, toMs: clock.now() }], clock };
    const simulators = [new XSimulator(options), new XSimulator({ ...options, readsAhead: true })];
    const urls = await Promise.all(simulators.map(async (one) => (await one.listen()).url));
    const readers = [{ max_results: 20 }, { max_results: 25, "post.fields": "created_at,public_metrics" }];
    const tokens = new Map<object, string>();
    for (const reader of [...readers, ...readers, ...readers]) {
      const token = tokens.get(reader);
      const asked = { ...reader, ...(token ? { next_token: token } : {}) };
      const [plain, ahead] = await Promise.all(urls.map((base) => searchRecent(base, asked)));
      expect(ahead?.body).toEqual(plain?.body);
      expect(plain?.body.meta?.result_count).toBeGreaterThan(0);
      tokens.set(reader, plain?.body.meta?.next_token ?? "");
    }
    await Promise.all(simulators.map((one) => one.close()));
  });

  it("returns exactly the posts between since_id and until_id, whatever the page size", async () => {
    const ids = recent();
    const bound = fc.option(fc.nat({ max: ids.length - 1 }), { nil: undefined });
    const nudge = fc.constantFrom(-1n, 0n, 1n);
    await fc.assert(
      fc.asyncProperty(
        bound,
        bound,
        nudge,
        fc.integer({ min: 10, max: 100 }),
        async (since, until, by, size) => {
          const idAt = (place: number): bigint => BigInt(ids[place] as string) + by;
          const window = {
            ...(since === undefined ? {} : { since_id: String(idAt(since)) }),
            ...(until === undefined ? {} : { until_id: String(idAt(until)) }),
          };
          const pages = await readAllPages(url, { ...window, max_results: size });
          const expected = ids.filter(
            (id) =>
              (since === undefined || BigInt(id) > idAt(since)) &&
              (until === undefined || BigInt(id) < idAt(until)),
          );
          expect(pages.flat()).toEqual(expected);
          expect(pages.every((page) => page.length <= size)).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("describes the page in meta", async () => {
    const { body } = await searchRecent(url, { max_results: 10 });
    const ids = recent();
    expect(body.meta).toEqual({
      newest_id: ids[0],
      oldest_id: ids[9],
      result_count: 10,
      next_token: expect.stringMatching(/^[0-9a-v]+$/),
    });
  });

  it("leaves out data, newest_id and oldest_id when nothing is found", async () => {
    const { body } = await searchRecent(url, { since_id: recent()[0] as string });
    expect(body).toEqual({ meta: { result_count: 0 } });
  });

  it("continues below the last page's posts when newer ones have been written meanwhile", async () => {
    const growing = new XSimulator({ posts: 30, rateLimits: "off" });
    const { url: growingUrl } = await growing.listen();
    const before = allIds(growing);
    const first = await searchRecent(growingUrl, { max_results: 10 });
    growing.timeline.add({ count: 5, fromMs: growing.timeline.endMs, toMs: Date.now() + 1 });
    const second = await searchRecent(growingUrl, {
      max_results: 10,
      next_token: first.body.meta?.next_token ?? "",
    });
    expect(second.body.data?.map(({ id }) => id)).toEqual(before.slice(10, 20));
    await growing.close();
  });

  it("finds no post of the future and none younger than its indexing lag", async () => {
    const lagging = new XSimulator({
      segments: [{ count: 100, fromMs: clock.now() - 100_000, toMs: clock.now() + 100_000 }],
      indexingLagMs: 30_000,
      clock,
    });
    const { url: laggingUrl } = await lagging.listen();
    const { body } = await searchRecent(laggingUrl, { max_results: 100 });
    const visible = allIds(lagging).filter((id) => BigInt(id) <= firstIdAt(clock.now() - 30_000));
    expect(body.data?.map(({ id }) => id)).toEqual(visible);
    expect(visible.length).toBeGreaterThan(10);
    await lagging.close();
  });

  it("selects by time, the start included and the end excluded", async () => {
    const start = new Date(clock.now() - DAY_MS).toISOString();
    const end = new Date(clock.now() - 60_000).toISOString();
    const pages = await readAllPages(url, { start_time: start, end_time: end, max_results: 100 });
    const expected = recent().filter(
      (id) => BigInt(id) >= firstIdAt(Date.parse(start)) && BigInt(id) < firstIdAt(Date.parse(end)),
    );
    expect(pages.flat()).toEqual(expected);
    expect(expected.length).toBeGreaterThan(200);
  });
});

describe("pagination tokens", () => {
  const token = async (parameters = {}): Promise<string> =>
    (await searchRecent(url, { max_results: 10, ...parameters })).body.meta?.next_token ?? "";

  it("work with another page size and under their other name", async () => {
    const { status, body } = await searchRecent(url, { max_results: 50, pagination_token: await token() });
    expect(status).toBe(200);
    expect(body.data?.map(({ id }) => id)).toEqual(recent().slice(10, 60));
  });

  it.each([
    ["another query", { query: "ships" }],
    ["an until_id that was not there", { until_id: String(firstIdAt(clock.now())) }],
    ["a since_id that was not there", { since_id: String(firstIdAt(clock.now() - DAY_MS)) }],
    ["other fields", { "post.fields": "lang" }],
  ])("are refused together with %s", async (_, change) => {
    const { status, body } = await searchRecent(url, { next_token: await token(), ...change });
    expect(status).toBe(400);
    expect(body.errors?.[0]?.parameters).toHaveProperty("next_token");
  });

  it("are refused when they were never issued", async () => {
    const { status } = await searchRecent(url, { next_token: "b26v89c19zqg8o3f" });
    expect(status).toBe(400);
  });

  it("are refused after their lifetime", async () => {
    const slow = new SimulatedClock(clock.now());
    const expiring = new XSimulator({ tokenLifetimeMs: 60_000, rateLimits: "off", clock: slow });
    const { url: expiringUrl } = await expiring.listen();
    const first = await searchRecent(expiringUrl, { max_results: 10 });
    const next = { max_results: 10, next_token: first.body.meta?.next_token ?? "" };
    slow.advance(60_000);
    expect((await searchRecent(expiringUrl, next)).status).toBe(200);
    slow.advance(1);
    expect((await searchRecent(expiringUrl, next)).status).toBe(400);
    await expiring.close();
  });
});
