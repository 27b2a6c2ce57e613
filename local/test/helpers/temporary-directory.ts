import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Makes a directory for one test file and removes it when its tests are over. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "local-test-"));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
