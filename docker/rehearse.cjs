/**
 * Runs the ingester for two seconds where neither X nor Firehose answers, stops it as ECS does, and keeps the code that V8 has
 * compiled: all of a start, and the first requests. It ends as the run does.
 *
 *     node [the image's flags] docker/rehearse.cjs DIRECTORY    # with main.js (start.cjs), ingester.js and compile-cache/
 */
const { rmSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join, resolve } = require("node:path");
const v8 = require("node:v8");

const RUN_MS = 2_000;
const UNREACHABLE = "http://127.0.0.1:9";

const ledger = join(tmpdir(), `rehearsal-${process.pid}.json`);
const main = resolve(process.argv[2], "main.js");
process.argv.splice(1, 2, main, "run");
Object.assign(process.env, {
  X_BEARER_TOKEN: "rehearsal",
  X_API_URL: UNREACHABLE,
  SEARCH_QUERY: "rehearsal",
  MONTHLY_USD_LIMIT: "none",
  FIREHOSE_STREAM_NAME: "rehearsal",
  CHECKPOINT_FILE: ledger,
  HTTP_PORT: "0",
  AWS_REGION: "us-east-1",
  AWS_ENDPOINT_URL: UNREACHABLE,
  AWS_ACCESS_KEY_ID: "rehearsal",
  AWS_SECRET_ACCESS_KEY: "rehearsal",
  // A proxy of the build environment would answer these requests with an error of its own.
  no_proxy: "*",
});

// V8 compares flags: a start does not have those yet that a run sets later (ingester/src/runtime/garbage.ts).
v8.setFlagsFromString = () => undefined;
const { codeFile, script } = require(main);
setTimeout(() => process.kill(process.pid, "SIGTERM"), RUN_MS);
process.on("exit", (code) => {
  rmSync(ledger, { force: true });
  if (code !== 0) return;
  writeFileSync(codeFile, script.createCachedData());
});
