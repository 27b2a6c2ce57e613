/** `npm run test:model`: every state of the claim, commit and budget protocol within bounds; exit code 1 when one is wrong. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CommandSpec, type OptionValues, runCommand } from "../../../local/support/command-line";
import { bundle } from "../simulation/bundle";
import { type Explored, exploreAll } from "./all-scopes";
import { mutants } from "./mutants";

const SPEC: CommandSpec = {
  usage: "npm run test:model --",
  summary:
    "Every order in which processes, failures and time can come, within bounds, against what is promised.",
  options: {
    mutants: {
      type: "boolean",
      help: "put faults into the product and the protocol, and see that each is found",
    },
  },
};

async function main({ mutants: wantsMutants }: OptionValues): Promise<number> {
  return wantsMutants === true ? huntMutants() : all();
}

function all(): number {
  let failed = 0;
  let states = 0;
  for (const explored of exploreAll()) {
    console.log(describe(explored));
    states += explored.states;
    if (explored.counterexample !== undefined) failed += 1;
  }
  console.log(
    `${states.toLocaleString("en")} states: ${failed === 0 ? "every promise holds" : "a promise is broken"}`,
  );
  return failed === 0 ? 0 : 1;
}

function describe({ scope, seconds, counterexample, ...explored }: Explored): string {
  const say = (count: number) => count.toLocaleString("en");
  const { states, transitions, ends, depth } = explored;
  const figures = `${say(states)} states, ${say(transitions)} transitions, ${say(ends)} ends, depth ${depth}`;
  return [
    `${scope.name}: ${figures}, ${seconds.toFixed(1)} s`,
    ...(counterexample === undefined
      ? []
      : [`BROKEN: ${counterexample.problem}`, ...numbered(counterexample.way)]),
  ].join("\n");
}

function numbered(way: readonly string[]): readonly string[] {
  return way.map((name, index) => `  ${index + 1}. ${name}`);
}

async function huntMutants(): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), "model-"));
  let found = 0;
  try {
    for (const [index, mutant] of mutants.entries()) {
      const file = join(directory, `${index}.cjs`);
      await bundle(join(__dirname, "all-scopes.ts"), file, mutant);
      const mutated = require(file) as { readonly exploreAll: typeof exploreAll };
      const counterexample = [...mutated.exploreAll()].at(-1)?.counterexample;
      if (counterexample !== undefined) found += 1;
      console.log(`${mutant.name}: ${counterexample?.problem ?? "NOT FOUND"}`);
      for (const line of numbered(counterexample?.way ?? [])) console.log(line);
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  console.log(`${found} passed, ${mutants.length - found} failed (mutants that break a promise)`);
  return found === mutants.length ? 0 : 1;
}

runCommand(SPEC, main);
