/**
 * The real Terraform with the real AWS provider, without AWS: the provider is prepared once on a machine, and
 * a stack that did not change is not planned twice.
 */
import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { answered, CACHE, environment, PROVIDER_VERSION } from "./terraform-answers";

const PROVIDERS = join(CACHE, `aws-${PROVIDER_VERSION}`);
/** Where the prepared provider lies, for `terraform init -plugin-dir`. */
export const PLUGIN_DIRECTORY = join(PROVIDERS, ".terraform/providers");
/** Enough for one download of the provider; a machine that cannot reach a registry says so much sooner. */
const PREPARE_TIMEOUT_MS = 180_000;

const run = promisify(execFile);
/** Runs Terraform; rejects with its own words, not only with its exit code. */
export async function terraform(directory: string, ...args: string[]): Promise<string> {
  const options = { cwd: directory, env: environment, maxBuffer: 64 * 1024 * 1024 };
  try {
    const { stdout } = await run("terraform", args, options);
    return stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`terraform ${args.join(" ")} failed:\n${stdout}\n${stderr}`, { cause: error });
  }
}

/** `terraform init` with the prepared provider: no download, no lock file kept between runs. */
export function init(directory: string): Promise<string> {
  return terraform(directory, "init", "-no-color", "-input=false", `-plugin-dir=${PLUGIN_DIRECTORY}`);
}

/** A new directory with these files. */
export function workspace(files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), "terraform-test-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(directory, name, ".."), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  return directory;
}

/**
 * `terraform init` and one command in a directory of these files. What Terraform said of the same files before is
 * not asked again.
 */
export function terraformIn(files: Readonly<Record<string, string>>, ...args: string[]): Promise<string> {
  return answered([...args, JSON.stringify(files)], async () => {
    const directory = workspace(files);
    try {
      await init(directory);
      return await terraform(directory, ...args);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
}

/** Jest's `describe` where Terraform and the provider can be had; elsewhere a skip, or a failure if required. */
export function describeWithTerraform(name: string, tests: () => void): void {
  const obstacle = prepareProvider();
  if (obstacle === undefined) {
    describe(name, tests);
  } else if (process.env.TERRAFORM_REQUIRED === "1") {
    it(`${name}: finds Terraform and its AWS provider`, () => {
      throw new Error(`TERRAFORM_REQUIRED=1, but ${obstacle}`);
    });
  } else {
    sayOnce("terraform", `Terraform tests skipped: ${obstacle}`);
    // Without the provider there is nothing to test with.
    describe.skip(name, tests);
  }
}

/** @returns why Terraform or the provider cannot be used, or undefined once the provider is prepared */
export function prepareProvider(): string | undefined {
  if (process.env.TERRAFORM_REQUIRED === "0") return "TERRAFORM_REQUIRED=0 is set.";
  if (existsSync(PROVIDERS))
    return obstacleOf(() => execFileSync("terraform", ["version"], { stdio: "pipe" }));
  return obstacleOf(() => {
    const requirement = { source: "hashicorp/aws", version: PROVIDER_VERSION };
    mkdirSync(CACHE, { recursive: true });
    const directory = mkdtempSync(join(CACHE, "preparing-"));
    try {
      writeFileSync(
        join(directory, "main.tf.json"),
        JSON.stringify({ terraform: { required_providers: { aws: requirement } } }),
      );
      execFileSync("terraform", ["init", "-no-color", "-input=false"], {
        cwd: directory,
        env: environment,
        stdio: "pipe",
        timeout: PREPARE_TIMEOUT_MS,
      });
      if (!existsSync(PROVIDERS)) renameSync(directory, PROVIDERS);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
}

function obstacleOf(attempt: () => void): string | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    const { code, stderr } = error as { code?: string; stderr?: Buffer };
    if (code === "ETIMEDOUT")
      return `the AWS provider ${PROVIDER_VERSION} cannot be installed: no answer within ${PREPARE_TIMEOUT_MS / 1_000} s.`;
    if (code === "ENOENT")
      return "terraform is not installed (https://developer.hashicorp.com/terraform/install).";
    const reason = String(stderr ?? error)
      .replace(/[\s│╷╵]+/g, " ")
      .trim();
    return `the AWS provider ${PROVIDER_VERSION} cannot be installed: ${reason.slice(0, 300)}`;
  }
}

/** Longer than a test run needs to find the same obstacle in every file, shorter than the pause to the next run. */
const ONE_RUN_MS = 10_000;

/** Several test files find the same obstacle, each in a process of its own: the first one says so. */
export function sayOnce(topic: string, line: string): void {
  const marker = join(tmpdir(), `${topic}-tests-skipped-${process.ppid}`);
  const said = existsSync(marker) && Date.now() - statSync(marker).mtimeMs < ONE_RUN_MS;
  if (said) return;
  writeFileSync(marker, "");
  process.stderr.write(`${line}\n`);
}
