import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { TYPESCRIPT } from "../../../local/test/helpers/typescript";
import { ConfigError } from "../../src/loop/errors";
import { systemClock } from "../../src/runtime/clock";
import { thisProcess } from "../../src/runtime/process-identity";
import { withFileLock } from "../../src/store/file-lock";
import { FakeClock } from "../helpers/fake-clock";
import { GOING_ON, temporaryDirectory } from "./helpers/stores";

jest.setTimeout(60_000);

const DEAD_PID = 2 ** 22 + 1;
const options = { clock: systemClock, signal: GOING_ON };

let path: string;

beforeEach(() => {
  path = join(temporaryDirectory(), "ledger.json.lock");
});

function leaveLock(id: string, process: object, at = path): void {
  writeFileSync(at, JSON.stringify({ id, process: { ...thisProcess(), ...process } }));
}

describe("the lock of the ledger file", () => {
  it("lets one action in at a time", async () => {
    const inside: number[] = [];
    let most = 0;
    const action = (n: number) => () => {
      inside.push(n);
      most = Math.max(most, readdirSync(dirname(path)).filter((name) => name === "ledger.json.lock").length);
      inside.pop();
    };
    await Promise.all(Array.from({ length: 20 }, (_, n) => withFileLock(path, action(n), options)));
    expect([most, inside, existsSync(path)]).toEqual([1, [], false]);
  });

  it("is given back when the action fails", async () => {
    const failing = withFileLock(
      path,
      () => {
        throw new Error("no");
      },
      options,
    );
    await expect(failing).rejects.toThrow("no");
    expect(existsSync(path)).toBe(false);
  });

  it("is taken from a dead process at once, with what it has left beside it", async () => {
    leaveLock("dead", { pid: DEAD_PID });
    leaveLock("dead", { pid: DEAD_PID }, `${path}.dead.tmp`);
    const clock = new FakeClock();
    await expect(withFileLock(path, () => "in", { clock, signal: GOING_ON })).resolves.toBe("in");
    expect([clock.sleeps, readdirSync(dirname(path))]).toEqual([[], []]);
  });

  it("leaves a candidate alone that its taker has not written yet", async () => {
    leaveLock("dead", { pid: DEAD_PID });
    writeFileSync(`${path}.taker.tmp`, "");
    await expect(withFileLock(path, () => "in", options)).resolves.toBe("in");
    expect(readdirSync(dirname(path))).toEqual(["ledger.json.lock.taker.tmp"]);
  });

  it("is taken from a process whose pid another one has now", async () => {
    leaveLock("reused", { startTicks: "1" });
    await expect(withFileLock(path, () => "in", options)).resolves.toBe("in");
  });

  it("is taken when a taker died while it took the lock of a dead process", async () => {
    leaveLock("dead", { pid: DEAD_PID });
    leaveLock("taker", { pid: DEAD_PID }, `${path}.dead`);
    await expect(withFileLock(path, () => "in", options)).resolves.toBe("in");
    expect(existsSync(path)).toBe(false);
  });

  it("is taken when a power cut has left an empty file", async () => {
    writeFileSync(path, "");
    await expect(withFileLock(path, () => "in", options)).resolves.toBe("in");
  });

  it("is waited for while another host holds it, and then refused with who that is", async () => {
    leaveLock("theirs", { pid: 17, host: { name: "another-host" } });
    const waiting = withFileLock(path, () => "in", { clock: new FakeClock(), signal: GOING_ON });
    const error = await waiting.catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).toMatch(/process 17 on another-host.*CHECKPOINT_TABLE/);
    expect(existsSync(path)).toBe(true);
  });

  const boot = "00000000-0000-0000-0000-000000000000";

  it("is taken after the whole wait when it is from before a restart of the host", async () => {
    const { host } = thisProcess();
    leaveLock("theirs", { pid: 1, host: { ...host, bootId: boot } });
    leaveLock("theirs", { pid: 1, host: { ...host, bootId: boot } }, `${path}.theirs.tmp`);
    const clock = new FakeClock();
    await expect(withFileLock(path, () => "in", { clock, signal: GOING_ON })).resolves.toBe("in");
    expect(clock.elapsed()).toBeGreaterThanOrEqual(10_000);
    expect(readdirSync(dirname(path))).toEqual([]);
  });

  it("is not taken after the wait when it has changed hands meanwhile", async () => {
    const { host } = thisProcess();
    const process = { pid: 1, host: { ...host, bootId: boot } };
    leaveLock("one", process);
    const clock = new FakeClock();
    const sleep = clock.sleep.bind(clock);
    jest.spyOn(clock, "sleep").mockImplementation((ms, signal) => {
      leaveLock(clock.elapsed() < 5_000 ? "one" : "two", process);
      return sleep(ms, signal);
    });
    const error = await withFileLock(path, () => "in", { clock, signal: GOING_ON }).catch(
      (cause: unknown) => cause,
    );
    expect((error as Error).message).toContain(`delete the lock: rm -f '${path}'*.`);
    expect(existsSync(path)).toBe(true);
  });

  it("says to an action that stood still that the lock was lost", async () => {
    const held: boolean[] = [];
    const action = (isHeld: () => boolean) => {
      held.push(isHeld());
      leaveLock("another", {});
      held.push(isHeld());
    };
    await withFileLock(path, action, options);
    expect([held, existsSync(path)]).toEqual([[true, false], true]);
  });

  it("keeps a counter exact over processes that are killed at any moment", async () => {
    const counter = join(dirname(path), "counter");
    writeFileSync(counter, "0");
    const script = join(__dirname, "helpers/count-under-lock.ts");
    const start = () =>
      spawn(process.execPath, [...TYPESCRIPT, script, path, counter], {
        stdio: ["ignore", "pipe", "inherit"],
        env: { ...process.env, NODE_NO_WARNINGS: "1" },
      });
    let acknowledged = 0;
    const killed = await Promise.all(
      [120, 260, 410].map(async (ms) => {
        const child = start();
        let said = "";
        child.stdout.on("data", (chunk: Buffer) => {
          said += chunk;
        });
        await once(child.stdout, "data");
        await new Promise((done) => setTimeout(done, ms));
        child.kill("SIGKILL");
        await once(child, "close");
        return said.split("+").length - 1;
      }),
    );
    acknowledged = killed.reduce((sum, count) => sum + count, 0);
    await withFileLock(path, () => undefined, options);
    const count = Number(readFileSync(counter, "utf8"));
    expect(acknowledged).toBeGreaterThan(0);
    // Killed between counting and saying so: at most one each.
    expect(count).toBeGreaterThanOrEqual(acknowledged);
    expect(count).toBeLessThanOrEqual(acknowledged + killed.length);
  });
});
