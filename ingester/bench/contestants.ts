/** Who is measured: each a command that moves the simulator's posts, or as many ready lines, into Firehose. */
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import type { NodeRelease } from "../../local/support/node-release";
import { type ImageStart, plainProgram } from "./image-start";

export interface Contestant {
  readonly name: string;
  readonly command: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
  /** Larger numbers of posts would take too long, and show nothing new. @default - none */
  readonly maxPosts?: number;
  /** Reads from X; the bare loop does not. */
  readonly reads: boolean;
}

export const INGESTER = "ingester";
export const BARE_LOOP = "bare PutRecordBatch loop";
export const ARTICLE_PYTHON = "article's loop, Python";
export const ARTICLE_TYPESCRIPT = "article's loop, TypeScript";

/** Debian's interpreter, which has Debian's packages; another one is used where it has both libraries. */
const PYTHONS = ["python3", "/usr/bin/python3"];
const ARTICLE_MAX_POSTS = 100_000;

export interface ContestantsProps {
  /** Directory of the clients, bundled as the ingester is. */
  readonly compiled: string;
  /** The image's first. */
  readonly nodes: readonly [NodeRelease, ...NodeRelease[]];
  readonly image: ImageStart;
}

export function contestants({ compiled, nodes, image }: ContestantsProps): readonly Contestant[] {
  const [shipped, ...others] = nodes;
  const { program, environment } = image;
  const node = measured(shipped);
  // Code is kept compiled for the others too, from their first run on; Node 20 keeps none.
  const { NODE_COMPILE_CACHE } = environment;
  const python = findPython();
  return [
    { name: INGESTER, command: [...node, ...program, "run"], environment, reads: true },
    ...others.map((other) => ({
      name: `${INGESTER}, on Node ${other.version}`,
      command: [...measured(other), ...plainProgram(), "run"],
      environment,
      reads: true,
    })),
    {
      name: BARE_LOOP,
      command: [...node, resolve(compiled, "bare-loop.js")],
      environment: { NODE_COMPILE_CACHE, BENCH_LINES_PER_RECORD: "1", BENCH_RECORDS_PER_BATCH: "500" },
      reads: false,
    },
    {
      name: "bare loop, packed, a page a call",
      command: [...node, resolve(compiled, "bare-loop.js")],
      environment: { NODE_COMPILE_CACHE, BENCH_LINES_PER_RECORD: "100", BENCH_RECORDS_PER_BATCH: "1" },
      reads: false,
    },
    ...(python === undefined
      ? []
      : [
          {
            name: ARTICLE_PYTHON,
            command: [python, resolve(__dirname, "clients/article_loop.py")],
            maxPosts: ARTICLE_MAX_POSTS,
            reads: true,
          },
        ]),
    {
      name: ARTICLE_TYPESCRIPT,
      command: [...node, resolve(compiled, "article-loop.js")],
      environment: { NODE_COMPILE_CACHE },
      maxPosts: ARTICLE_MAX_POSTS,
      reads: true,
    },
  ];
}

function measured({ path }: NodeRelease): readonly string[] {
  return [path, "--require", resolve(__dirname, "usage.cjs")];
}

function findPython(): string | undefined {
  return PYTHONS.find((python) => spawnSync(python, ["-c", "import boto3, tweepy"]).status === 0);
}
