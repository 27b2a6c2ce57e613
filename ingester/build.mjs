// Bundles the ingester into two files, so that the image needs no node_modules and starts fast: main.js is all that `run`
// reads, bucket.js holds the libraries that only `audit` needs. `node build.mjs [directory]`, by default dist/.
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const [dist = join(here, "dist")] = process.argv.slice(2);

const settings = {
  absWorkingDir: here,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  // ES modules where a package has them: esbuild leaves out what is not used, an eighth of main.js and a quarter of bucket.js.
  mainFields: ["module", "main"],
  // import() of a module of Node's reads all it exports, and with node:http's loads fetch: 12 ms of a start. require() does not.
  supported: { "dynamic-import": false },
  loader: { ".html": "text" },
  logLevel: "warning",
  write: false,
};

const bucketApart = {
  name: "bucket-apart",
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.\/libraries$/ }, () => ({ path: "./bucket.js", external: true })),
};

const bundled = async (entryPoint, options) => {
  const { outputFiles } = await build({ ...settings, ...options, entryPoints: [entryPoint] });
  return outputFiles[0].text;
};
// Adapters that are not configured are never evaluated (import() stays lazy inside the one file).
const main = await bundled("src/main.ts", {
  banner: { js: "#!/usr/bin/env node" },
  plugins: [bucketApart],
});
const bucket = await bundled("src/bucket/libraries.ts");

// One wider character, and V8 holds the whole text at two bytes a character: 1.6 MB, and 2 ms of each start. esbuild writes
// those of strings as escapes, and leaves those of patterns.
const [wide] = /[^\0-\x7f]+/.exec(main) ?? [];
if (wide !== undefined)
  throw new Error(`main.js would hold "${wide}". Write it as an escape, as in /\\u2026/.`);

// By renaming: an ingester that starts meanwhile reads the whole of one build.
const put = async (name, text, mode) => {
  const unfinished = join(dist, `${name}.${process.pid}`);
  await writeFile(unfinished, text, { mode });
  await rename(unfinished, join(dist, name));
};
await mkdir(dist, { recursive: true });
await put("bucket.js", bucket);
// npm makes the `ingester` command of it; the bundle has to be executable for that.
await put("main.js", main, 0o755);
