import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Shell lines by subcommand; what an engine does not name, it does in silence. */
export type FakeEngine = Readonly<Record<string, string>>;

/** Programs named like engines, alone on a PATH of their own, which write down how they were called. */
export interface FakeEngines {
  readonly path: string;
  readonly logFile: string;
  /** One line a call: name, subcommand, arguments; `stdin:` lines are what a call read. */
  calls(): readonly string[];
  remove(): void;
}

export function fakeEngines(engines: Readonly<Record<string, FakeEngine>>): FakeEngines {
  const path = mkdtempSync(join(tmpdir(), "fake-engines-"));
  const logFile = join(path, "calls.log");
  for (const [name, engine] of Object.entries(engines)) {
    writeFileSync(join(path, name), script(engine), { mode: 0o755 });
  }
  return {
    path,
    logFile,
    calls: () => (existsSync(logFile) ? readFileSync(logFile, "utf8").trim().split("\n") : []),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** An engine that answers, and does what a test configures. */
export const WORKING: FakeEngine = {
  info: "echo amd64",
  login: 'read -r line; echo "stdin: $line" >> "$ENGINE_LOG"',
};

/** Only what a shell has built in: nothing else is on the PATH. */
const HEAD = `#!/bin/sh
echo "\${0##*/} $*" >> "$ENGINE_LOG"
case "$1" in`;

function script(engine: FakeEngine): string {
  const cases = Object.entries(engine).map(([subcommand, line]) => `  ${subcommand}) ${line} ;;`);
  return [HEAD, ...cases, "esac", ""].join("\n");
}
