import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { TerraformJson } from "./terraform-json";

const run = promisify(execFile);

/** The program refused to synthesize; the message is its own, meant for a person. */
export class SynthError extends Error {
  override readonly name = "SynthError";
}

/** Arguments for Node to run TypeScript with. */
const TSX: readonly string[] = [require.resolve("tsx/cli")];

/**
 * Runs the program in a directory as `npm run synth` does, its output in a temporary place.
 *
 * @param runner arguments for Node to run TypeScript with
 * @returns every stack by name, in the order of the names
 * @throws SynthError with what the program said
 */
export async function synthesizedStacks(
  directory: string,
  runner = TSX,
): Promise<Map<string, TerraformJson>> {
  const output = mkdtempSync(join(tmpdir(), "synth-review-"));
  try {
    await synthesize(directory, output, runner);
    const stacks = join(output, "stacks");
    const names = readdirSync(stacks).sort();
    return new Map(
      names.map((name) => [name, JSON.parse(readFileSync(join(stacks, name, "cdk.tf.json"), "utf8"))]),
    );
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

async function synthesize(directory: string, output: string, runner: readonly string[]): Promise<void> {
  const env = { ...process.env, CDKTF_OUTDIR: output };
  try {
    await run(process.execPath, [...runner, "main.ts"], { cwd: directory, env });
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw new SynthError(stderr?.trim() || String(error), { cause: error });
  }
}
