/** `npm run test:faults`: every scenario, one line each; exit code 1 when a promise is broken. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDynamo } from "../../ingester/test/store/helpers/dynamo";
import { type CommandSpec, type OptionValues, runCommand } from "../../local/support/command-line";
import { BUNDLE, layOutAsImage } from "../../local/support/image-layout";
import type { Environment } from "../ingest/world";
import type { Played, Surroundings } from "./play";
import { type Act, allActs } from "./scenarios";

const SPEC: CommandSpec = {
  usage: "npm run test:faults --",
  summary:
    "The fault matrix: the real ingester process, killed and given wrong answers, against what it promises.",
  options: {
    seeds: {
      type: "integer",
      placeholder: "N",
      min: 1,
      help: "seeds of kill -9 (default 210), and of streams with either store (default 6)",
    },
    only: { type: "string", placeholder: "TEXT", help: "play only scenarios whose name holds this" },
    bundle: {
      type: "string",
      placeholder: "FILE",
      help: "another ingester, as one file (default: the one that was built)",
    },
    parallel: {
      type: "integer",
      placeholder: "N",
      min: 1,
      max: 64,
      help: "busy processes at a time (default 2)",
    },
  },
};

/** Scenarios that mostly wait, at a time. */
const IDLE_PARALLEL = 10;
/** Streams at a time: their time runs fast, so that they wait less. */
const STREAM_PARALLEL = 12;
/** Of 200 that can be played: as many as a gate has time for. */
const STREAM_SEEDS = 4;

async function main(options: OptionValues): Promise<number> {
  const only = String(options.only ?? "");
  const { seeds } = options;
  const acts = allActs({ kills: Number(seeds ?? 210), streams: Number(seeds ?? STREAM_SEEDS) }).filter(
    ({ name }) => name.includes(only),
  );
  const { surroundings, close } = await surround(String(options.bundle ?? BUNDLE));
  const results: Played[] = [];
  const started = performance.now();
  const perform = async (act: Act) => {
    const played = await act.perform(surroundings);
    results.push(played);
    process.stdout.write(`${inFull(played)}\n`);
  };
  const widths = { busy: Number(options.parallel ?? 2), idle: IDLE_PARALLEL, stream: STREAM_PARALLEL };
  await Promise.all(
    Object.entries(widths).map(([pool, width]) =>
      inParallel(
        acts.filter((act) => act.pool === pool),
        width,
        perform,
      ),
    ),
  );
  close();
  const broken = results.filter(({ violations }) => violations.length > 0);
  // Once more at the end, where a long log is read first.
  const ends = [...broken.map(inFull), summary(results, broken.length, performance.now() - started)];
  process.stdout.write(`${ends.join("\n")}\n`);
  return results.length > 0 && broken.length === 0 ? 0 : 1;
}

// The matrix itself reads ledgers in DynamoDB: any credentials do.
process.env.AWS_ACCESS_KEY_ID = "local";
process.env.AWS_SECRET_ACCESS_KEY = "local";

/** The ingester as the image starts it, which takes a third less CPU, and one DynamoDB for all. */
async function surround(
  original: string,
): Promise<{ readonly surroundings: Surroundings; readonly close: () => void }> {
  const directory = mkdtempSync(join(tmpdir(), "ingester-faults-"));
  const { main: bundle, rehearsal } = layOutAsImage(directory, original);
  // Without the compiled code of one that fails, starts take longer, no more.
  spawnSync(process.execPath, rehearsal);
  const dynamo = await startDynamo();
  let tables = 0;
  const dynamodb = async (): Promise<Environment> => {
    tables += 1;
    const table = `checkpoints-${tables}`;
    await dynamo.createTable(table);
    const endpoint = String(dynamo.client.endpoint);
    return { CHECKPOINT_FILE: undefined, CHECKPOINT_TABLE: table, AWS_ENDPOINT_URL_DYNAMODB: endpoint };
  };
  const close = () => {
    dynamo.close();
    rmSync(directory, { recursive: true, force: true });
  };
  return { surroundings: { bundle, dynamodb }, close };
}

async function inParallel<Item>(
  items: readonly Item[],
  width: number,
  action: (item: Item) => Promise<void>,
): Promise<void> {
  const left = [...items];
  const work = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await action(item);
  };
  await Promise.all(Array.from({ length: width }, work));
}

function inFull({ line, violations }: Played): string {
  return [line, ...violations].join("\n        ");
}

function summary(results: readonly Played[], broken: number, ms: number): string {
  const kills = results.reduce((sum, played) => sum + played.kills, 0);
  const count = (test: (played: Played) => boolean) => results.filter(test).length;
  return (
    `${results.length} scenarios, ${broken} broken, in ${Math.round(ms / 1_000)} s. ` +
    `${kills} processes were killed, in ${count((played) => played.kills > 0)} scenarios; ` +
    `${count(({ reRead }) => reRead > 0)} scenarios had to read a page again, ` +
    `${count(({ duplicates }) => duplicates > 0)} wrote lines twice.`
  );
}

void runCommand(SPEC, main);
