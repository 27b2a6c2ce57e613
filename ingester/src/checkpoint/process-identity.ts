/**
 * Which process on which host this is, in a way that survives pid reuse. Two processes share a "host" only where each
 * can see the other's pid: same host name, same boot, same pid namespace (containers often are all pid 1).
 */
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks from boot to the start of the process; absent where there is no /proc. */
  readonly startTicks?: string;
  readonly host: Host;
}

export interface Host {
  readonly name: string;
  /** Absent where there is no /proc. */
  readonly bootId?: string;
  /** Absent where there is no /proc. */
  readonly pidNamespace?: string;
}

export function thisProcess(): ProcessIdentity {
  const stat = statOf(process.pid);
  return {
    pid: process.pid,
    ...(stat === undefined ? {} : { startTicks: stat.startTicks }),
    host: thisHost(),
  };
}

function thisHost(): Host {
  const bootId = attempt(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
  const pidNamespace = attempt(() => readlinkSync("/proc/self/ns/pid"));
  return {
    name: hostname(),
    ...(bootId === undefined ? {} : { bootId }),
    ...(pidNamespace === undefined ? {} : { pidNamespace }),
  };
}

export function isSameHost(a: Host, b: Host): boolean {
  return a.name === b.name && a.bootId === b.bootId && a.pidNamespace === b.pidNamespace;
}

/** Whether that very process still runs, not one that was given its pid since. Only for processes of this host. */
export function isRunning({ pid, startTicks }: ProcessIdentity): boolean {
  if (!exists(pid)) return false;
  const stat = statOf(pid);
  if (stat === undefined || startTicks === undefined) return true;
  return stat.startTicks === startTicks && !ENDED_STATES.has(stat.state);
}

/** A killed process that its parent has not waited for yet is a zombie: it has a pid, but runs no more. */
const ENDED_STATES = new Set(["Z", "X", "x"]);

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists and belongs to somebody else.
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
