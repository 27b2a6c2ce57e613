import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lostAddresses, type PinnedAddresses, pinnedWith } from "./addresses";
import { reviewable } from "./reviewable";
import type { TerraformJson } from "./terraform-json";

type Stacks = ReadonlyMap<string, TerraformJson>;

const ADDRESSES = "addresses.json";
const REFRESH = "Run `npm run synth:snapshot`, look at the difference, and commit it.";

/** Why a folder of snapshots does not stand for these stacks: sentences, none when it does. */
export function snapshotProblems(folder: string, stacks: Stacks): string[] {
  const expected = filesOf(folder, stacks);
  const present = filesIn(folder);
  const stale = [...expected].filter(([name, text]) => textOf(folder, name) !== text);
  const left = present.filter((name) => !expected.has(name));
  return [
    ...lost(folder, stacks),
    ...stale.map(([name]) => `${name} ${present.includes(name) ? "is stale" : "is missing"}. ${REFRESH}`),
    ...left.map((name) => `${name} belongs to no stack. ${REFRESH}`),
  ];
}

/** Makes the folder stand for these stacks. Addresses that were lost stay pinned, and a problem. */
export function writeSnapshots(folder: string, stacks: Stacks): void {
  const expected = filesOf(folder, stacks);
  mkdirSync(folder, { recursive: true });
  for (const name of filesIn(folder)) if (!expected.has(name)) rmSync(join(folder, name));
  for (const [name, text] of expected) writeFileSync(join(folder, name), text);
}

function filesOf(folder: string, stacks: Stacks): Map<string, string> {
  const pins = pinnedWith(pinnedIn(folder), stacks);
  return new Map([
    [ADDRESSES, `${JSON.stringify(pins, undefined, 2)}\n`],
    ...[...stacks].map(([name, stack]) => [`${name}.json`, reviewable(stack)] as const),
  ]);
}

function lost(folder: string, stacks: Stacks): string[] {
  return lostAddresses(pinnedIn(folder), stacks).map(
    ({ stack, address }) =>
      `${stack} lost ${address}: Terraform would destroy what state files keep there. Give the address back, add ` +
      `\`moveFromId("${address}")\` to what took its place, or, if it is meant to be destroyed, delete its line ` +
      `in ${ADDRESSES}.`,
  );
}

function pinnedIn(folder: string): PinnedAddresses {
  return JSON.parse(textOf(folder, ADDRESSES) ?? "{}");
}

function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

function textOf(folder: string, name: string): string | undefined {
  const path = join(folder, name);
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
