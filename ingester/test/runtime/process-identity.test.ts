import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { ProcessIdentity } from "../../src/ledger/ledger";
import { findHost, isBeforeRestart, isRunning, thisProcess } from "../../src/runtime/process-identity";

/** Skipped elsewhere: these tests read /proc, and without it a process is known by its pid alone. */
const onLinux = process.platform === "linux" ? it : it.skip;

/** A child of this process, as it would name itself. */
function identityOf(pid: number): ProcessIdentity {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const startTicks = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  return { pid, startTicks, host: thisProcess().host };
}

describe("thisProcess", () => {
  it("names the same running process each time", () => {
    const self = thisProcess();
    expect(self.pid).toBe(process.pid);
    expect(thisProcess()).toEqual(self);
    expect(isRunning(self)).toBe(true);
  });

  onLinux("distinguishes processes that are given the same pid, and hosts by boot and pid namespace", () => {
    expect(thisProcess()).toMatchObject({
      startTicks: expect.stringMatching(/^\d+$/),
      host: {
        bootId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        pidNamespace: expect.stringMatching(/^pid:/),
      },
    });
  });
});

describe("isRunning", () => {
  onLinux("sees a process from its start to its end, and not a later one with its pid", async () => {
    const child = spawn(process.execPath, ["--eval", "setInterval(() => {}, 1_000)"], { stdio: "ignore" });
    const identity = identityOf(child.pid ?? 0);
    expect(isRunning(identity)).toBe(true);
    expect(isRunning({ ...identity, startTicks: "1" })).toBe(false);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(isRunning(identity)).toBe(false);
  });

  onLinux("takes a killed process for ended that its parent has not waited for yet", async () => {
    // The shell starts a child and becomes a process that never waits for children.
    const script = "sleep 60 & echo $!; exec sleep 60";
    const parent = spawn("sh", ["-c", script], { stdio: ["ignore", "pipe", "ignore"] });
    try {
      const [text] = await once(parent.stdout, "data");
      const zombie = identityOf(Number(text));
      expect(isRunning(zombie)).toBe(true);
      // Until then the shell would wait for its child.
      await until(() => readFileSync(`/proc/${parent.pid}/comm`, "utf8").trim() === "sleep");
      process.kill(zombie.pid, "SIGKILL");
      await until(() => stateOf(zombie.pid) === "Z");
      expect(isRunning(zombie)).toBe(false);
    } finally {
      parent.kill("SIGKILL");
    }
  });

  it("knows a process of this host without its start by its pid alone", () => {
    const { startTicks: _unknown, ...self } = thisProcess();
    expect(isRunning(self)).toBe(true);
    expect(isRunning({ ...self, pid: 2 ** 30 })).toBe(false);
  });

  it.each([
    ["another host", { name: "elsewhere" }],
    ["another boot", { bootId: "00000000-0000-0000-0000-000000000000" }],
    ["another pid namespace", { pidNamespace: "pid:[1]" }],
  ])("does not judge a process of %s", (_name, difference) => {
    const self = thisProcess();
    expect(isRunning({ ...self, host: { ...self.host, ...difference } })).toBeUndefined();
  });
});

describe("a host without /proc", () => {
  const absent = () => {
    throw new Error("ENOENT");
  };
  const hostWith = (bootId: () => string) => ({
    ...findHost({ bootId, pidNamespace: absent }),
    name: "macbook",
  });

  it("is known by the boot id of its system, without a pid namespace", () => {
    const host = hostWith(() => "3B0F1C9E");
    expect(host).toEqual({ name: "macbook", bootId: "3B0F1C9E" });
    expect(isRunning({ pid: process.pid, host }, host)).toBe(true);
    expect(isRunning({ pid: 2 ** 30, host }, host)).toBe(false);
    expect(
      isRunning(
        { pid: 2 ** 30, host },
        hostWith(() => "77A2D0B4"),
      ),
    ).toBeUndefined();
  });

  it.each([
    ["without a boot id", absent],
    ["with an empty one", () => ""],
  ])("does not judge processes of a host of the same name %s", (_case, bootId) => {
    const host = hostWith(bootId);
    expect(host).toEqual({ name: "macbook" });
    expect(isRunning({ pid: 2 ** 30, host }, host)).toBeUndefined();
    expect(
      isRunning(
        { pid: 2 ** 30, host },
        hostWith(() => "3B0F1C9E"),
      ),
    ).toBeUndefined();
  });
});

describe("isBeforeRestart", () => {
  const self = { name: "4f2a9c01be77", bootId: "boot-2", pidNamespace: "pid:[2]" };
  const before = (difference: object) => isBeforeRestart({ pid: 1, host: { ...self, ...difference } }, self);

  it.each<[string, object]>([
    ["the machine has booted since", { bootId: "boot-1", pidNamespace: "pid:[1]" }],
    ["the container was started again", { pidNamespace: "pid:[1]" }],
  ])("knows that %s", (_case, difference) => {
    expect(before(difference)).toBe(true);
  });

  it.each<[string, object]>([
    ["the same host", {}],
    ["another host", { name: "5b7d11c2aa90", bootId: "boot-1" }],
    ["a host without a boot id", { bootId: undefined }],
    ["a process without a pid namespace", { pidNamespace: undefined }],
  ])("does not judge a process of %s", (_case, difference) => {
    expect(before(difference)).toBe(false);
  });

  it.each<[string, object]>([
    ["containers of one machine with a configured name", { name: "ingester", pidNamespace: "pid:[1]" }],
    ["machines with a name that many have", { name: "localhost", bootId: "boot-1" }],
  ])("does not take two %s for one", (_case, difference) => {
    const other = { ...self, ...difference };
    expect(isBeforeRestart({ pid: 1, host: other }, { ...self, name: other.name })).toBe(false);
  });

  it("takes a machine with a configured name that has booted for the same one", () => {
    const [now, then] = ["boot-2", "boot-1"].map((bootId) => ({ name: "server-1", bootId }));
    expect(now && then && isBeforeRestart({ pid: 1, host: then }, now)).toBe(true);
  });
});

function stateOf(pid: number): string | undefined {
  return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.[0];
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}
