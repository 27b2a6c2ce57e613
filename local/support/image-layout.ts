import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const DOCKER = resolve(__dirname, "../../docker");

/** As `npm run build` leaves it. */
export const BUNDLE = resolve(__dirname, "../../ingester/dist/main.js");

export interface ImageLayout {
  /** What starts the ingester. */
  readonly main: string;
  /** Arguments with which Node, under the flags of the starts to come, leaves the code that V8 compiles. */
  readonly rehearsal: readonly string[];
}

/**
 * Puts the ingester into a directory as the Dockerfile puts it into /app.
 *
 * @param bundle the ingester as one file; what `audit` needs beside it is copied where it is there
 */
export function layOutAsImage(directory: string, bundle = BUNDLE): ImageLayout {
  const main = join(directory, "main.js");
  mkdirSync(join(directory, "compile-cache"), { recursive: true });
  copyFileSync(join(DOCKER, "start.cjs"), main);
  copyFileSync(bundle, join(directory, "ingester.js"));
  const bucket = join(dirname(bundle), "bucket.js");
  if (existsSync(bucket)) copyFileSync(bucket, join(directory, "bucket.js"));
  return { main, rehearsal: [join(DOCKER, "rehearse.cjs"), directory] };
}
