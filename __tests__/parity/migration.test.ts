import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PARITY, REPOSITORY, runTypeScript } from "./cdk-terrain";
import { readSynthesized } from "./synthesized-files";

/** Whatever imports CDKTF, and what that needs. */
const SOURCES = [
  "main.ts",
  "environments",
  "stacks",
  "schema",
  "scripts",
  "examples",
  "__tests__",
  "tsconfig.json",
  "tsconfig.synth.json",
  "biome.json",
];
const TWO_MINUTES = 120_000;
const guide = readFileSync(join(REPOSITORY, "docs/cdk-terrain.md"), "utf8");
const [rename = "", install = "", ...more] = shellLines("## Two commands");

describe("docs/cdk-terrain.md", () => {
  it("gives the move as two commands", () => {
    expect(more).toEqual([]);
    expect(rename).toMatch(/^git grep /);
    expect(install).toMatch(/^npm uninstall .* npm install /);
  });

  it("installs the versions that parity is tested with, of the libraries and of their command line", () => {
    const { devDependencies } = JSON.parse(readFileSync(join(PARITY, "package.json"), "utf8"));
    const named = install.matchAll(/(\S+)@(\d+\.\d+\.\d+)/g);
    const versions = Object.fromEntries([...named].map(([, name, version]) => [name, version]));

    expect(versions).toEqual({ ...devDependencies, "cdktn-cli": devDependencies.cdktn });
  });

  it("removes every library of CDKTF", () => {
    const { devDependencies } = JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8"));
    const [removed = ""] = /(?<=npm uninstall ).*?(?= &&)/.exec(install) ?? [];

    expect(removed.split(" ").sort()).toEqual(
      Object.keys(devDependencies)
        .filter((name) => name.includes("cdktf"))
        .sort(),
    );
  });
});

describe("a copy of the project after the first command", () => {
  let copy: string;
  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), "migration-test-"));
    copySources(copy);
    execFileSync("sh", ["-c", rename], { cwd: copy });
    linkLibraries(copy);
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it("mentions CDKTF in no import", () => {
    const imports = execFileSync("git", ["grep", "-hE", "^(import|} from)|require\\("], { cwd: copy });

    expect(imports.toString()).toContain("@cdktn/provider-aws/lib/");
    expect(imports.toString()).not.toMatch(/"@?cdktf/);
  });

  it(
    "compiles",
    () => {
      const program = { extends: "./tsconfig.json", include: ["main.ts"] };
      writeFileSync(join(copy, "program.json"), JSON.stringify(program));
      const tsc = join(REPOSITORY, "node_modules/typescript/bin/tsc");
      expect(execFileSync(process.execPath, [tsc, "-p", "program.json"], { cwd: copy }).toString()).toBe("");
    },
    TWO_MINUTES,
  );

  it(
    "synthesizes the same Terraform as the project itself",
    async () => {
      const [here, there] = [join(copy, "here"), join(copy, "there")];
      await Promise.all([
        runTypeScript(["main.ts"], { env: { ...process.env, CDKTF_OUTDIR: here } }),
        runTypeScript(["main.ts"], { cwd: copy, env: { ...process.env, CDKTF_OUTDIR: there } }),
      ]);

      const migrated = readSynthesized(there);
      expect(Object.keys(migrated.stacks)).toHaveLength(9);
      expect(migrated.stacks).toEqual(readSynthesized(here).stacks);
    },
    TWO_MINUTES,
  );
});

/** Lines of the first shell block below a heading. */
function shellLines(heading: string): string[] {
  const [, block = ""] = /```sh\n(.*?)\n```/s.exec(guide.slice(guide.indexOf(heading))) ?? [];
  return block.split("\n").filter(Boolean);
}

/** In a repository of its own: the first command asks Git which files there are. */
function copySources(copy: string): void {
  for (const name of SOURCES) cpSync(join(REPOSITORY, name), join(copy, name), { recursive: true });
  execFileSync("git", ["init", "--quiet"], { cwd: copy });
  execFileSync("git", ["add", "--all"], { cwd: copy });
}

/** Stands for the second command, which takes minutes and a registry: the same libraries, linked. */
function linkLibraries(copy: string): void {
  mkdirSync(join(copy, "node_modules"));
  const installed = {
    from: join(REPOSITORY, "node_modules"),
    names: readdirSync(join(REPOSITORY, "node_modules")),
  };
  const gone = ["@cdktf", "cdktf", "cdktf-cli", "constructs"];
  for (const name of installed.names.filter((each) => !gone.includes(each))) {
    symlinkSync(join(installed.from, name), join(copy, "node_modules", name));
  }
  for (const name of ["@cdktn", "cdktn", "constructs"]) {
    symlinkSync(join(PARITY, "node_modules", name), join(copy, "node_modules", name));
  }
}
