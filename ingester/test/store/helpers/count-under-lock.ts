/** A process that counts in a file, under the lock, until it is killed. Arguments: lock, counter. */
import { readFileSync, renameSync, writeFileSync, writeSync } from "node:fs";
import { systemClock } from "../../../src/runtime/clock";
import { withFileLock } from "../../../src/store/file-lock";

const [lock = "", counter = ""] = process.argv.slice(2);

/** A write is not atomic, a rename is. */
function countOne(): void {
  writeFileSync(`${counter}.next`, String(Number(readFileSync(counter, "utf8")) + 1));
  renameSync(`${counter}.next`, counter);
}

async function main(): Promise<void> {
  for (;;) {
    await withFileLock(lock, countOne, { clock: systemClock, signal: new AbortController().signal });
    writeSync(1, "+");
  }
}

void main();
