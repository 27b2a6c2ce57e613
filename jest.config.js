/** @type {import("jest").Config} */
module.exports = {
  testMatch: ["**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", "/dist/", "/cdktf.out/", "/.local/"],
  modulePathIgnorePatterns: ["/dist/", "/cdktf.out/", "/.local/"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
    ],
  },
};
