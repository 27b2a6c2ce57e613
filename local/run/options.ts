import type { CommandSpec, OptionValues } from "../support/command-line";
import { UsageError } from "../support/usage-error";

/** Posts the simulator has by default. */
export const DEFAULT_POSTS = 2000;

/** Posts a live run may buy by default: 25 cents. */
const DEFAULT_LIVE_POSTS = 50;

/** X returns at least this many posts a page. */
const MIN_LIVE_POSTS = 10;

/** Where the local run keeps everything. */
const DEFAULT_DIRECTORY = ".local";

export const START_SPEC: CommandSpec = {
  usage: "npm start --",
  summary:
    "Runs the ingester end to end on this machine: X API (simulated, or real with --live) to objects in a local bucket.",
  options: {
    posts: {
      type: "integer",
      placeholder: "N",
      min: 1,
      help: `posts the simulator has (default ${DEFAULT_POSTS}, or as many as last time)`,
    },
    fresh: { type: "boolean", help: "forget earlier simulated runs: bucket, checkpoint and posts" },
    live: { type: "boolean", help: "read from the real X API; needs X_BEARER_TOKEN and costs money" },
    query: { type: "string", placeholder: "QUERY", help: "X search query (with --live, required)" },
    "max-posts": {
      type: "integer",
      placeholder: "N",
      min: MIN_LIVE_POSTS,
      help: `posts this run may buy (with --live, default ${DEFAULT_LIVE_POSTS})`,
    },
    stream: {
      type: "boolean",
      help: "listen to a simulated filtered stream for two minutes, with a disconnection that search repairs",
    },
    transform: { type: "boolean", help: "format posts on their way with the Lambda function's own bundle" },
    dir: {
      type: "string",
      placeholder: "DIR",
      help: `where everything is kept (default ${DEFAULT_DIRECTORY})`,
    },
    ingester: {
      type: "string",
      placeholder: "FILE",
      help: "ingester to run (default ingester/dist/main.js)",
    },
  },
  notes: [
    "Without options it needs no account, no token and no Docker. Run again, it reads only what is new.",
  ],
};

/** A run against the simulator. */
export interface SimulatedRun {
  readonly live: false;
  /** `undefined`: as many as last time. */
  readonly posts: number | undefined;
  readonly fresh: boolean;
}

/** A run against the real X. */
export interface LiveRun {
  readonly live: true;
  readonly query: string;
  readonly maxPosts: number;
  readonly token: string;
  /** X_API_URL as it is set; undefined: the ingester's own default. */
  readonly upstream: string | undefined;
}

/** What the user asked for. */
export type RunOptions = (SimulatedRun | LiveRun) & {
  readonly directory: string;
  readonly ingesterEntry: string;
  /** Whether Firehose formats posts on their way. */
  readonly transform: boolean;
};

/**
 * Makes sense of the options together.
 * @throws UsageError naming everything that does not fit, all at once.
 */
export function readRunOptions(options: OptionValues, env: NodeJS.ProcessEnv): RunOptions {
  const problems = options.live ? liveProblems(options, env) : simulatedProblems(options);
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  const places = placesOf(options);
  if (!options.live) {
    const posts = options.posts as number | undefined;
    return { live: false, posts, fresh: options.fresh === true, ...places };
  }
  return {
    live: true,
    query: String(options.query),
    maxPosts: Number(options["max-posts"] ?? DEFAULT_LIVE_POSTS),
    token: env.X_BEARER_TOKEN ?? "",
    upstream: env.X_API_URL,
    ...places,
  };
}

/** A run that listens to the simulator's filtered stream. */
export interface StreamRunOptions {
  readonly directory: string;
  readonly ingesterEntry: string;
  readonly transform: boolean;
}

/** @throws UsageError naming every option that has no meaning for a stream */
export function readStreamOptions(options: OptionValues): StreamRunOptions {
  const problems = ["live", "query", "posts", "max-posts", "fresh"]
    .filter((name) => options[name] !== undefined)
    .map((name) => `--${name} does not work with --stream: ${STREAM_CONFLICTS[name]}.`);
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  return placesOf(options);
}

const STREAM_CONFLICTS: Readonly<Record<string, string>> = {
  live: "the stream of the real X has no end and its bill none either; see docs/stream.md",
  query: "a stream has rules, and this one has its own",
  posts: "posts are made while it runs",
  "max-posts": "posts are made while it runs",
  fresh: "every such run starts anew",
};

function placesOf(options: OptionValues): StreamRunOptions {
  return {
    directory: String(options.dir ?? DEFAULT_DIRECTORY),
    ingesterEntry: String(options.ingester ?? "ingester/dist/main.js"),
    transform: options.transform === true,
  };
}

function simulatedProblems(options: OptionValues): string[] {
  return ["query", "max-posts"]
    .filter((name) => options[name] !== undefined)
    .map((name) => `--${name} works with --live only: the simulator finds its posts for every query.`);
}

function liveProblems(options: OptionValues, env: NodeJS.ProcessEnv): string[] {
  const problems = [
    env.X_BEARER_TOKEN
      ? undefined
      : "--live needs the environment variable X_BEARER_TOKEN: an app-only bearer token from https://console.x.com.",
    options.query ? undefined : "--live needs --query, for example --query 'open data lang:en'.",
    options.posts === undefined ? undefined : "--posts is for the simulator; with --live use --max-posts.",
    options.fresh
      ? "--fresh is for the simulator: live posts were paid for and are not deleted here."
      : undefined,
  ];
  return problems.filter((problem) => problem !== undefined);
}
