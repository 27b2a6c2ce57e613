import { mkdtempSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeDirectory } from "../../src/runtime/directories";

const root = mkdtempSync(join(tmpdir(), "directories-"));

describe("makeDirectory", () => {
  it("creates a directory with its parents, and accepts one that exists", () => {
    const path = join(root, "a", "b", "c");
    makeDirectory(path);
    makeDirectory(path);
    expect(statSync(path).isDirectory()).toBe(true);
  });

  it("refuses a file in the place of a directory", () => {
    const file = join(root, "file");
    writeFileSync(file, "");
    expect(() => makeDirectory(file)).toThrow("EEXIST");
    expect(() => makeDirectory(join(file, "below"))).toThrow("ENOTDIR");
  });

  it("returns from file systems that refuse although the parent exists", () => {
    expect(() => makeDirectory("/proc/none/below")).toThrow("ENOENT");
  });
});
