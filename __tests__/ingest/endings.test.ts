import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readFileSync, unlinkSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { BUNDLE, type Environment, type Finished, type Running, until, World } from "./world";

/** Every way in which the surroundings of the ingester can end before it does. */
let world: World;
const SERVICE: Environment = { RUN_ONCE: "false" };

beforeEach(async () => {
  world = await World.create({ posts: 500 });
});

afterEach(() => world.close());

const billed = () => world.x.ledger.report().posts;

function write(count: number): void {
  const fromMs = Math.max(Date.now(), world.x.timeline.endMs);
  world.x.timeline.add({ count, fromMs, toMs: fromMs + 1 });
}

/** What was bought is delivered and written down: a second run buys the rest alone. */
async function expectNothingLost(): Promise<void> {
  expect(await world.lost()).toBe(0);
  expect((await world.run()).code).toBe(0);
  expect(world.x.ledger.report()).toMatchObject({ posts: world.x.timeline.size, repeatedPosts: 0 });
}

/** At most one line, and no stack trace. */
function expectFewWords({ stderr }: Pick<Finished, "stderr">, words?: RegExp): void {
  expect(stderr).toMatch(words ?? /^$/);
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  expect(stderr).not.toMatch(/^\s+at .+:\d+:\d+/m);
}

/** Holds delivery up, so that a process whose stop was requested does not end at once. */
function holdDelivery(): void {
  world.firehose.faults.schedule({ seed: 1, share: 1, faults: [{ kind: "service-unavailable" }] });
}

describe("a ledger file that is deleted", () => {
  it("ends a process that waits for its next poll, and is not begun anew", async () => {
    const { finished } = world.start({ ...SERVICE, SEARCH_POLL_SECONDS: "60" });
    const path = String(world.environment().CHECKPOINT_FILE);
    await until(() => billed() === 500 && !readFileSync(path, "utf8").includes('"reservations":[{'));
    unlinkSync(path);
    const result = await finished;
    expect(result.code).toBe(2);
    expect(result.stderr).toContain("The ledger is gone, or an older one is in its place");
    expect([existsSync(path), billed()]).toEqual([false, 500]);
  });
});

describe("a shell that goes away", () => {
  it("stops the ingester cleanly", async () => {
    const { child, finished } = world.start(SERVICE);
    await until(() => billed() >= 200);
    child.kill("SIGHUP");
    const result = await finished;
    expect(result.code).toBe(0);
    expect(result.events.at(-1)).toMatchObject({ event: "stopped" });
    expectFewWords(result);
    await expectNothingLost();
  });

  it("takes its pipes along, and still all that was bought is delivered", async () => {
    const { child, finished } = world.start(SERVICE);
    await until(() => billed() >= 200);
    child.stdout?.destroy();
    child.stderr?.destroy();
    child.kill("SIGHUP");
    expect((await finished).code).toBe(0);
    await expectNothingLost();
  });

  it("takes a terminal along, and the exit code still shows a clean end", async () => {
    const codeFile = `${world.environment().CHECKPOINT_FILE}.code`;
    // The shell in between outlives the hangup, and leaves it to the ingester what to do about it.
    const command = `trap : HUP; '${process.execPath}' '${BUNDLE}' run; echo $? > '${codeFile}'`;
    const terminal = spawn("script", ["-qec", `sh -c "${command.replaceAll("$", "\\$")}"`, "/dev/null"], {
      env: world.environment(SERVICE),
      stdio: ["ignore", "pipe", "inherit"],
    });
    await until(() => billed() >= 200);
    terminal.kill("SIGKILL");
    await until(() => existsSync(codeFile) && readFileSync(codeFile, "utf8") !== "");
    expect(readFileSync(codeFile, "utf8")).toBe("0\n");
    await expectNothingLost();
  });

  it("sends SIGTERM and SIGHUP one after the other, which is no second request", async () => {
    holdDelivery();
    const { child, finished } = world.start(SERVICE);
    await until(() => billed() > 0);
    for (const signal of ["SIGTERM", "SIGHUP", "SIGHUP"] as const) child.kill(signal);
    await delay(200);
    world.firehose.faults.clear();
    expect((await finished).code).toBe(0);
    await expectNothingLost();
  });

  it("does not end an ingester that nohup has started", async () => {
    // The shell names the program that it starts; nohup puts the ingester in its place.
    const { child, finished } = world.start({ ...SERVICE, _: "/usr/bin/nohup" });
    await until(() => billed() === 500);
    child.kill("SIGHUP");
    await delay(200);
    write(50);
    await until(() => billed() === 550);
    child.kill("SIGTERM");
    expect((await finished).code).toBe(0);
    await expectNothingLost();
  });
});

describe("Ctrl-C", () => {
  async function interruptTwice(pauseMs: number): Promise<Running> {
    holdDelivery();
    const running = world.start(SERVICE);
    await until(() => billed() > 0);
    running.child.kill("SIGINT");
    await delay(pauseMs);
    running.child.kill("SIGINT");
    return running;
  }

  it("that is delivered twice stops the ingester cleanly", async () => {
    const { finished } = await interruptTwice(100);
    await delay(300);
    world.firehose.faults.clear();
    const result = await finished;
    expect(result.code).toBe(0);
    expectFewWords(result);
    await expectNothingLost();
  });

  it("a second time, later, leaves at once", async () => {
    const { finished } = await interruptTwice(1_200);
    expect((await finished).code).toBe(130);
  });
});

describe("a pipe that its reader closes", () => {
  it.each<[string, readonly string[]]>([
    ["run", ["run"]],
    ["backfill", ["backfill", "--from", "6d", "--json"]],
  ])("stops %s cleanly after what was bought is delivered", async (_name, argv) => {
    const { child, finished } = world.start({ ...SERVICE, LOG_LEVEL: "debug" }, argv);
    if (child.stdout === null) throw new Error("no pipe");
    await once(child.stdout, "data");
    child.stdout.destroy();
    // The next line that is written finds no reader: here, the one that says that delivery is held up.
    world.firehose.faults.enqueue({ kind: "throttling" });
    const result = await finished;
    expect(result.code).toBe(0);
    expectFewWords(result, /^ingester: stopped: nothing reads stdout any more \(EPIPE\)\.$/m);
    expect(billed()).toBeLessThan(500);
    await expectNothingLost();
  });

  it.each<[string, readonly string[]]>([
    ["estimate", ["estimate"]],
    ["doctor", ["doctor"]],
    ["coverage", ["coverage"]],
    ["budget", ["budget"]],
    ["rules", ["rules", "list"]],
    ["backfill", ["backfill", "--from", "1d"]],
    ["help", ["--help"]],
  ])("ends %s without a stack trace", async (_name, argv) => {
    const { child, finished } = world.start({}, argv);
    child.stdout?.destroy();
    const result = await finished;
    expect(result.code).toBe(0);
    expectFewWords(result, /^ingester: stopped: nothing reads stdout any more \(EPIPE\)\.$/m);
  });

  it("does not keep doctor going, which costs money", async () => {
    const { child, finished } = world.start({}, ["doctor"]);
    child.stdout?.destroy();
    await finished;
    expect(world.x.ledger.report().countsRequests).toBe(0);
  });

  it("can be that of both outputs", async () => {
    const { child, finished } = world.start({}, ["estimate"]);
    child.stdout?.destroy();
    child.stderr?.destroy();
    expect((await finished).code).toBe(0);
  });
});

describe("an output device that is full", () => {
  let full: number;

  beforeEach(() => {
    full = openSync("/dev/full", "w");
  });
  afterEach(() => closeSync(full));

  it.each<[string, readonly string[]]>([
    ["run", ["run"]],
    ["backfill", ["backfill", "--from", "6d"]],
    ["estimate", ["estimate"]],
    ["doctor", ["doctor"]],
    ["coverage", ["coverage"]],
    ["budget", ["budget"]],
    ["rules", ["rules", "list"]],
  ])("fails %s in one line, with nothing lost", async (_name, argv) => {
    const result = await world.start({}, argv, [full, "pipe"]).finished;
    expect(result.code).toBe(1);
    expectFewWords(result, /^ingester: stopped: stdout cannot be written \(ENOSPC: no space left.*\)\.$/m);
    await expectNothingLost();
  });

  it("is shown by the exit code alone where stderr is full, too", async () => {
    expect((await world.start({}, ["run"], [full, full]).finished).code).toBe(1);
    await expectNothingLost();
  });

  it("does not hide why a command failed", async () => {
    const result = await world.start({ X_BEARER_TOKEN: "invalid" }, ["run"], [full, "pipe"]).finished;
    expect([1, 3]).toContain(result.code);
    expectFewWords(result, /./);
  });
});
