/** Which process this is, and whether another one still runs. */
import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import type { HostIdentity, ProcessIdentity } from "../ledger/ledger";

let self: ProcessIdentity | undefined;
let host: HostIdentity | undefined;

/** Read once: neither changes while the process runs. */
export function thisProcess(): ProcessIdentity {
  self ??= findProcess();
  return self;
}

function thisHost(): HostIdentity {
  host ??= findHost();
  return host;
}

function findProcess(): ProcessIdentity {
  const stat = statOf(process.pid);
  return {
    pid: process.pid,
    ...(stat === undefined ? {} : { startTicks: stat.startTicks }),
    host: thisHost(),
  };
}

/** Where a host's identity comes from; each throws where it does not exist. */
export interface HostSources {
  readonly bootId: () => string;
  readonly pidNamespace: () => string;
}

const SYSCTL_MS = 1_000;

const LINUX: HostSources = {
  bootId: () => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim(),
  pidNamespace: () => readlinkSync("/proc/self/ns/pid"),
};

const MACOS: HostSources = {
  bootId: () =>
    execFileSync("/usr/sbin/sysctl", ["-n", "kern.bootsessionuuid"], {
      ...{ encoding: "utf8", timeout: SYSCTL_MS },
      stdio: ["ignore", "pipe", "ignore"],
    }).trim(),
  pidNamespace: LINUX.pidNamespace,
};

/** @param sources exported for tests */
export function findHost(sources: HostSources = process.platform === "darwin" ? MACOS : LINUX): HostIdentity {
  // An empty answer would be equal to that of every other host without one.
  const bootId = attempt(sources.bootId) || undefined;
  const pidNamespace = attempt(sources.pidNamespace);
  return {
    name: hostname(),
    ...(bootId === undefined ? {} : { bootId }),
    ...(pidNamespace === undefined ? {} : { pidNamespace }),
  };
}

/** Whether that very process still runs, not one that was given its pid since; undefined: it cannot be seen from here. */
export function isRunning(other: ProcessIdentity, self: HostIdentity = thisHost()): boolean | undefined {
  if (!isSameHost(other.host, self)) return undefined;
  if (!exists(other.pid)) return false;
  const stat = statOf(other.pid);
  if (stat === undefined || other.startTicks === undefined) return true;
  return stat.startTicks === other.startTicks && !ENDED_STATES.has(stat.state);
}

/** The default host name of a container is the beginning of its id, which is given out once. */
const CONTAINER_ID = /^[0-9a-f]{12}$/;
/** Names that many machines have. */
const COMMON_NAME = /^localhost\b/;

/**
 * Whether the process belongs to a host that has been restarted since: the machine has booted, or the container was
 * started again. Weaker than isRunning, because it takes hosts with equal names for one; so it is no reason to act at once.
 */
export function isBeforeRestart(
  { host: { name, bootId, pidNamespace } }: ProcessIdentity,
  self: HostIdentity = thisHost(),
): boolean {
  if (name !== self.name || COMMON_NAME.test(name)) return false;
  if (bootId === undefined || self.bootId === undefined) return false;
  if (bootId !== self.bootId) return true;
  // Containers of one machine can have the same configured name, and both live.
  if (!CONTAINER_ID.test(name) || pidNamespace === undefined || self.pidNamespace === undefined) return false;
  return pidNamespace !== self.pidNamespace;
}

/** Names alone do not tell hosts apart: many are called alike. */
function isSameHost(a: HostIdentity, b: HostIdentity): boolean {
  return (
    a.bootId !== undefined && a.name === b.name && a.bootId === b.bootId && a.pidNamespace === b.pidNamespace
  );
}

/** A killed process that its parent has not waited for yet is a zombie: it has a pid, but runs no more. */
const ENDED_STATES = new Set(["Z", "X", "x"]);

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists and belongs to another user.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Fields 3 (state) and 22 (starttime) of proc_pid_stat(5). Field 2 is a name that may hold spaces and brackets. */
function statOf(pid: number): { state: string; startTicks: string } | undefined {
  const text = attempt(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  const [state, ...fields] = text?.slice(text.lastIndexOf(")") + 2).split(" ") ?? [];
  const startTicks = fields[22 - 4];
  return state === undefined || startTicks === undefined ? undefined : { state, startTicks };
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
