import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { TYPESCRIPT } from "../../local/test/helpers/typescript";
import { synthesizedStacks } from "../../scripts/review/program";
import type { TerraformJson } from "../../scripts/review/terraform-json";

const REPOSITORY = join(__dirname, "../..");
const run = promisify(execFile);

/** What `npm run synth` uses. */
export const TSX: readonly string[] = [join(REPOSITORY, "node_modules/tsx/dist/cli.mjs")];

/** A copy of the program with its own environment files. */
export class Program {
  readonly directory = mkdtempSync(join(tmpdir(), "synth-test-"));

  constructor() {
    cpSync(join(REPOSITORY, "main.ts"), join(this.directory, "main.ts"));
    cpSync(join(REPOSITORY, "environments"), join(this.directory, "environments"), { recursive: true });
    for (const name of ["stacks", "schema", "node_modules", "tsconfig.json", "tsconfig.synth.json"]) {
      symlinkSync(join(REPOSITORY, name), join(this.directory, name));
    }
  }

  /** Replaces text in a file, which must be there. */
  edit(file: string, from: string, to: string): void {
    const path = join(this.directory, file);
    const text = readFileSync(path, "utf8");
    if (!text.includes(from)) throw new Error(`${file} does not contain ${from}`);
    writeFileSync(path, text.replace(from, to));
  }

  /** The stacks of the changed program, as a review reads them. */
  stacks(): Promise<Map<string, TerraformJson>> {
    return synthesizedStacks(this.directory, TYPESCRIPT);
  }

  /** @param runner arguments for Node to run TypeScript with */
  async synth(runner = TYPESCRIPT): Promise<{ exitCode: number; stderr: string }> {
    try {
      const { stderr } = await run(process.execPath, [...runner, "main.ts"], { cwd: this.directory });
      return { exitCode: 0, stderr };
    } catch (error) {
      const { code, stderr } = error as { code: number; stderr: string };
      return { exitCode: code, stderr };
    }
  }

  /** Every written file with its text, by path. */
  output(): Map<string, string> {
    const root = join(this.directory, "cdktf.out");
    if (!existsSync(root)) return new Map();
    const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const paths = files.map((file) => join(file.parentPath ?? file.path, file.name)).sort();
    return new Map(paths.map((path) => [relative(root, path), readFileSync(path, "utf8")]));
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
