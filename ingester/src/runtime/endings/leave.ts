import { closeSync, fstatSync, openSync } from "node:fs";
import { isatty } from "node:tty";

const STANDARD_STREAMS = [0, 1, 2];

/**
 * Ends the process with this exit code, even after its terminal has gone: Node 20 gives terminals their settings back
 * at the end, and aborts where that fails (node.cc, ResetStdio). It passes over a stream that has been replaced.
 */
export function leave(exitCode: number): never {
  for (const descriptor of STANDARD_STREAMS) {
    if (isDead(descriptor)) replace(descriptor);
  }
  process.exit(exitCode);
}

/** A terminal that has gone is a device, and is no terminal any more. So is /dev/null, and replacing it does no harm. */
function isDead(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isCharacterDevice() && !isatty(descriptor);
  } catch {
    return false;
  }
}

/** open(2) takes the lowest descriptor that is free: the one that has just been closed. */
function replace(descriptor: number): void {
  closeSync(descriptor);
  openSync("/dev/null", "r+");
}
