// Bundles the ingester into one file, so that the image needs no node_modules and starts fast.
import { chmod } from "node:fs/promises";
import { build } from "esbuild";

await build({
  entryPoints: [new URL("src/main.ts", import.meta.url).pathname],
  outfile: new URL("dist/main.js", import.meta.url).pathname,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: true,
  legalComments: "none",
  // Adapters that are not configured are never evaluated (import() stays lazy inside the one file).
  banner: { js: "#!/usr/bin/env node" },
  loader: { ".html": "text" },
  logLevel: "warning",
});

// npm makes the `ingester` command of it; the bundle has to be executable for that.
await chmod(new URL("dist/main.js", import.meta.url), 0o755);
