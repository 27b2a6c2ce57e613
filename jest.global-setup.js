const { mkdtempSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

/** Temporary files of all tests, and those that cdktf makes for each app, lie in one directory, which the run removes. */
module.exports = () => {
  process.env.TMPDIR = mkdtempSync(join(tmpdir(), "tests-"));
};
