/**
 * Whether this process was started to outlive its terminal: by nohup, or by a shell that ignores SIGHUP.
 *
 * A program inherits that a signal is ignored, but Node gives every signal back its default at its start
 * (node.cc, PlatformInit), so what was inherited can only be seen in what it leaves behind.
 */
import { readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";

/** The bit of SIGHUP in the masks of proc_pid_status(5). */
const SIGHUP_BIT = 1n;
const ACCESS_MODE = 0o3;
const WRITE_ONLY = 0o1;

export function isHangupIgnored(): boolean {
  return isStartedByNohup() || isInputOfNohup() || isIgnoredByParent();
}

/** The shell names the program that it starts in `_`; nohup passes it on. */
function isStartedByNohup(): boolean {
  return basename(process.env._ ?? "") === "nohup";
}

/** GNU nohup puts a /dev/null that cannot be read in the place of a terminal. Programs in between pass it on. */
function isInputOfNohup(): boolean {
  const flags = /^flags:\s*(\d+)/m.exec(attempt(() => readFileSync("/proc/self/fdinfo/0", "utf8")))?.[1];
  const isWriteOnly = flags !== undefined && (Number.parseInt(flags, 8) & ACCESS_MODE) === WRITE_ONLY;
  return isWriteOnly && attempt(() => readlinkSync("/proc/self/fd/0")) === "/dev/null";
}

/** A shell keeps ignoring what it was started to ignore, and what its `trap '' HUP` says. */
function isIgnoredByParent(): boolean {
  const status = attempt(() => readFileSync(`/proc/${process.ppid}/status`, "utf8"));
  const mask = /^SigIgn:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? "0";
  return (BigInt(`0x${mask}`) & SIGHUP_BIT) !== 0n;
}

/** Empty where the system has no /proc. */
function attempt(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}
