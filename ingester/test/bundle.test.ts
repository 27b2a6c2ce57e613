import { execFileSync } from "node:child_process";
import { closeSync, fstatSync, mkdtempSync, openSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

describe("a build", () => {
  const directory = mkdtempSync(join(tmpdir(), "ingester-build-"));
  const build = () => execFileSync(process.execPath, [join(__dirname, "../build.mjs"), directory]);
  afterAll(() => rmSync(directory, { recursive: true }));

  it("replaces the bundles and does not write into them: an ingester that starts meanwhile reads all of one", () => {
    build();
    const before = ["main.js", "bucket.js"].map((name) => openSync(join(directory, name), "r"));
    build();

    expect(before.map((file) => fstatSync(file).nlink)).toEqual([0, 0]);
    expect(readdirSync(directory)).toEqual(["bucket.js", "main.js"]);
    for (const file of before) closeSync(file);
  });
});
