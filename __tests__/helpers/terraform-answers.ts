/** What Terraform answered to the same question before, kept on disk for every test file and every run. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** The low end of the supported range: what it accepts, the whole range accepts. */
export const PROVIDER_VERSION = "5.100.0";
export const CACHE = join(__dirname, "../../node_modules/.cache/terraform-tests");
const POLL_MS = 200;

export const environment = {
  ...process.env,
  CHECKPOINT_DISABLE: "1",
  TF_IN_AUTOMATION: "1",
  AWS_EC2_METADATA_DISABLED: "true",
};
/** Part of every key of the cache. */
let terraformVersion: string | undefined;

/**
 * The kept answer for the same inputs, or a new one. While another test file asks the same, its answer is awaited:
 * jest runs files in processes of their own, and one plan takes both cores for many seconds.
 */
export async function answered(inputs: readonly string[], ask: () => Promise<string>): Promise<string> {
  terraformVersion ??= execFileSync("terraform", ["version"], { env: environment, encoding: "utf8" });
  const parts = [terraformVersion, PROVIDER_VERSION, ...inputs];
  const key = createHash("sha256").update(parts.join("\0")).digest("hex");
  const file = join(CACHE, `${key}.json`);
  const lock = join(CACHE, `${key}.lock`);
  mkdirSync(CACHE, { recursive: true });
  while (!existsSync(file)) {
    if (isTaken(lock)) await sleep(POLL_MS);
    else await answerInto(file, lock, ask);
  }
  return readFileSync(file, "utf8");
}

async function answerInto(file: string, lock: string, ask: () => Promise<string>): Promise<void> {
  try {
    const part = `${file}.${process.pid}`;
    writeFileSync(part, await ask());
    renameSync(part, file);
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Takes the lock if it is free, or if the process that took it has died. */
function isTaken(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  if (!isAlive(lock)) rmSync(lock, { force: true });
  return true;
}

function isAlive(lock: string): boolean {
  try {
    const pid = Number(readFileSync(lock, "utf8"));
    // Between its creation and its first byte, a lock has no pid yet.
    return pid === 0 || process.kill(pid, 0);
  } catch {
    return false;
  }
}
