const { rmSync } = require("node:fs");
const { tmpdir } = require("node:os");

/** Removes what jest.global-setup.ts has made. */
module.exports = () => {
  rmSync(tmpdir(), { recursive: true, force: true, maxRetries: 3 });
};
