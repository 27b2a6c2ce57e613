// Bundles the function into one file and zips it: the same bytes on every machine, so that Terraform sees a change
// only when the code has changed. `node build.mjs [directory]`, by default dist/.
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { zipOf } from "./zip.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const [dist = join(here, "dist")] = process.argv.slice(2);

const { outputFiles } = await build({
  absWorkingDir: here,
  entryPoints: ["src/index.ts"],
  outfile: "index.js",
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  minifySyntax: true,
  legalComments: "none",
  logLevel: "warning",
  write: false,
});
const { contents } = outputFiles[0];

// By renaming: who reads meanwhile, Terraform or a test, has the whole of one build.
const put = async (name, content) => {
  const unfinished = join(dist, `${name}.${process.pid}`);
  await writeFile(unfinished, content);
  await rename(unfinished, join(dist, name));
};
await mkdir(dist, { recursive: true });
await put("index.js", contents);
await put("transform.zip", zipOf("index.js", contents));
