import { DeliveredIds } from "../../delivered-ids";
import { balanceOf, faultsOf } from "../../run/stream/balance";
import { problemsOf, type StreamResult, summarizeStream } from "../../run/stream/story";
import { XSimulator } from "../../x-simulator/x-simulator";

const BALANCED = {
  ...{ streamed: 90, searched: 25, searchReads: 30, billed: 100, againInHoles: 15, againElsewhere: 0 },
  ...{ missing: 0, delivered: 100, duplicateLines: 0, unreadableLines: 0 },
};
const RESULT: StreamResult = {
  balance: BALANCED,
  ...{ written: 100, holes: 2, openHoles: 0, booked: 120, atRisk: 0, bucket: "bucket" },
  delivery: { objects: 3, objectBytes: 2_000 } as StreamResult["delivery"],
};

describe("the balance of a stream", () => {
  it("compares X's account with the bucket, and counts what was bought again in holes and elsewhere", async () => {
    const nowMs = Date.now();
    const x = new XSimulator({ segments: [{ count: 10, fromMs: nowMs - 10_000, toMs: nowMs }] });
    const { url } = await x.listen();
    const read = async () =>
      (
        await fetch(`${url}/2/tweets/search/recent?query=cats`, { headers: { authorization: "Bearer t" } })
      ).json();
    await read();
    await read();
    await x.close();
    const ids = [...x.billedIds()];
    const bucket = new DeliveredIds();
    for (const id of ids.slice(1)) bucket.add(id);
    bucket.add(ids[1] ?? 0n);
    const hole = { after: "0", through: String(ids[3]) };
    expect(balanceOf(x, bucket, [hole])).toMatchObject({
      ...{ streamed: 0, searched: 10, searchReads: 20, billed: 10, againInHoles: 4, againElsewhere: 6 },
      ...{ missing: 1, delivered: 9, duplicateLines: 1 },
    });
  });

  it("holds where every billed post is in the bucket once", () => {
    expect(faultsOf(BALANCED)).toEqual([]);
    expect(problemsOf(RESULT)).toEqual([]);
    expect(summarizeStream(RESULT).join("\n")).toMatch(/balanced: all 100 billed posts.*\n.*cost \$0\.50/);
  });

  it("holds for a run that was ended early, as far as the ledger has what is missing as at risk", () => {
    const early = { ...RESULT, written: undefined, holes: 0, openHoles: 2, atRisk: 2 };
    const lacking = (missing: number) => ({ ...early, balance: { ...BALANCED, missing } });
    expect(problemsOf(lacking(2))).toEqual([]);
    expect(summarizeStream(lacking(2)).join("\n")).toMatch(
      /Open {8}2 holes.*\n[\s\S]*98 of 100 billed posts/,
    );
    expect(problemsOf(lacking(3))).toEqual(["3 billed posts are NOT in the bucket"]);
  });

  it.each([
    ["missing", { balance: { ...BALANCED, missing: 2 } }, "2 billed posts are NOT in the bucket"],
    ["bought again", { balance: { ...BALANCED, againElsewhere: 1 } }, "BOUGHT AGAIN outside the holes"],
    ["duplicate", { balance: { ...BALANCED, duplicateLines: 1 } }, "DUPLICATES"],
    ["never read", { written: 101 }, "1 post that match the rules were NEVER read"],
    ["not booked", { booked: 119 }, "1 reads TOO FEW"],
  ])("does not hold where posts are %s", (_what, change, words) => {
    expect(problemsOf({ ...RESULT, ...change }).join()).toContain(words);
    expect(summarizeStream({ ...RESULT, ...change }).join("\n")).toContain(words);
  });
});
