import { readOptionalStore } from "../../src/config/aws";
import { EnvReader } from "../../src/config/reader";
import { configOf, expectRefused, problemsOf } from "./helpers/environment";

const TABLE = { CHECKPOINT_FILE: undefined, CHECKPOINT_TABLE: "tweets-dev-checkpoints" };

describe("the delivery stream", () => {
  it("is looked for in the region and at the endpoint that are set", () => {
    const config = configOf({
      AWS_REGION: "eu-west-1",
      AWS_ENDPOINT_URL: "http://127.0.0.1:4566",
      FIREHOSE_MAX_BYTES_PER_SECOND: "1024",
    });
    expect(config.firehose).toEqual({
      target: {
        streamName: "tweet_stream",
        region: "eu-west-1",
        endpointUrl: "http://127.0.0.1:4566",
      },
      maxBytesPerSecond: 1_024,
    });
  });

  it.each([
    ["FIREHOSE_STREAM_NAME", "tweet stream", "1 to 64"],
    ["FIREHOSE_STREAM_NAME", "t".repeat(65), "1 to 64"],
    ["FIREHOSE_MAX_BYTES_PER_SECOND", "1023", "from 1024"],
    ["AWS_ENDPOINT_URL_FIREHOSE", "localhost:4566", "http or https URL"],
    ["AWS_ENDPOINT_URL", "4566", "http or https URL"],
    ["AWS_REGION", '"eu-west-1"', "a region, such as eu-west-1"],
    ["AWS_REGION", "eu west", "a region, such as eu-west-1"],
    ["AWS_DEFAULT_REGION", "EU-WEST-1", "a region, such as eu-west-1"],
  ])("refuses %s=%s and says what is allowed", expectRefused);

  it("is looked for by the SDK where the region is blank", () => {
    expect(configOf({ AWS_REGION: " " }).firehose.target.region).toBeUndefined();
  });

  it("has one problem for one variable, however many services need it", () => {
    expect(problemsOf({ ...TABLE, AWS_REGION: "eu west", AWS_ENDPOINT_URL: "4566" })).toHaveLength(2);
  });

  it("takes a name of 64 characters", () => {
    expect(problemsOf({ FIREHOSE_STREAM_NAME: "t".repeat(64) })).toEqual([]);
  });
});

describe("the ledger's store", () => {
  it("is a table with the ledger default, unless LEDGER_KEY names another one", () => {
    expect(configOf(TABLE).store).toEqual({
      kind: "dynamodb",
      table: "tweets-dev-checkpoints",
      ledgerKey: "default",
      region: undefined,
      endpointUrl: undefined,
    });
    expect(configOf({ ...TABLE, LEDGER_KEY: "second.account" }).store).toMatchObject({
      ledgerKey: "second.account",
    });
  });

  it.each(["two words", "konto-ü", "a/b", "k".repeat(65)])("refuses LEDGER_KEY=%s", (key) => {
    expect(problemsOf({ ...TABLE, LEDGER_KEY: key })).toEqual([
      `LEDGER_KEY must be 1 to 64 of a-z A-Z 0-9 _ . -, got "${key}".`,
    ]);
  });

  it("takes a LEDGER_KEY of 64 characters", () => {
    expect(problemsOf({ ...TABLE, LEDGER_KEY: "k".repeat(64) })).toEqual([]);
  });

  it.each(["ab", "tweets dev", "t".repeat(256)])("refuses CHECKPOINT_TABLE=%s", (table) => {
    expect(problemsOf({ ...TABLE, CHECKPOINT_TABLE: table })).toEqual([
      `CHECKPOINT_TABLE must be 3 to 255 of a-z A-Z 0-9 _ . -, got "${table}".`,
    ]);
  });

  it("has its own endpoint, apart from that of the stream", () => {
    const config = configOf({
      ...TABLE,
      AWS_DEFAULT_REGION: "eu-west-1",
      AWS_ENDPOINT_URL: "http://127.0.0.1:4566",
      AWS_ENDPOINT_URL_DYNAMODB: "http://127.0.0.1:8000",
    });
    expect(config.store).toMatchObject({ region: "eu-west-1", endpointUrl: "http://127.0.0.1:8000" });
    expect(config.firehose.target).toMatchObject({
      region: "eu-west-1",
      endpointUrl: "http://127.0.0.1:4566",
    });
  });

  it("is exactly one of a file and a table", () => {
    const both = problemsOf({ CHECKPOINT_TABLE: "tweets-dev-checkpoints" });
    const neither = problemsOf({ CHECKPOINT_FILE: undefined });
    expect(both).toEqual([expect.stringMatching(/^CHECKPOINT_TABLE or CHECKPOINT_FILE .*got both\./)]);
    expect(neither).toEqual([expect.stringMatching(/^CHECKPOINT_TABLE or CHECKPOINT_FILE .*got neither\./)]);
  });

  it("may be absent where a command can do without it", () => {
    const read = (env: Record<string, string>) => readOptionalStore(new EnvReader(env));
    expect(read({})).toBeUndefined();
    expect(read({ CHECKPOINT_FILE: "ledger.json" })).toEqual({ kind: "file", path: "ledger.json" });
    expect(read({ CHECKPOINT_TABLE: "ledgers" })).toMatchObject({ kind: "dynamodb", table: "ledgers" });
  });
});
