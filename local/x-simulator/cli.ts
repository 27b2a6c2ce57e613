import { type CommandSpec, type OptionValues, runCommand, untilAskedToStop } from "../support/command-line";
import { UsageError } from "../support/usage-error";
import type { Segment } from "./timeline";
import type { VocabularyOption } from "./vocabulary";
import { RECENT_DAYS } from "./window";
import { XSimulator } from "./x-simulator";

const VOCABULARIES: readonly string[] = ["post", "tweet", "both"] satisfies VocabularyOption[];
const HOUR_MS = 3_600_000;
const MINUTES_AHEAD = RECENT_DAYS * 24 * 60;

const SPEC: CommandSpec = {
  usage: "npm run local:x --",
  summary:
    "An X API v2 simulator: search, counts and usage over seeded posts, with a ledger of what X would bill.",
  options: {
    port: {
      type: "integer",
      placeholder: "N",
      max: 65535,
      help: "port to listen on (default 0: any free one)",
    },
    host: { type: "string", placeholder: "ADDRESS", help: "address to bind (default 127.0.0.1)" },
    posts: { type: "integer", placeholder: "N", help: "posts written before the start (default 2000)" },
    hours: {
      type: "number",
      placeholder: "N",
      min: 0.001,
      max: RECENT_DAYS * 24,
      help: "over how many hours they are spread (default 24)",
    },
    "posts-per-minute": { type: "integer", placeholder: "N", help: "posts written from now on (default 0)" },
    seed: { type: "integer", placeholder: "N", max: 2 ** 31, help: "decides ids and contents (default 1)" },
    vocabulary: { type: "string", placeholder: "post|tweet|both", help: "words understood (default both)" },
    "no-rate-limits": { type: "boolean", help: "never answer 429" },
    "indexing-lag-seconds": {
      type: "number",
      placeholder: "N",
      help: "age at which posts are found (default 0)",
    },
    "token-seconds": {
      type: "number",
      placeholder: "N",
      help: "how long pagination tokens work (default: always)",
    },
    "invalid-token": {
      type: "string",
      placeholder: "TOKEN",
      help: 'a bearer token to refuse (default "invalid")',
    },
  },
  notes: [
    "What X would bill: GET /__simulator/ledger, GET /__simulator/ledger/ids.",
    'Faults: POST /__simulator/faults {"queue":[{"kind":"usage-cap"}]}. Newer posts: POST /__simulator/posts {"count":100}.',
  ],
};

async function main(options: OptionValues): Promise<number> {
  const simulator = createSimulator(options, Date.now());
  const stopped = untilAskedToStop();
  const { url } = await simulator.listen(Number(options.port ?? 0), options.host as string | undefined);
  process.stdout.write(`X simulator listening on ${url}\n`);
  await stopped;
  await simulator.close();
  const { posts, distinctPosts } = simulator.ledger.report();
  process.stdout.write(`Stopped: ${posts} posts returned, ${distinctPosts} of them different\n`);
  return 0;
}

function createSimulator(options: OptionValues, nowMs: number): XSimulator {
  const vocabulary = String(options.vocabulary ?? "both");
  if (!VOCABULARIES.includes(vocabulary)) {
    throw new UsageError(
      `--vocabulary must be one of ${VOCABULARIES.join(", ")}, got ${JSON.stringify(vocabulary)}.`,
    );
  }
  return new XSimulator({
    seed: Number(options.seed ?? 1),
    segments: segmentsOf(options, nowMs),
    vocabulary: vocabulary as VocabularyOption,
    rateLimits: options["no-rate-limits"] ? "off" : {},
    indexingLagMs: Number(options["indexing-lag-seconds"] ?? 0) * 1000,
    tokenLifetimeMs: Number(options["token-seconds"] ?? Number.POSITIVE_INFINITY) * 1000,
    invalidTokens: [String(options["invalid-token"] ?? "invalid")],
  });
}

/** Posts of the past, and of the coming days: these become visible when their time comes. */
function segmentsOf(options: OptionValues, nowMs: number): Segment[] {
  const past = Number(options.posts ?? 2000);
  const perMinute = Number(options["posts-per-minute"] ?? 0);
  const segments = [
    { count: past, fromMs: nowMs - Number(options.hours ?? 24) * HOUR_MS, toMs: nowMs },
    { count: perMinute * MINUTES_AHEAD, fromMs: nowMs, toMs: nowMs + MINUTES_AHEAD * 60_000 },
  ];
  return segments.filter(({ count }) => count > 0);
}

void runCommand(SPEC, main);
