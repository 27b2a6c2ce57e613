import { quotaFor } from "../../src/firehose/limits";

const MIB = 1_024 * 1_024;
/** docs.aws.amazon.com/firehose/latest/dev/limits.html: Direct PUT, per stream. */
const LARGE = { recordsPerSecond: 500_000, requestsPerSecond: 2_000, bytesPerSecond: 5 * MIB };
const OTHER = { recordsPerSecond: 100_000, requestsPerSecond: 1_000, bytesPerSecond: MIB };
const ask = (overrides: Partial<Parameters<typeof quotaFor>[0]>) =>
  quotaFor({ region: "us-east-1", endpointUrl: undefined, maxBytesPerSecond: undefined, ...overrides });

describe("quotaFor", () => {
  it.each([
    ["us-east-1", LARGE],
    ["us-west-2", LARGE],
    ["eu-west-1", LARGE],
    ["eu-central-1", OTHER],
    ["a-region-of-2030", OTHER],
    [undefined, OTHER],
  ])("knows the quota of region %s", (region, quota) => {
    expect(ask({ region })).toEqual(quota);
  });

  it.each([
    "https://firehose.us-east-1.amazonaws.com",
    "https://firehose.us-east-1.api.aws",
    "https://firehose.cn-north-1.amazonaws.com.cn",
    "https://vpce-1-2.firehose.us-east-1.vpce.amazonaws.com",
  ])("keeps to it at every endpoint of AWS: %s", (endpointUrl) => {
    expect(ask({ endpointUrl })).toEqual(LARGE);
  });

  it.each(["http://127.0.0.1:4566", "http://amazonaws.com.example:80", "https://myamazonaws.com", "no url"])(
    "knows none for another endpoint: %s",
    (endpointUrl) => {
      expect(ask({ endpointUrl })).toBeUndefined();
    },
  );

  it.each([undefined, "http://127.0.0.1:4566"])(
    "scales all three rates to the user's figure (endpoint %s)",
    (endpointUrl) => {
      expect(ask({ endpointUrl, maxBytesPerSecond: 10 * MIB })).toEqual({
        recordsPerSecond: 1_000_000,
        requestsPerSecond: 4_000,
        bytesPerSecond: 10 * MIB,
      });
    },
  );
});
