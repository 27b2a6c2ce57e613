/**
 * The image's main.js: runs the bundle, ingester.js, with the code that V8 has compiled in a run before (rehearse.cjs). Node
 * by itself keeps only what is compiled while a file loads, a third of what a start needs.
 */
const { readFileSync } = require("node:fs");
const { wrap } = require("node:module");
const { join } = require("node:path");
const { Script } = require("node:vm");

const bundle = join(__dirname, "ingester.js");
/** By architecture: one machine builds the images of several. */
const codeFile = join(__dirname, "compile-cache", `ingester.${process.arch}.code`);
// ASCII, and its first line is `#!`, which is for a file that is run by its name.
const source = wrap(`//${readFileSync(bundle, "latin1")}`);
// V8 passes over code of another version, of another text or for other flags, and compiles.
const script = new Script(source, { filename: bundle, cachedData: keptCode() });

function keptCode() {
  try {
    return readFileSync(codeFile);
  } catch {
    // A start without it takes longer, no more.
    return undefined;
  }
}

module.exports = { codeFile, script };
script.runInThisContext()({}, require, { exports: {} }, bundle, __dirname);
