import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError } from "../../src/loop/errors";
import { loadEnvFile } from "../../src/runtime/env-file";

const directory = mkdtempSync(join(tmpdir(), "env-file-"));

describe("a file of variables", () => {
  it.each(["/none/.env", directory, "/dev/full"])("says so when %s cannot be read", (path) => {
    expect(() => loadEnvFile(path)).toThrow(ConfigError);
    expect(() => loadEnvFile(path)).toThrow(`--dotenv ${path} cannot be read: `);
  });
});
