import { HOURLY_PARTITIONS } from "../../stacks/constructs/delivery/props";
import { ConfigurationError, checkEnvironments } from "../../stacks/environment/check-environments";
import { environmentWith } from "../helpers/environment";

function problemsOf(changes: Parameters<typeof environmentWith>[0]): readonly string[] {
  try {
    checkEnvironments({ "dev.ts": environmentWith(changes) });
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
}

describe("an environment with transform and catalog", () => {
  it.each([
    { transform: {}, catalog: {} },
    { catalog: { parquet: true }, delivery: { bufferingSizeMiB: 64 } },
    { catalog: {}, delivery: { bufferingSizeMiB: 1, dataOutputPrefix: `posts/${HOURLY_PARTITIONS}` } },
    {
      transform: {
        bufferSizeMB: 0.2,
        bufferIntervalSeconds: 0,
        retries: 0,
        memoryMiB: 10240,
        timeoutSeconds: 300,
      },
    },
    { transform: { bufferSizeMB: 1, bufferIntervalSeconds: 60, retries: 3 } },
    { delivery: { dataOutputPrefix: "posts/!{timestamp:yyyy}/" } },
  ])("passes: %j", (changes) => {
    expect(problemsOf(changes)).toEqual([]);
  });

  it.each<[Parameters<typeof environmentWith>[0], RegExp]>([
    [
      { catalog: { parquet: true }, delivery: { bufferingSizeMiB: 63 } },
      /^dev.ts: delivery.bufferingSizeMiB must be at least 64 MiB when format conversion is enabled, got/,
    ],
    [
      { catalog: {}, delivery: { dataOutputPrefix: "posts/!{timestamp:yyyy}/" } },
      /^dev.ts: delivery.dataOutputPrefix must be a prefix ending with year=/,
    ],
    [{ catalog: { scanLimitMiB: 9 } }, /^dev.ts: catalog.scanLimitMiB must be a whole number from 10 to/],
    [{ catalog: { expireResultsAfterDays: 0 } }, /^dev.ts: catalog.expireResultsAfterDays must be/],
    [
      { transform: { bufferSizeMB: 2 } },
      /^dev.ts: transform.bufferIntervalSeconds must be unlike Firehose's default where the other .*, got 60\. /,
    ],
    [
      { transform: { bufferSizeMB: 1, bufferIntervalSeconds: 90 } },
      /^dev.ts: transform.bufferSizeMB must be unlike Firehose's default where the other .*, got 1\. /,
    ],
    [
      { transform: { bufferSizeMB: 3.1, bufferIntervalSeconds: 90 } },
      /^dev.ts: transform.bufferSizeMB must be a number from 0.2 to 3/,
    ],
    [{ transform: { retries: 301 } }, /^dev.ts: transform.retries must be/],
  ])("is refused: %j", (changes, message) => {
    expect(problemsOf(changes)).toEqual([expect.stringMatching(message)]);
  });
});
