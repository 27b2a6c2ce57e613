import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { TSX, TYPESCRIPT } from "../../local/test/helpers/typescript";

const ROOT = join(__dirname, "../..");
const CLI = join(ROOT, "scripts/release/cli.ts");
const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };

/** What other tests read meanwhile. */
const READ = [
  "package.json",
  "ingester/dist/main.js",
  "transform/dist/transform.zip",
  "dist/stacks/ingestion/ingestion.js",
];

let directory: string;
let output: string;
let writtenBefore: readonly number[];

const writtenAt = () => READ.map((file) => statSync(join(ROOT, file)).mtimeMs);

function release(args: readonly string[], runner = TYPESCRIPT) {
  return promisify(execFile)(process.execPath, [...runner, CLI, ...args], { cwd: ROOT });
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "release-test-"));
  const out = join(directory, "files");
  writtenBefore = writtenAt();
  ({ stdout: output } = await release(["--dry-run", "--no-images", "--out", out], TSX));
}, 120_000);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe("npm run release -- --dry-run", () => {
  it("prints each file with its checksum, which SHA256SUMS repeats", () => {
    const lines = readFileSync(join(directory, "files/SHA256SUMS"), "utf8").trim().split("\n");
    expect(lines.map((line) => line.split("  ")[1])).toEqual([
      `tweets-to-s3-${version}.tgz`,
      `modules-${version}.tar.gz`,
      `ingester-${version}.cdx.json`,
      "notes.md",
    ]);
    for (const line of lines) {
      const [sum = "", name = ""] = line.split("  ");
      const content = readFileSync(join(directory, "files", name));
      expect(createHash("sha256").update(content).digest("hex")).toBe(sum);
      expect(output).toContain(name);
      expect(output).toContain(sum.slice(0, 12));
    }
  });

  it("lists what the ingester's bundle is made of, under the version of the release", () => {
    const parts = JSON.parse(readFileSync(join(directory, `files/ingester-${version}.cdx.json`), "utf8"));
    const names = parts.components.map(({ purl }: { purl: string }) => purl.replace(/^pkg:npm\//, ""));
    expect(names).toContain(`%40tweets/ingester@${version}`);
    expect(names).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/client-firehose@\d/),
        expect.stringMatching(/^twitter-api-v2@\d/),
      ]),
    );
    expect(names.filter((name: string) => /^(jest|cdktf|esbuild)@/.test(name))).toEqual([]);
  });

  it("packs what is built, and writes nothing beside its own files", () => {
    const packed = execFileSync("tar", ["-tzf", join(directory, `files/tweets-to-s3-${version}.tgz`)]);
    expect(packed.toString()).toContain("package/dist/stacks/ingestion/ingestion.js\n");
    expect(packed.toString()).toContain("package/transform/dist/transform.zip\n");
    expect(writtenAt()).toEqual(writtenBefore);
  });

  it("says what it left out", () => {
    expect(output).toMatch(/^Left out {2}images: /m);
  });
});

describe("npm run release -- --tag", () => {
  it("refuses what is not tagged so, and writes nothing", async () => {
    const refused = release(["--tag", "v99.0.0", "--out", join(directory, "refused")]);
    await expect(refused).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`package.json's version asks for "v${version}"`),
    });
  });

  it.each([[[]], [["--dry-run", "--tag", "v1.0.0"]]])("wants either a tag or a dry run: %j", async (args) => {
    await expect(release(args)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining("one of --dry-run, --record and --tag TAG"),
    });
  });
});
