import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError } from "../../src/loop/errors";
import { loadEnvFile } from "../../src/runtime/env-file";

const directory = mkdtempSync(join(tmpdir(), "env-file-"));

/** Node reads such files itself from 20.12 on. */
const READS_FILES = typeof process.loadEnvFile === "function";

describe("a file of variables", () => {
  it.each(["/none/.env", directory, "/dev/full"])("says so when %s cannot be read", (path) => {
    expect(() => loadEnvFile(path)).toThrow(ConfigError);
    const reason = READS_FILES ? `--dotenv ${path} cannot be read: ` : "--dotenv needs Node 20.12";
    expect(() => loadEnvFile(path)).toThrow(reason);
  });
});
