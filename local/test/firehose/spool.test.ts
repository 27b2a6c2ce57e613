import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { recoverSpools } from "../../firehose/delivery/spool";
import { temporaryDirectory } from "../helpers/temporary-directory";
import { TYPESCRIPT } from "../helpers/typescript";

const directory = temporaryDirectory();

it("holds what it took, and no part of what a full disk had no room for", () => {
  const script = join(__dirname, "../helpers/fill-spool.ts");
  // A limit for the size of files, 128 or 256 KiB: what crosses it is written in part first, as on a disk that fills up.
  const limited = ["-c", 'ulimit -f 256 && exec "$@"', "sh", process.execPath, ...TYPESCRIPT];
  const said = execFileSync("sh", [...limited, script, directory], { encoding: "utf8" });

  expect(said.split("\n")).toEqual(["took 1000", "EFBIG", "took 1000", ""]);
  expect(recoverSpools(directory).flatMap(({ records }) => records.map(({ length }) => length))).toEqual([
    1_000, 1_000,
  ]);
});
