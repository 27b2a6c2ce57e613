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

const REPOSITORY = join(__dirname, "../..");
const EXAMPLES = join(REPOSITORY, "examples");
const TSC = join(REPOSITORY, "node_modules/typescript/bin/tsc");

/** What `cdktf init --template=typescript` copies. */
const CDKTF_TEMPLATE = join(REPOSITORY, "node_modules/cdktf-cli/bundle/templates/typescript");
/** TypeScript 5, which cdktf's tools bring: 7 has dropped the classic resolution. */
const OLDER_TSC = require.resolve("typescript/bin/tsc", { paths: [require.resolve("jsii/package.json")] });

/** Names of all examples. */
export const exampleNames = readdirSync(EXAMPLES).sort();

/** As a stranger's project would have it: strict, and with Node's own way to find packages. */
const TSCONFIG = {
  compilerOptions: {
    target: "es2022",
    module: "nodenext",
    moduleResolution: "nodenext",
    strict: true,
    skipLibCheck: true,
    types: ["node"],
    rootDir: "examples",
    outDir: "out",
  },
  include: ["examples"],
};

/** A project of its own, outside the repository, with the packed package installed and the examples for sources. */
export class Consumer {
  readonly directory = mkdtempSync(join(tmpdir(), "consumer-test-"));
  /** Paths in the tarball. */
  readonly packed: readonly string[];

  constructor() {
    this.packed = this.installPackage();
    for (const name of readdirSync(join(REPOSITORY, "node_modules"))) {
      symlinkSync(join(REPOSITORY, "node_modules", name), join(this.directory, "node_modules", name));
    }
    cpSync(EXAMPLES, join(this.directory, "examples"), { recursive: true });
    writeFileSync(join(this.directory, "tsconfig.json"), JSON.stringify(TSCONFIG));
  }

  /** `npm pack` of what `npm test` has built: other tests run it meanwhile. */
  private installPackage(): readonly string[] {
    const pack = ["pack", "--ignore-scripts", "--json", `--pack-destination=${this.directory}`];
    const [tarball] = Object.values<Tarball>(
      JSON.parse(execFileSync("npm", pack, { cwd: REPOSITORY, stdio: "pipe" }).toString()),
    );
    if (!tarball) throw new Error("npm pack made no tarball");
    const target = join(this.directory, "node_modules/tweets-to-s3");
    mkdirSync(target, { recursive: true });
    execFileSync("tar", [
      "-xzf",
      join(this.directory, tarball.filename),
      "-C",
      target,
      "--strip-components=1",
    ]);
    return tarball.files.map(({ path }) => path);
  }

  /** @throws with the compiler's words when an example does not compile */
  compile(): void {
    this.run(TSC);
  }

  /**
   * Compiles the examples as a project of `cdktf init --template=typescript` does: CommonJS, Node's old way to find
   * packages, and a TypeScript that still knows it.
   * @throws with the compiler's words when an example does not compile
   */
  compileAsInitialized(): void {
    cpSync(join(CDKTF_TEMPLATE, "tsconfig.json"), join(this.directory, "tsconfig.cdktf.json"));
    this.run(
      OLDER_TSC,
      "--project",
      "tsconfig.cdktf.json",
      "--outDir",
      "out-cdktf",
      "--incremental",
      "false",
    );
  }

  private run(compiler: string, ...args: string[]): void {
    try {
      execFileSync(process.execPath, [compiler, ...args], { cwd: this.directory, stdio: "pipe" });
    } catch (error) {
      throw new Error(String((error as { stdout: Buffer }).stdout), { cause: error });
    }
  }

  /** Runs a compiled example on plain Node. @returns its stack's JSON */
  synthesize(example: string): string {
    execFileSync(process.execPath, [join("out", example, "main.js")], { cwd: this.directory, stdio: "pipe" });
    return readFileSync(join(this.directory, "cdktf.out/stacks", example, "cdk.tf.json"), "utf8");
  }

  /** The package.json that is installed. */
  get manifest(): string {
    return readFileSync(join(this.directory, "node_modules/tweets-to-s3/package.json"), "utf8");
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

interface Tarball {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}
