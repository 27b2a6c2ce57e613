import { formatCount, plural } from "../run/format";
import { type CommandSpec, type OptionValues, runCommand, untilAskedToStop } from "../support/command-line";
import { UsageError } from "../support/usage-error";
import type { MatchingOption } from "./query/matching";
import type { Segment } from "./timeline";
import type { VocabularyOption } from "./vocabulary";
import { RECENT_DAYS } from "./window";
import { XSimulator } from "./x-simulator";

/** The first of each is the default. */
const VOCABULARIES: readonly VocabularyOption[] = ["both", "post", "tweet"];
const MATCHINGS: readonly MatchingOption[] = ["all", "query", "x"];
const HOUR_MS = 3_600_000;
const MINUTES_AHEAD = RECENT_DAYS * 24 * 60;

const SPEC: CommandSpec = {
  usage: "npm run local:x --",
  summary:
    "An X API v2 simulator: search, counts, usage and the filtered stream over seeded posts, with a ledger of what X would bill.",
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
    "read-ahead": { type: "boolean", help: "make the next page while the client handles this one" },
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
    matching: {
      type: "string",
      placeholder: "all|query|x",
      help: "how queries and rules select posts (default all)",
    },
    rule: { type: "string", placeholder: "TEXT", help: "a rule of the stream from the start" },
    "rule-lag-seconds": { type: "number", placeholder: "N", help: "until changed rules act (default 0)" },
    "heartbeat-seconds": {
      type: "number",
      placeholder: "N",
      min: 0.001,
      help: "between empty lines of the stream (default 20)",
    },
    "delivery-seconds": {
      type: "number",
      placeholder: "N",
      help: "posts reach the stream up to this late, out of order (default 0)",
    },
    "late-share": {
      type: "number",
      placeholder: "N",
      max: 1,
      help: "share of posts that search finds later (default 0)",
    },
    "late-seconds": { type: "number", placeholder: "N", help: "how much later (default 60)" },
    "repost-share": {
      type: "number",
      placeholder: "N",
      max: 1,
      help: "share of reposts, which only the stream sends (default 0)",
    },
    "ghost-seconds": {
      type: "number",
      placeholder: "N",
      help: "how long ended streams still count (default 0)",
    },
    connections: { type: "integer", placeholder: "N", min: 1, help: "streams at a time (default 1)" },
    "invalid-token": {
      type: "string",
      placeholder: "TOKEN",
      help: 'a bearer token to refuse (default "invalid")',
    },
  },
  notes: [
    "What X would bill: GET /__simulator/ledger, GET /__simulator/ledger/ids.",
    'Faults: POST /__simulator/faults {"queue":[{"kind":"usage-cap"}]}. Newer posts: POST /__simulator/posts {"count":100}.',
    'The stream: POST /__simulator/stream/faults (next connections), POST /__simulator/stream/inject {"queue":[{"kind":"silence"}]} (open ones).',
  ],
};

async function main(options: OptionValues): Promise<number> {
  const simulator = createSimulator(options, Date.now());
  addRule(simulator, options.rule);
  const stopped = untilAskedToStop();
  const { url } = await simulator.listen(Number(options.port ?? 0), options.host as string | undefined);
  process.stdout.write(`X simulator listening on ${url}\n`);
  await stopped;
  await simulator.close();
  const { posts, distinctPosts } = simulator.ledger.report();
  process.stdout.write(
    `Stopped: ${plural(posts, "post")} returned, ${formatCount(distinctPosts)} of them different\n`,
  );
  return 0;
}

function addRule(simulator: XSimulator, rule: OptionValues[string]): void {
  if (rule === undefined) return;
  const [problem] = simulator.stream.rules.add([{ value: String(rule) }]).problems;
  if (problem) throw new UsageError(`--rule is none X could read: ${problem.details ?? problem.title}.`);
}

function choice<Choice extends string>(
  options: OptionValues,
  name: string,
  allowed: readonly Choice[],
): Choice {
  const given = options[name];
  const found = given === undefined ? allowed[0] : allowed.find((each) => each === given);
  if (found !== undefined) return found;
  throw new UsageError(`--${name} must be one of ${allowed.join(", ")}, got ${JSON.stringify(given)}.`);
}

function createSimulator(options: OptionValues, nowMs: number): XSimulator {
  const milliseconds = (name: string, fallback: number): number => Number(options[name] ?? fallback) * 1000;
  return new XSimulator({
    seed: Number(options.seed ?? 1),
    segments: segmentsOf(options, nowMs),
    vocabulary: choice(options, "vocabulary", VOCABULARIES),
    matching: choice(options, "matching", MATCHINGS),
    rateLimits: options["no-rate-limits"] ? "off" : {},
    readsAhead: options["read-ahead"] === true,
    indexingLagMs: milliseconds("indexing-lag-seconds", 0),
    tokenLifetimeMs: milliseconds("token-seconds", Number.POSITIVE_INFINITY),
    lateIndexing: { share: Number(options["late-share"] ?? 0), lagMs: milliseconds("late-seconds", 60) },
    repostShare: Number(options["repost-share"] ?? 0),
    deliveryDelay: { minMs: 0, maxMs: milliseconds("delivery-seconds", 0) },
    heartbeatMs: milliseconds("heartbeat-seconds", 20),
    ruleLagMs: milliseconds("rule-lag-seconds", 0),
    ghostMs: milliseconds("ghost-seconds", 0),
    maxConnections: Number(options.connections ?? 1),
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
