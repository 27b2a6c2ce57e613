/**
 * Lets a plain Node run the repository's TypeScript, each file compiled once on a machine. tsx, which `npm run` uses,
 * takes several times the CPU of what most commands do, since it also looks through every file in node_modules.
 * Usage: `node --require .../typescript-preload.cjs script.ts`
 */
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { join } = require("node:path");
const { fileURLToPath } = require("node:url");

const { version } = require("@swc/core/package.json");
const CACHE = join(__dirname, "../../../node_modules/.cache/typescript-preload");
const SETTINGS = {
  jsc: { target: "es2022", parser: { syntax: "typescript" } },
  module: { type: "commonjs" },
  sourceMaps: false,
  swcrc: false,
};
const SALT = version + JSON.stringify(SETTINGS);

Module._extensions[".ts"] = (module, path) => {
  module._compile(compiled(readFileSync(path, "utf8")), path);
};

// import() is compiled to require(), which takes no URLs.
const resolveFilename = Module._resolveFilename;
Module._resolveFilename = (request, ...rest) =>
  resolveFilename(request.startsWith("file:") ? fileURLToPath(request) : request, ...rest);

function compiled(source) {
  const file = join(CACHE, createHash("sha256").update(SALT).update(source).digest("hex"));
  try {
    return readFileSync(file, "utf8");
  } catch {
    const { code } = require("@swc/core").transformSync(source, SETTINGS);
    mkdirSync(CACHE, { recursive: true });
    // Several processes compile the same file at once; none may read half of it.
    writeFileSync(`${file}.${process.pid}`, code);
    renameSync(`${file}.${process.pid}`, file);
    return code;
  }
}
