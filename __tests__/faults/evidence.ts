/** What a broken scenario leaves to be looked at: some break once in a hundred runs, on one machine. */
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { World } from "../ingest/world";
import type { Verdict } from "./verdict";

const FOLDER = resolve(__dirname, "../../.local/faults");
/** Printed of each process: a gate's machine is gone when its output is read. */
const LINES_SHOWN = 20;
const CHARACTERS_SHOWN = 400;

/**
 * Keeps the processes' logs, X's account, the bucket and the ledger of a broken scenario.
 * @param ledger as the scenario reads it
 * @param parent of the scenario's folder; default `.local/faults/`
 * @returns the same, with the last lines of each process among its violations
 */
export async function withEvidence<Judged extends Verdict>(
  verdict: Judged,
  scenario: string,
  world: World,
  ledger: () => Promise<unknown>,
  parent = FOLDER,
): Promise<Judged> {
  if (verdict.violations.length === 0) return verdict;
  const folder = join(parent, scenario.replace(/[^\w.-]+/g, "-"));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  world.outputs.forEach(({ argv, stdout, stderr }, at) => {
    writeFileSync(join(folder, `process-${at + 1}.log`), [argv.join(" "), stdout, stderr].join("\n"));
  });
  writeJson(join(folder, "x.json"), await accountOf(world));
  writeJson(join(folder, "ledger.json"), (await ledger().catch(String)) ?? "none");
  cpSync(world.bucket, join(folder, "bucket"), { recursive: true });
  const shown = world.outputs.flatMap(({ argv, stdout, stderr }, at) => [
    `process ${at + 1}: ${argv.join(" ")}`,
    ...lastLines(stdout + stderr),
  ]);
  const violations = [...verdict.violations, `kept in ${folder}`, ...shown];
  return { ...verdict, violations };
}

async function accountOf(world: World): Promise<object> {
  const { x } = world;
  const delivered = await world.delivered();
  return {
    ...x.ledger.report(),
    billedNotDelivered: [...x.billedIds()].filter((id) => !delivered.has(id)).map(String),
    connections: x.stream.connections.list(),
  };
}

function writeJson(file: string, value: unknown): void {
  writeFileSync(file, `${JSON.stringify(value, undefined, 2)}\n`);
}

function lastLines(text: string): readonly string[] {
  const lines = text.trimEnd().split("\n").slice(-LINES_SHOWN);
  return lines.map((line) => `  ${line.slice(0, CHARACTERS_SHOWN)}`);
}
