/** `npm run bench`: the ingester beside a bare loop and the article's loop, on the same posts, in one run. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { type CommandSpec, type OptionValues, runCommand } from "../../local/support/command-line";
import { imageNodeVersion, type NodeRelease, nodeRelease } from "../../local/support/node-release";
import { type Contestant, contestants } from "./contestants";
import { imageStart } from "./image-start";
import { writeLines } from "./lines";
import { runUnpaced } from "./loopback";
import { type Measurement, measure } from "./measure";
import { header, row, startLine, streamRows } from "./report";
import { startServers } from "./servers";
import { measureStart } from "./start";
import { compareStreams } from "./stream/compare";
import { playHour } from "./stream/hour";

const SPEC: CommandSpec = {
  usage: "npm run bench --",
  summary:
    "Measures the ingester beside a bare PutRecordBatch loop and the article's loop, on the same posts.",
  options: {
    stream: { type: "boolean", help: "only the stream, beside twitter-api-v2's own reader" },
    "stream-hour": {
      type: "integer",
      placeholder: "MINUTES",
      min: 1,
      max: 60,
      help: "only memory in so many minutes of the stream at 250 posts/s, on simulated time",
    },
    quick: { type: "boolean", help: "1,000 and 10,000 posts only" },
    runs: { type: "string", placeholder: "N", help: "runs of each, of which the median counts (default 3)" },
  },
};

const SIZES = [1_000, 10_000, 100_000, 1_000_000];
/** From ten times X's highest rate on; the next one only while the last was kept up with. */
const STREAM_RATES = [2_500, 5_000, 10_000, 20_000, 40_000];
const STREAM_SECONDS = 8;
const QUICK_SIZES = [1_000, 10_000];
/** A million posts take minutes, and vary little. */
const LARGEST_REPEATED = 100_000;

async function main({ quick, runs, stream, "stream-hour": minutes }: OptionValues): Promise<number> {
  // Before the loopback of our own, which leads to no registry.
  const nodes = nodesToMeasure();
  const status = runUnpaced();
  if (status !== undefined) return status;
  const directory = mkdtempSync(join(tmpdir(), "ingester-bench-"));
  try {
    if (minutes !== undefined) {
      await playHour({ minutes: Number(minutes), directory, report: (line) => console.log(line) });
      return 0;
    }
    const compiled = await compileClients(directory);
    const [shipped] = nodes;
    console.log(`On Node ${nodes.map(({ version }) => version).join(", beside Node ")}`);
    if (stream === true) {
      for (const rate of quick === true ? STREAM_RATES.slice(0, 1) : STREAM_RATES) {
        const rows = await compareStreams({
          posts: rate * STREAM_SECONDS,
          rate,
          node: shipped.path,
          compiled,
          directory,
        });
        console.log(streamRows(rows));
        if (!rows.every(({ keptUp }) => keptUp)) break;
      }
      return 0;
    }
    const image = imageStart(join(directory, "app"), shipped);
    const all = contestants({ compiled, nodes, image });
    for (const posts of quick === true ? QUICK_SIZES : SIZES) {
      const repetitions = posts > LARGEST_REPEATED ? 1 : Number(runs ?? 3);
      await measureAll(all, { posts, repetitions, directory });
    }
    console.log(startLine(await measureStart(directory, shipped, image)));
    return 0;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** What the image ships, then the machine's own, where it is another. */
function nodesToMeasure(): readonly [NodeRelease, ...NodeRelease[]] {
  const shipped = nodeRelease(imageNodeVersion());
  const own = nodeRelease(process.versions.node);
  return shipped.path === own.path ? [own] : [shipped, own];
}

/** Bundled as the ingester is, so that loading modules is no part of the comparison. */
async function compileClients(directory: string): Promise<string> {
  const outdir = join(directory, "clients");
  const entryPoints = ["bare-loop", "article-loop", "stream-counter"].map((name) =>
    resolve(__dirname, `clients/${name}.ts`),
  );
  await build({ entryPoints, outdir, bundle: true, platform: "node", target: "node20", format: "cjs" });
  return outdir;
}

interface Plan {
  readonly posts: number;
  readonly repetitions: number;
  readonly directory: string;
}

async function measureAll(
  all: readonly Contestant[],
  { posts, repetitions, directory }: Plan,
): Promise<void> {
  const servers = await startServers(posts, join(directory, "bucket"));
  console.log(header(posts));
  try {
    const linesFile = await writeLines(servers.xUrl, { posts, directory });
    const taking = all.filter(({ maxPosts = posts }) => posts <= maxPosts);
    const measurements = new Map<Contestant, Measurement[]>(taking.map((contestant) => [contestant, []]));
    // In turn, since a machine is faster and slower by the minute.
    for (let run = 0; run < repetitions; run += 1) {
      for (const [contestant, ofOne] of measurements) {
        ofOne.push(await measure(contestant, { servers, posts, linesFile, directory }));
      }
    }
    for (const ofOne of measurements.values()) console.log(row(ofOne));
  } finally {
    await servers.stop();
  }
}

void runCommand(SPEC, main);
