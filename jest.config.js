const { availableParallelism, totalmem } = require("node:os");

const compiler = (parser) => [
  "@swc/jest",
  { jsc: { target: "es2022", parser }, module: { type: "commonjs" } },
];
/** Packages that are ES modules alone; jest runs CommonJS. */
const ES_MODULES = "agent-base|http-proxy-agent|https-proxy-agent|proxy-agent-negotiate";

// Terraform, its provider and the TypeScript compiler are programs in Go that end after seconds: with less garbage
// collection they take a fifth less CPU, and a fifth more memory.
process.env.GOGC ??= "400";
// Node 20 parses these certificates at each start, which makes it three times as long; tests speak to no other machine.
delete process.env.NODE_EXTRA_CA_CERTS;

const WORKER_BYTES = 2 * 2 ** 30;

/** @type {import("jest").Config} */
module.exports = {
  // A failing test that leaves a server or a child behind must fail the run, not hang it.
  forceExit: true,
  // Real processes on a busy machine: a time limit is there against hanging, not to measure.
  testTimeout: 30_000,
  // Its default leaves one core idle, which on two cores doubles the time; tests of real processes mostly wait. A worker
  // takes about a gigabyte.
  maxWorkers: Math.max(4, Math.min(6, Math.floor(totalmem() / WORKER_BYTES)), availableParallelism()),
  testSequencer: "<rootDir>/jest.sequencer.js",
  globalSetup: "./jest.global-setup.ts",
  globalTeardown: "./jest.global-teardown.js",
  testMatch: ["**/*.test.ts"],
  // npm run parity compares with another library, and plans every stack once more.
  // Emulator tests deploy to whatever AWS_ENDPOINT_URL names: npm run test:emulator asks for that.
  testPathIgnorePatterns: [
    "/node_modules/",
    "/dist/",
    "/cdktf.out/",
    "/.local/",
    "/__tests__/parity/",
    // Real plans of roots that call the generated modules, and the modules' own tests: npm run test:modules.
    "/__tests__/modules/called[.]",
    "/__tests__/emulator/deploy[.]",
  ],
  modulePathIgnorePatterns: ["/dist/", "/cdktf.out/", "/.local/"],
  moduleNameMapper: {
    // cdktf keeps the call stack of every token, which jest maps back to the sources: a third of a stack's synthesis.
    "^[.].*/stack-trace$": "<rootDir>/__tests__/helpers/no-stack-trace.ts",
  },
  transform: {
    "^.+\\.ts$": compiler({ syntax: "typescript" }),
    [`/node_modules/(${ES_MODULES})/.+\\.js$`]: compiler({ syntax: "ecmascript" }),
  },
  transformIgnorePatterns: [`/node_modules/(?!(${ES_MODULES})/)`],
};
