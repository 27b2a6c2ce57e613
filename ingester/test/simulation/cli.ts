/** `npm run test:simulation`: many worlds on simulated time, each of one seed; exit code 1 when a promise is broken. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { type CommandSpec, type OptionValues, runCommand } from "../../../local/support/command-line";
import { bundle } from "./bundle";
import { mutants } from "./mutants";
import { play } from "./play";
import { anyScenario, scenarioOf } from "./scenario";
import { playSeeds } from "./seeds";

const SPEC: CommandSpec = {
  usage: "npm run test:simulation --",
  summary:
    "Whole ingesters on simulated time, over a simulated X, Firehose and store, against what is promised.",
  options: {
    seeds: { type: "integer", placeholder: "N", min: 1, help: "how many worlds (default 1000)" },
    seed: {
      type: "integer",
      placeholder: "S",
      min: 1,
      help: "play this world alone, and print what happens in it",
    },
    first: { type: "integer", placeholder: "S", min: 1, help: "the first seed (default 1)" },
    fresh: { type: "boolean", help: "new worlds: the first seed is made from the time" },
    shrink: {
      type: "boolean",
      help: "with --seed: look for the smallest world that breaks the same promises",
    },
    mutants: { type: "boolean", help: "put faults into the product, and see that each is found" },
  },
};
/** A mutant has to be found within so many worlds. */
const MUTANT_SEEDS = 1_000;
const SHRINK_RUNS = 300;
const PLAYER = join(__dirname, "player.ts");

async function main(options: OptionValues): Promise<number> {
  const { seed, mutants: wantsMutants, shrink } = options;
  if (seed !== undefined) return shrink === true ? shrunk(Number(seed)) : one(Number(seed));
  const directory = mkdtempSync(join(tmpdir(), "simulation-"));
  try {
    return wantsMutants === true ? await huntMutants(directory) : await many(directory, options);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function many(directory: string, { seeds, first, fresh }: OptionValues): Promise<number> {
  const count = Number(seeds ?? 1_000);
  const from = fresh === true ? Math.floor(Date.now() / 1_000) : Number(first ?? 1);
  const player = join(directory, "player.cjs");
  await bundle(PLAYER, player);
  const started = performance.now();
  const seen = await playSeeds(player, { first: from, count }, ({ seed, breaches }) => {
    for (const breach of breaches) console.log(`seed ${seed}: ${breach}`);
    return false;
  });
  const seconds = (performance.now() - started) / 1_000;
  const broken = seen.filter(({ breaches }) => breaches.length > 0);
  const total = (of: "effects" | "processes") =>
    seen.reduce((sum, each) => sum + each[of], 0).toLocaleString("en");
  console.log(
    `${count.toLocaleString("en")} worlds (seeds ${from} to ${from + count - 1}), ${total("processes")} processes, ` +
      `${total("effects")} effects in ${seconds.toFixed(0)} s: ${Math.round((count * 60) / seconds)} worlds a minute`,
  );
  console.log(`${count - broken.length} passed, ${broken.length} failed`);
  const [worst] = broken;
  if (worst !== undefined)
    console.log(`Replay: ${SPEC.usage} --seed ${worst.seed}   (add --shrink for the smallest such world)`);
  return broken.length === 0 ? 0 : 1;
}

async function one(seed: number): Promise<number> {
  const scenario = scenarioOf(seed);
  const { world, breaches } = await play(scenario);
  console.log(fc.stringify(scenario));
  console.log(world.log.join("\n"));
  for (const breach of breaches) console.log(`BROKEN: ${breach}`);
  console.log(breaches.length === 0 ? "Every promise was kept." : `${breaches.length} promises were broken.`);
  return breaches.length === 0 ? 0 : 1;
}

async function shrunk(seed: number): Promise<number> {
  const property = fc.asyncProperty(anyScenario, async (scenario) => {
    const { breaches } = await play(scenario);
    if (breaches.length > 0) throw new Error(breaches.join("\n"));
  });
  const { failed, counterexample } = await fc.check(property, {
    seed,
    numRuns: 1,
    interruptAfterTimeLimit: SHRINK_RUNS * 1_000,
  });
  if (!failed || counterexample === null) {
    console.log("Every promise was kept.");
    return 0;
  }
  const [smallest] = counterexample;
  const { world, breaches } = await play(smallest);
  console.log(fc.stringify(smallest));
  console.log(world.log.join("\n"));
  for (const breach of breaches) console.log(`BROKEN: ${breach}`);
  return 1;
}

async function huntMutants(directory: string): Promise<number> {
  let found = 0;
  for (const mutant of mutants) {
    const player = join(directory, "player.cjs");
    await bundle(PLAYER, player, mutant);
    const seen = await playSeeds(
      player,
      { first: 1, count: MUTANT_SEEDS },
      ({ breaches }) => breaches.length > 0,
    );
    const [catching] = seen.filter(({ breaches }) => breaches.length > 0);
    if (catching !== undefined) found += 1;
    const verdict = catching ? `seed ${catching.seed}: ${catching.breaches[0]?.split("\n")[0]}` : "NOT FOUND";
    console.log(`${mutant.name}: ${verdict}`);
  }
  console.log(
    `${found} passed, ${mutants.length - found} failed (mutants found within ${MUTANT_SEEDS} seeds)`,
  );
  return found === mutants.length ? 0 : 1;
}

runCommand(SPEC, main);
