/** One process after the other, and two at once: SIGTERM at random moments, rivals, leases in DynamoDB. */
import { randomSequence } from "../../local/support/random";
import { randomMoment, until } from "./moments";
import type { Scenario } from "./scenario";
import type { Stage } from "./stage";

const SIGTERM_SEEDS = 16;
const DYNAMO_SIGTERM_SEEDS = 10;
const RIVAL_SEEDS = 10;
/** Each waits 30 s for the dead holder's lease to lapse. */
const DYNAMO_KILL_SEEDS = 6;

export function handOverScenarios(): readonly Scenario[] {
  return [
    ...seeds(SIGTERM_SEEDS, (seed) => terminated(seed, "file")),
    ...seeds(DYNAMO_SIGTERM_SEEDS, (seed) => terminated(seed, "dynamodb")),
    ...seeds(RIVAL_SEEDS, rivals),
    ...seeds(DYNAMO_KILL_SEEDS, killedWithLease),
  ];
}

/** Three processes get SIGTERM, each at some moment: nothing is read twice. */
function terminated(seed: number, checkpoint: "file" | "dynamodb"): Scenario {
  const random = randomSequence(2_000 + seed);
  const moments = [1, 2, 3].map(() => randomMoment(random, 3));
  return {
    name: `SIGTERM, checkpoint in ${checkpoint === "file" ? "a file" : "DynamoDB"}, seed ${label(seed)}`,
    x: { posts: 900, seed },
    limits: { posts: 800 },
    checkpoint,
    async play(stage) {
      for (const moment of moments) await terminate(stage, until(moment, stage.world));
      await stage.runUntilDone();
    },
  };
}

async function terminate(stage: Stage, moment: Promise<void>): Promise<void> {
  const before = stage.requests;
  const { child, finished } = stage.start();
  await Promise.race([moment, finished]);
  child.kill("SIGTERM");
  const { code } = await finished;
  // A process that is still being loaded has no ears yet, and nothing to lose.
  const tooYoung = child.signalCode === "SIGTERM" && stage.requests === before;
  stage.expect(code === 0 || tooYoung, `stops with exit code 0, not ${code}`);
}

/** After a kill, two processes start at once: one of them is turned away, whatever the dead one left behind. */
function rivals(seed: number): Scenario {
  const random = randomSequence(3_000 + seed);
  const moment = randomMoment(random, 6);
  return {
    name: `kill -9, then two processes at once, seed ${label(seed)}`,
    x: { posts: 800, seed },
    limits: { posts: 700 },
    async play(stage) {
      await stage.kill(stage.start(), until(moment, stage.world));
      const pair = [stage.start(), stage.start()];
      const codes = await Promise.all(pair.map(async ({ finished }) => (await finished).code));
      // Both can succeed: one after the other.
      stage.expect(codes.includes(0), `one of them works, exit codes ${codes.join(" and ")}`);
      stage.expect(
        codes.every((code) => code === 0 || code === 4),
        `the other is turned away with 4, exit codes ${codes.join(" and ")}`,
      );
      await stage.runUntilDone();
    },
  };
}

function killedWithLease(seed: number): Scenario {
  const moment = { ...randomMoment(randomSequence(4_000 + seed), 4), after: "firehose" as const };
  const count = Math.max(1, moment.count);
  return {
    name: `kill -9, checkpoint in DynamoDB, seed ${label(seed)}`,
    idle: true,
    x: { posts: 700, seed },
    limits: { posts: 600 },
    checkpoint: "dynamodb",
    async play(stage) {
      await stage.kill(stage.start(), until({ ...moment, count }, stage.world));
      await stage.runUntilDone();
    },
  };
}

function seeds(count: number, scenario: (seed: number) => Scenario): readonly Scenario[] {
  return Array.from({ length: count }, (_, index) => scenario(index + 1));
}

function label(seed: number): string {
  return String(seed).padStart(3, "0");
}
