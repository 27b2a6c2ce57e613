import { existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createFileState, type FileStateOptions } from "../../src/checkpoint/file-state";
import type { LockRecord } from "../../src/checkpoint/lock-file";
import { thisProcess } from "../../src/checkpoint/process-identity";
import { CheckpointHeldError, ConfigError } from "../../src/errors";
import { temporaryDirectory } from "./helpers/backends";
import { HolderProcess, PROCESS_TEST_MS } from "./helpers/processes";

jest.setTimeout(PROCESS_TEST_MS);

const GOING_ON = new AbortController().signal;
const DEAD_PID = 2 ** 22 + 1;

let directory: string;
let file: string;
let children: HolderProcess[];

beforeEach(() => {
  directory = temporaryDirectory();
  file = join(directory, "state.json");
  children = [];
});

afterEach(async () => {
  await Promise.all(children.map((child) => child.kill()));
  rmSync(directory, { recursive: true });
});

function startChild(): HolderProcess {
  const child = new HolderProcess({ file: { file, key: "search:cats" } });
  children.push(child);
  return child;
}

function stateOf(options: Partial<FileStateOptions> = {}) {
  return createFileState({ file, key: "search:cats", heartbeatMs: 20, staleMs: 150, pollMs: 10, ...options });
}

function leaveLock(process: Partial<LockRecord["process"]>, path = `${file}.lock`, id = "dead-one"): void {
  const record: LockRecord = {
    id,
    since: "2026-11-23T00:00:00.000Z",
    process: { ...thisProcess(), ...process },
  };
  writeFileSync(path, JSON.stringify(record));
}

const elsewhere = { host: { name: "another-container" } };

describe("lock of the checkpoint file", () => {
  it("is taken over at once after kill -9, and progress goes on", async () => {
    const killed = startChild();
    expect(await killed.acquire()).toBe("held");
    await killed.kill();
    const { checkpoints } = stateOf();

    expect(await checkpoints.acquire(GOING_ON)).toMatchObject({ sinceId: "1" });

    await checkpoints.release();
  });

  it("names the process to stop while that process lives", async () => {
    const living = startChild();
    await living.acquire();

    const refused = stateOf().checkpoints.acquire(GOING_ON);

    await expect(refused).rejects.toThrow(`Stop that process (kill ${living.pid})`);
    await expect(refused).rejects.toThrow(`${file}.lock`);
  });

  it("goes to exactly one of many processes that find a dead holder at the same time", async () => {
    const rivals = Array.from({ length: 5 }, startChild);
    await Promise.all(rivals.map((rival) => rival.release()));

    for (let round = 0; round < 25; round += 1) {
      leaveLock({ pid: DEAD_PID }, `${file}.lock`, `dead-${round}`);
      const outcomes = await Promise.all(rivals.map((rival) => rival.acquire()));

      const kinds = outcomes.map((outcome) => outcome.split(":")[0]);
      expect(kinds.sort()).toEqual([...Array(4).fill("CheckpointHeldError"), "held"]);
      await rivals[outcomes.indexOf("held")]?.release();
    }

    expect(JSON.parse(readFileSync(file, "utf8")).checkpoints["search:cats"].position.sinceId).toBe("25");
  });

  it("is taken from a process whose pid was given to another one", async () => {
    leaveLock({ pid: process.ppid, startTicks: "1" });
    const { checkpoints } = stateOf();

    await expect(checkpoints.acquire(GOING_ON)).resolves.toBeUndefined();

    await checkpoints.release();
  });

  it("is taken from a former process with this one's pid, as in a restarted container", async () => {
    const { startTicks: _none, ...withoutProc } = thisProcess();
    writeFileSync(`${file}.lock`, JSON.stringify({ id: "former", since: "", process: withoutProc }));
    const { checkpoints } = stateOf();

    await expect(checkpoints.acquire(GOING_ON)).resolves.toBeUndefined();

    await checkpoints.release();
  });

  it("is taken when a taker died in the middle of taking it over", async () => {
    leaveLock({ pid: DEAD_PID });
    leaveLock({ pid: DEAD_PID }, `${file}.lock.dead-one`, "dead-taker");
    writeFileSync(`${file}.lock.dead-taker.tmp`, "half a candi");
    const { checkpoints } = stateOf();

    await checkpoints.acquire(GOING_ON);

    expect(existsSync(`${file}.lock.dead-one`)).toBe(false);
    expect(existsSync(`${file}.lock.dead-taker.tmp`)).toBe(false);
    await checkpoints.release();
    expect(existsSync(`${file}.lock`)).toBe(false);
  });

  it("is left to another living taker that is replacing the same dead holder", async () => {
    leaveLock({ pid: DEAD_PID });
    leaveLock({}, `${file}.lock.dead-one`, "living-taker");

    await expect(stateOf().checkpoints.acquire(GOING_ON)).rejects.toBeInstanceOf(CheckpointHeldError);

    expect(JSON.parse(readFileSync(`${file}.lock`, "utf8")).id).toBe("dead-one");
  });

  it("is taken from a silent holder on another host", async () => {
    leaveLock(elsewhere);
    const { checkpoints } = stateOf();

    await expect(checkpoints.acquire(GOING_ON)).resolves.toBeUndefined();

    await checkpoints.release();
  });

  it("is refused while a holder on another host touches it", async () => {
    leaveLock(elsewhere);
    const beating = setInterval(() => utimesSync(`${file}.lock`, new Date(), new Date()), 20);

    const refused = stateOf({ staleMs: 60_000 }).checkpoints.acquire(GOING_ON);

    await expect(refused).rejects.toThrow("on another-container");
    await expect(refused).rejects.toBeInstanceOf(CheckpointHeldError);
    clearInterval(beating);
  });

  it("stops waiting for another host when the ingester is told to stop", async () => {
    leaveLock(elsewhere);
    const stopping = new AbortController();
    setTimeout(() => stopping.abort(), 30);

    const acquiring = stateOf({ staleMs: 60_000 }).checkpoints.acquire(stopping.signal);

    await expect(acquiring).rejects.toThrow("Stopped while waiting");
  });

  it("tells its holder when it is gone", async () => {
    const { checkpoints, lost } = stateOf();
    await checkpoints.acquire(GOING_ON);

    rmSync(`${file}.lock`);
    await new Promise((resolve) => lost.addEventListener("abort", resolve));

    await expect(checkpoints.confirm()).rejects.toThrow("replaced or deleted");
    await checkpoints.release();
  });

  it("is never guessed from a file that is no lock", async () => {
    writeFileSync(`${file}.lock`, "");

    const refused = stateOf().checkpoints.acquire(GOING_ON);

    await expect(refused).rejects.toBeInstanceOf(ConfigError);
    await expect(refused).rejects.toThrow("is no lock of an ingester");
    expect(existsSync(`${file}.lock`)).toBe(true);
  });
});
