// Bundles the ingester into two files, so that the image needs no node_modules and starts fast: main.js is all that `run`
// reads, bucket.js holds the libraries that only `audit` needs.
import { chmod, readFile } from "node:fs/promises";
import { build } from "esbuild";

const settings = {
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
};
const pathOf = (path) => new URL(path, import.meta.url).pathname;

const bucketApart = {
  name: "bucket-apart",
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.\/libraries$/ }, () => ({ path: "./bucket.js", external: true })),
};

await build({
  ...settings,
  entryPoints: [pathOf("src/main.ts")],
  outfile: pathOf("dist/main.js"),
  // Adapters that are not configured are never evaluated (import() stays lazy inside the one file).
  banner: { js: "#!/usr/bin/env node" },
  plugins: [bucketApart],
});
await build({
  ...settings,
  entryPoints: [pathOf("src/bucket/libraries.ts")],
  outfile: pathOf("dist/bucket.js"),
});

// One wider character, and V8 holds the whole text at two bytes a character: 1.6 MB, and 2 ms of each start. esbuild writes
// those of strings as escapes, and leaves those of patterns.
const [wide] = /[^\0-\x7f]+/.exec(await readFile(pathOf("dist/main.js"), "utf8")) ?? [];
if (wide !== undefined)
  throw new Error(`dist/main.js holds "${wide}". Write it as an escape, as in /\\u2026/.`);

// npm makes the `ingester` command of it; the bundle has to be executable for that.
await chmod(pathOf("dist/main.js"), 0o755);
