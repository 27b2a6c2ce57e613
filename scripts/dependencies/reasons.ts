/** Why each direct dependency is there, and who keeps it. What it is, its package says itself. */

export interface Reason {
  /** What it does here, and why it is not our own code. */
  readonly why: string;
  /** As seen on 2026-11-27: who, and how often. */
  readonly upkeep: string;
}

const AWS_SDK: Reason = { why: "AWS's own client", upkeep: "AWS, several releases a week" };
const CDKTF_ARCHIVED = "archived by its makers; the way out is tested (docs/cdk-terrain.md)";

/** By the place that declares them, in the order of the document. */
export const REASONS: Readonly<Record<string, Readonly<Record<string, Reason>>>> = {
  "ingester/package.json": {
    "@aws-sdk/client-dynamodb": { ...AWS_SDK, why: "the ledger in a table" },
    "@aws-sdk/client-firehose": { ...AWS_SDK, why: "delivery" },
    "@aws-sdk/client-s3": { ...AWS_SDK, why: "the audit lists and reads the bucket" },
    "@aws-sdk/credential-provider-node": { ...AWS_SDK, why: "credentials of a task, a profile or SSO" },
    "@smithy/node-http-handler": { ...AWS_SDK, why: "time limits, sockets and proxies of the clients" },
    "http-proxy-agent": { why: "HTTP_PROXY", upkeep: "one of Node's maintainers, six releases in a year" },
    "https-proxy-agent": { why: "HTTPS_PROXY", upkeep: "one of Node's maintainers, five releases in a year" },
    hyparquet: {
      why: "the audit reads Parquet; no dependency of its own",
      upkeep: "company (Hyperparam), some 60 releases in a year",
    },
    "lossless-json": {
      why: "numbers of X keep every digit",
      upkeep: "author of JSON Editor, nine releases in a year",
    },
    pino: { why: "log lines as JSON", upkeep: "team of Fastify, 21 releases in a year" },
    "prom-client": { why: "metrics for Prometheus", upkeep: "community, seven releases in a year" },
    "proxy-from-env": { why: "NO_PROXY, by the usual rules", upkeep: "one author, three releases in a year" },
    "twitter-api-v2": {
      why: "requests to X, and their rate limits",
      upkeep: "one author, 13 releases in a year",
    },
    esbuild: { why: "the bundle", upkeep: "one author, some 60 releases in a year" },
  },
  "package.json": {
    cdktf: { why: "the stacks", upkeep: CDKTF_ARCHIVED },
    "cdktf-cli": { why: "`cdktf deploy`", upkeep: CDKTF_ARCHIVED },
    "@cdktf/provider-aws": { why: "resources of AWS as classes", upkeep: CDKTF_ARCHIVED },
    constructs: { why: "the tree of constructs", upkeep: "AWS, weekly" },
    "@aws-sdk/client-ecr": { ...AWS_SDK, why: "asks the registry whether an image is there, and logs in" },
    "@biomejs/biome": { why: "lint and format, import directions", upkeep: "team, weekly" },
    "@duckdb/node-api": {
      why: "tests of the queries that docs/query.md shows",
      upkeep: "DuckDB Labs, monthly",
    },
    "@jest/test-sequencer": {
      why: "Jest's order of test files, which jest.sequencer.js extends",
      upkeep: "as Jest",
    },
    "@swc/core": { why: "compiles tests", upkeep: "team, weekly" },
    "@swc/jest": { why: "SWC in Jest", upkeep: "team of SWC, five releases in a year" },
    "@types/jest": { why: "types", upkeep: "DefinitelyTyped" },
    "@types/node": { why: "types of the oldest Node that is supported", upkeep: "DefinitelyTyped" },
    ajv: { why: "tests of lines and requests against JSON schemas", upkeep: "one author, widely used" },
    "ajv-formats": { why: "dates in those schemas", upkeep: "author of Ajv" },
    dynalite: { why: "DynamoDB in tests", upkeep: "one author, 17 releases in a year" },
    "fast-check": { why: "property tests, shrinking of simulated worlds", upkeep: "one author, monthly" },
    jest: { why: "tests", upkeep: "team, monthly" },
    "playwright-core": { why: "the status page in Chromium, in tests", upkeep: "Microsoft, daily" },
    tsx: { why: "runs TypeScript of scripts", upkeep: "one author, 34 releases in a year" },
    typescript: { why: "types", upkeep: "Microsoft, daily" },
    yaml: { why: "tests of the workflows", upkeep: "one author, 31 releases in a year" },
  },
};

/** Of what the image and the package hold. MPL-2.0 covers the files of CDKTF alone, which are not changed here. */
export const ALLOWED_LICENCES = [
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "ISC",
  "MIT",
  "MPL-2.0",
];
