import { startLiveReads } from "../../run/live-reads";
import type { Reads } from "../../run/reads";
import { XSimulator } from "../../x-simulator/x-simulator";
import { allIds, readAllPages, searchRecent } from "../helpers/x-client";

const x = new XSimulator({ posts: 60 });
let reads: Reads;

beforeAll(async () => {
  reads = await startLiveReads((await x.listen()).url);
});
afterAll(() => Promise.all([reads.close(), x.close()]));

describe("the account of live reads", () => {
  it("passes X's answers on unchanged and notes every post", async () => {
    const pages = await readAllPages(reads.url, { max_results: 25 });
    expect(pages.flat()).toEqual(allIds(x));
    expect([...reads.ids()].map(String)).toEqual(allIds(x));
    expect([reads.posts(), reads.repeated(), reads.requests()]).toEqual([60, 0, 3]);
  });

  it("notes posts that come again", async () => {
    await searchRecent(reads.url, { max_results: 10 });
    expect([reads.posts(), reads.repeated()]).toEqual([60, 10]);
  });

  it("passes problems on with their headers", async () => {
    x.faults.enqueue({ kind: "rate-limit-window", resetSeconds: 60 });
    const { status, headers, body } = await searchRecent(reads.url);
    expect([status, headers.get("x-rate-limit-remaining")]).toEqual([429, "0"]);
    expect(body).toMatchObject({ title: "Too Many Requests" });
  });

  it.each([{ kind: "reset" }, { kind: "truncated-body" }] as const)(
    "breaks the connection on %j",
    async (fault) => {
      const before = reads.posts();
      x.faults.enqueue(fault);
      await expect(searchRecent(reads.url)).rejects.toThrow();
      expect(reads.posts()).toBe(before);
    },
  );

  it("breaks the connection when X cannot be reached", async () => {
    const nowhere = await startLiveReads("http://127.0.0.1:1");
    await expect(searchRecent(nowhere.url)).rejects.toThrow();
    await nowhere.close();
  });
});
