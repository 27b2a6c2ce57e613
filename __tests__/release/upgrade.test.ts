/**
 * From each released state to this version: the ledger is read, what it owns is not bought again, old lines are lines
 * still, and every address exists or has moved. What this version would leave is such a state, too.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import Ajv2020 from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { parseLedger } from "../../ingester/src/ledger/document";
import { LEDGER_FORMAT, type Ledger } from "../../ingester/src/ledger/ledger";
import { TYPESCRIPT } from "../../local/test/helpers/typescript";
import schema from "../../schema/post-line.schema.json";
import { recordState, recordsFolder } from "../../scripts/release/record";

const ROOT = join(__dirname, "../..");
const RECORDS = recordsFolder(ROOT);
const RELEASED = existsSync(RECORDS) ? readdirSync(RECORDS) : [];
const THIS = "this version";
const NEWER = 60;

const ajv = new Ajv2020({ allowUnionTypes: true, allErrors: true });
addFormats(ajv);
const isLine = ajv.compile(schema);

const directory = mkdtempSync(join(tmpdir(), "upgrade-test-"));
beforeAll(() => recordState(ROOT, join(directory, THIS)), 60_000);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function recordOf(version: string): string {
  return join(version === THIS ? directory : RECORDS, version);
}

/** A copy of what a version has left, for the next one to go on with. */
function leftBy(version: string): string {
  const copy = mkdtempSync(join(directory, "run-"));
  cpSync(join(recordOf(version), "run"), copy, { recursive: true });
  return copy;
}

function argumentsFor(run: string, posts: number): readonly string[] {
  return [...TYPESCRIPT, "local/start.ts", "--dir", run, "--posts", String(posts)];
}

function start(run: string, posts: number): string {
  return execFileSync(process.execPath, argumentsFor(run, posts), { cwd: ROOT, encoding: "utf8" });
}

function ledgerIn(run: string): Ledger {
  const parsed = parseLedger(readFileSync(join(run, "checkpoint.json"), "utf8"));
  if (!("ledger" in parsed)) throw new Error(parsed.problem);
  return parsed.ledger;
}

function linesIn(run: string): readonly string[] {
  const files = readdirSync(join(run, "bucket"), { recursive: true, encoding: "utf8" });
  const objects = files
    .filter((file) => file.endsWith(".gz"))
    .map((file) => readFileSync(join(run, "bucket", file)));
  return objects.flatMap((object) => gunzipSync(object).toString("utf8").trim().split("\n"));
}

const postsOf = ({ budget }: Ledger) =>
  budget.spent.reduce((sum, { amounts }) => sum + (amounts.posts ?? 0), 0);

describe.each([...RELEASED, THIS])("an upgrade from %s", (version) => {
  it("goes on with the ledger: newer posts are bought, and none again", () => {
    const run = leftBy(version);
    const before = ledgerIn(run);
    const delivered = linesIn(run);
    const report = start(run, delivered.length + NEWER);

    expect(report).toContain("none read twice");
    const after = ledgerIn(run);
    expect(after.coverage.map(({ key }) => key)).toEqual(before.coverage.map(({ key }) => key));
    expect(after.coverage[0]?.owned.at(0)?.after).toBe(before.coverage[0]?.owned.at(0)?.after);
    expect(postsOf(after)).toBe(postsOf(before) + NEWER);
    expect(linesIn(run)).toEqual(expect.arrayContaining([...delivered]));
  });

  it("finds lines that its own description of a line allows", () => {
    const lines = linesIn(join(recordOf(version), "run"));
    expect(lines.length).toBeGreaterThan(100);
    expect(lines.filter((line) => !isLine(JSON.parse(line)))).toEqual([]);
  });

  it("has every address, or an address that it was moved to", () => {
    const read = (file: string) =>
      JSON.parse(readFileSync(file, "utf8")) as Record<string, readonly string[]>;
    const now = read(join(ROOT, "snapshots/addresses.json"));
    const missing = Object.entries(read(join(recordOf(version), "addresses.json"))).flatMap(
      ([stack, addresses]) => addresses.filter((address) => !now[stack]?.includes(address)),
    );
    expect(missing).toEqual([]);
  });
});

describe("a state of an unknown format", () => {
  it("is refused, and nothing is bought", () => {
    const run = leftBy(THIS);
    const file = join(run, "checkpoint.json");
    const ledger = JSON.parse(readFileSync(file, "utf8"));
    writeFileSync(file, JSON.stringify({ ...ledger, format: 99 }));
    const { status, stdout, stderr } = spawnSync(process.execPath, argumentsFor(run, 500), {
      cwd: ROOT,
      encoding: "utf8",
    });
    expect(status).toBe(2);
    expect(stdout + stderr).toContain(`its format must be ${LEDGER_FORMAT}, got 99`);
    expect(stdout).toContain("read 0 of ");
  });
});
