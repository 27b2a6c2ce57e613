import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AWS_PROVIDER_RANGE } from "../../stacks/constructs/terraform/provider-range";
import { PARITY, REPOSITORY, runTypeScript } from "./cdk-terrain";
import { readSynthesized, type SynthesizedFiles } from "./synthesized-files";

const TWO_MINUTES = 120_000;

describe("the same sources with CDK Terrain", () => {
  let directory: string;
  let cdktf: SynthesizedFiles;
  let cdktn: SynthesizedFiles;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "parity-test-"));
    const [old, fork] = [join(directory, "cdktf"), join(directory, "cdktn")];
    await Promise.all([
      runTypeScript(["__tests__/helpers/every-stack.ts", old]),
      runTypeScript(["--tsconfig", "parity/tsconfig.json", "__tests__/helpers/every-stack.ts", fork]),
    ]);
    cdktf = readSynthesized(old);
    cdktn = readSynthesized(fork);
  }, TWO_MINUTES);
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it("are synthesized by either library, not by one of them twice", () => {
    expect(new Set(cdktf.versions)).toEqual(new Set([installed(REPOSITORY, "cdktf")]));
    expect(new Set(cdktn.versions)).toEqual(new Set([installed(PARITY, "cdktn")]));
  });

  it("give the same Terraform, stack by stack", () => {
    expect(Object.keys(cdktn.stacks).length).toBeGreaterThanOrEqual(24);
    expect(cdktn.stacks).toEqual(cdktf.stacks);
  });

  it("give the same files beside it, byte by byte", () => {
    expect(Object.keys(cdktn.assets)).toContainEqual(expect.stringMatching(/\/transform\.zip$/));
    expect(cdktn.assets).toEqual(cdktf.assets);
  });

  it(
    "give the same modules for HCL",
    async () => {
      const check = runTypeScript(["--tsconfig", "parity/tsconfig.json", "scripts/modules/cli.ts", "check"]);
      await expect(check).resolves.toBeUndefined();
    },
    TWO_MINUTES,
  );

  it("ask for the same provider, by its longer name", () => {
    expect(cdktf.requirements).toEqual(cdktf.requirements.map(() => requirement("aws")));
    expect(cdktn.requirements).toEqual(cdktn.requirements.map(() => requirement("hashicorp/aws")));
  });

  it(
    "compile against the typings of the newest provider, version 6",
    () => {
      const tsc = join(REPOSITORY, "node_modules/typescript/bin/tsc");
      const options = { cwd: REPOSITORY, encoding: "utf8", maxBuffer: 2 ** 26 } as const;
      const files = execFileSync(process.execPath, [tsc, "-p", "parity", "--listFiles"], options);

      expect(files).toContain("/parity/node_modules/@cdktn/provider-aws/lib/provider/");
      expect(files).not.toContain("/@cdktf/provider-aws/");
      expect(files).toContain("/main.ts");
      expect(installedPackage(PARITY, "@cdktn/provider-aws").cdktn?.provider.version).toMatch(/^6\./);
    },
    TWO_MINUTES,
  );
});

describe("parity/package-lock.json", () => {
  it("names no download address, so that any registry can serve it", () => {
    expect(readFileSync(join(PARITY, "package-lock.json"), "utf8")).not.toContain('"resolved"');
  });
});

function requirement(source: string) {
  return { source, version: AWS_PROVIDER_RANGE };
}

interface InstalledPackage {
  readonly version: string;
  /** What bindings were made from. */
  readonly cdktn?: { readonly provider: { readonly version: string } };
}

function installedPackage(root: string, name: string): InstalledPackage {
  return JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8"));
}

function installed(root: string, name: string): string {
  return installedPackage(root, name).version;
}
