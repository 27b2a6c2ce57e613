import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { readDeliveredIds } from "../delivered-ids";
import { firehoseClient, recordsOf } from "./helpers/firehose-client";
import { Command } from "./helpers/processes";
import { StreamClient } from "./helpers/stream-client";
import { temporaryDirectory } from "./helpers/temporary-directory";
import { searchRecent } from "./helpers/x-client";

const X = "local/x-simulator/cli.ts";
const FIREHOSE = "local/firehose/cli.ts";
const START = "local/start.ts";
const directory = temporaryDirectory();
const LISTENING = /listening on (http:\S+)\n/;

async function putTwo(url: string): Promise<void> {
  const client = firehoseClient(url);
  const Records = recordsOf('{"id":"1"}\n', '{"id":"2"}\n');
  await client.send(new PutRecordBatchCommand({ DeliveryStreamName: "tweet_stream", Records }));
  client.destroy();
}

describe("npm run local:x", () => {
  it.each(["SIGTERM", "SIGINT"] as const)("serves until %s, then exits 0", async (signal) => {
    const command = Command.asNpmRuns(X, ["--posts", "40", "--seed", "3"]);
    const url = await command.says(LISTENING);
    expect((await searchRecent(url, { max_results: 30 })).body.data).toHaveLength(30);
    expect(await command.stop(signal)).toBe(0);
    expect(command.stdout).toContain("30 posts returned");
  });
});

describe("npm run local:x with a stream", () => {
  it("streams newer posts to one client, ends the stream when it is asked to stop, and exits 0", async () => {
    const command = new Command(X, ["--posts", "5", "--rule", "cats", "--heartbeat-seconds", "0.05"]);
    const url = await command.says(LISTENING);
    const client = await StreamClient.connect(url);
    await client.until(() => client.text.includes("\r\n"));
    await fetch(`${url}/__simulator/posts`, { method: "POST", body: '{"count":3}' });
    await client.received(3);
    expect((await StreamClient.connect(url)).status).toBe(429);
    expect(await command.stop()).toBe(0);
    await client.ended();
    expect(client.ending).toBe("end");
    expect(command.stdout).toContain("3 posts returned");
  });
});

describe("npm run local:firehose", () => {
  it("delivers what it has taken when it is asked to stop", async () => {
    const bucket = join(directory, "stopped");
    const command = Command.asNpmRuns(FIREHOSE, ["--bucket", bucket]);
    await putTwo(await command.says(LISTENING));
    expect(await command.stop()).toBe(0);
    expect(await readDeliveredIds(bucket)).toMatchObject({ total: 2, distinct: 2 });
  });

  it("delivers after kill -9 what it had acknowledged, once", async () => {
    const bucket = join(directory, "killed");
    const killed = new Command(FIREHOSE, ["--bucket", bucket]);
    await putTwo(await killed.says(LISTENING));
    expect(await killed.stop("SIGKILL")).toBe("SIGKILL");
    expect(await readDeliveredIds(bucket)).toMatchObject({ total: 0 });
    const next = new Command(FIREHOSE, ["--bucket", bucket]);
    await next.says(LISTENING);
    expect(await next.stop()).toBe(0);
    expect(await readDeliveredIds(bucket)).toMatchObject({ total: 2, distinct: 2 });
  });
});

describe("output that cannot be written", () => {
  it.each([
    [X, []],
    [FIREHOSE, ["--bucket", join(directory, "full")]],
    [START, ["--dir", join(directory, "full-start"), "--posts", "20"]],
    [START, ["--help"]],
  ])("ends %s %j with a message and exit code 1 on a full device", async (script, args) => {
    const full = openSync("/dev/full", "w");
    const command = new Command(script, args, {}, full);
    expect(await command.ended).toBe(1);
    expect(command.stderr).toMatch(/^stopped: stdout cannot be written \(ENOSPC/);
    expect(command.stderr).not.toMatch(/^\s+at /m);
    closeSync(full);
  });
});

describe("a wrong command line", () => {
  let x: Command;
  let takenPort = "";

  beforeAll(async () => {
    x = new Command(X, ["--posts", "1"]);
    takenPort = new URL(await x.says(LISTENING)).port;
  });
  afterAll(() => x.stop());

  it.each<[string, string, () => readonly string[], string]>([
    ["a port beyond 65535", X, () => ["--port", "70000"], 'a whole number from 0 to 65535, got "70000".'],
    ["a port that is taken", X, () => ["--port", takenPort], "is already in use. Choose another with --port"],
    ["an unknown vocabulary", X, () => ["--vocabulary", "toot"], "must be one of both, post, tweet"],
    ["an unknown matching", X, () => ["--matching", "magic"], "must be one of all, query, x"],
    ["a rule that X could not read", X, () => ["--rule", "cats ("], "--rule is none X could read"],
    ["no bucket", FIREHOSE, () => [], "--bucket is missing"],
    ["a buffer of 129 MiB", FIREHOSE, () => ["--bucket", directory, "--buffer-mib", "129"], "from 1 to 128"],
    [
      "an unknown prefix expression",
      FIREHOSE,
      () => ["--bucket", directory, "--prefix", "!{x}"],
      "!{x} is not",
    ],
    [
      "a number that is not plain decimal",
      X,
      () => ["--posts", "1e3"],
      'a whole number of at least 0, got "1e3"',
    ],
    ["a hexadecimal port", X, () => ["--port", "0x10"], 'got "0x10"'],
    ["a bucket that is a device", FIREHOSE, () => ["--bucket", "/dev/full"], "--bucket must be a directory"],
    [
      "a bucket that cannot be made",
      FIREHOSE,
      () => ["--bucket", "/proc/none/x"],
      "--bucket must be a directory",
    ],
    [
      "a directory that cannot be made",
      START,
      () => ["--dir", "/proc/none/x"],
      "Name another place with --dir",
    ],
    ["a live run without a token", START, () => ["--live", "--query", "cats"], "X_BEARER_TOKEN"],
    ["an ingester that is not built", START, () => ["--ingester", "missing.js"], "npm run build"],
  ])("(%s) says so without a stack trace and exits 2", async (_, script, args, message) => {
    const command = new Command(script, args());
    expect(await command.ended).toBe(2);
    expect(command.stderr).toContain(message);
    expect(command.stderr).not.toMatch(/^\s+at /m);
    expect(command.stdout).toBe("");
  });
});
