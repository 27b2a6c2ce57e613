/** Appends records of 1,000, 300,000 and 1,000 bytes to a spool, and tells which of them it took. */
import { Spool } from "../../firehose/delivery/spool";

const [, , directory = ""] = process.argv;
const spool = new Spool(directory, 1);
for (const bytes of [1_000, 300_000, 1_000]) {
  try {
    spool.append([Buffer.alloc(bytes, "x")]);
    console.log(`took ${bytes}`);
  } catch (error) {
    console.log((error as NodeJS.ErrnoException).code);
  }
}
