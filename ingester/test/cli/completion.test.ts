/** Completion scripts in the real shells; bash is everywhere, the others are used where they are installed. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { COMMAND_NAMES, SHELLS } from "../../src/cli/command";
import { completionFor } from "../../src/cli/completion";
import { COMMANDS, COMMON } from "../../src/cli/spec";

/** What bash offers for a command line whose last word is being typed. */
function offered(...words: readonly string[]): readonly string[] {
  const line = ["ingester", ...words].map((word) => `'${word}'`).join(" ");
  const script = `${completionFor("bash")}
COMP_WORDS=(${line}); COMP_CWORD=${words.length}; _ingester; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["-c", script], { encoding: "utf8" }).split("\n").filter(Boolean);
}

describe("completion", () => {
  it("offers every command, and after a command what that command takes", () => {
    expect(offered("")).toEqual(expect.arrayContaining([...COMMAND_NAMES]));
    for (const name of ["backfill", "budget"] as const) {
      const options = [...COMMANDS[name].options, ...COMMON].map((option) => `--${option}`);
      expect([...offered(name, "--")].sort()).toEqual(options.sort());
    }
    expect(offered("rules", "")).toEqual(expect.arrayContaining(["plan", "sync", "list"]));
    expect(offered("cov")).toEqual(["coverage"]);
    expect(offered("help", "est")).toEqual(["estimate"]);
  });

  it("offers files where an option takes one, and nothing where only the user knows the value", () => {
    expect(offered("run", "--dotenv", "package.js")).toEqual(["package.json"]);
    expect(offered("run", "--max-posts", "")).toEqual([]);
  });

  it.each(SHELLS)("is a script that %s can parse", (shell) => {
    const file = join(mkdtempSync(join(tmpdir(), "completion-")), shell);
    writeFileSync(file, completionFor(shell));
    const { error, status, stderr } = spawnSync(shell, ["-n", file], { encoding: "utf8" });
    if (error !== undefined && shell !== "bash") {
      process.stderr.write(`Skipped: completion in ${shell} (not installed).\n`);
      return;
    }
    expect([status, stderr]).toEqual([0, ""]);
  });
});
