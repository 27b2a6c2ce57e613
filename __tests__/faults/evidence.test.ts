import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { World } from "../ingest/world";
import { withEvidence } from "./evidence";

const NAME = "stream: suspended for 18 s, DynamoDB";
const BROKEN = { line: `BROKEN  ${NAME}`, violations: ["7 billed posts are not in the bucket"] };
const ledger = () => Promise.reject(new Error("no such table"));

let parent: string;
let world: World;
beforeEach(async () => {
  parent = mkdtempSync(join(tmpdir(), "evidence-"));
  world = await World.create({ posts: 20 });
});
afterEach(async () => {
  await world.close();
  rmSync(parent, { recursive: true });
});

describe("the evidence of a scenario", () => {
  it("that is broken holds what each process wrote, X's account, the bucket and the ledger", async () => {
    await world.run();
    await world.run({ SEARCH_QUERY: undefined });

    const { line, violations } = await withEvidence(BROKEN, NAME, world, ledger, parent);
    const folder = join(parent, "stream-suspended-for-18-s-DynamoDB");
    const read = (name: string) => readFileSync(join(folder, name), "utf8");
    expect(line).toBe(BROKEN.line);
    expect(violations.slice(0, 3)).toEqual([...BROKEN.violations, `kept in ${folder}`, "process 1: run"]);
    expect(violations.join("\n")).toMatch(
      /caught_up.*process 2: run\n {2}ingester: SEARCH_QUERY is missing/s,
    );
    expect(read("process-1.log")).toContain('"event":"caught_up"');
    expect(JSON.parse(read("x.json"))).toMatchObject({ billedPosts: 20, billedNotDelivered: [] });
    expect(JSON.parse(read("ledger.json"))).toBe("Error: no such table");
    expect(readdirSync(join(folder, "bucket"))).toContain("tweets");
  });

  it("that kept its promises is nothing", async () => {
    const verdict = { line: "ok", violations: [] };
    expect(await withEvidence(verdict, NAME, world, ledger, parent)).toBe(verdict);
    expect(readdirSync(parent)).toEqual([]);
  });
});
