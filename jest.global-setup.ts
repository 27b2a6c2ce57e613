import { spawn } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BUNDLE, layOutAsImage } from "./local/support/image-layout";

/**
 * Temporary files of all tests, and those that cdktf makes for each app, lie in one directory, which the run removes. So does
 * the ingester that tests start, laid out as in the image: with the code that V8 has compiled in the rehearsal, a process takes
 * a third less CPU. Those that start before that has ended go without.
 */
export default function prepare(): void {
  process.env.TMPDIR = mkdtempSync(join(tmpdir(), "tests-"));
  if (!existsSync(BUNDLE)) return;
  const { main, rehearsal } = layOutAsImage(join(process.env.TMPDIR, "app"));
  process.env.TESTED_INGESTER = main;
  spawn(process.execPath, rehearsal, { stdio: "ignore" }).unref();
}
