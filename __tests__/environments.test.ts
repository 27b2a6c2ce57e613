import { ConfigurationError, checkEnvironments } from "../stacks/check-environments";
import type { EnvironmentConfig } from "../stacks/environment";
import { environmentWith } from "./helpers/environment";

const FILE = "environments/test.ts";

function problemsOf(config: unknown): readonly string[] {
  try {
    checkEnvironments({ [FILE]: config as EnvironmentConfig });
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
}

describe("an environment file", () => {
  it("passes when it is right", () => {
    expect(problemsOf(environmentWith())).toEqual([]);
  });

  it("must say how much the ingester may spend", () => {
    const { monthlyPostLimit: _, ...ingester } = environmentWith().ingester;
    expect(problemsOf({ ...environmentWith(), ingester })).toEqual([
      expect.stringMatching(/^environments\/test.ts: ingester must set monthlyPostLimit or monthlyUsdLimit/),
    ]);
  });

  it("passes with a limit in dollars only", () => {
    const { monthlyPostLimit: _, ...ingester } = environmentWith().ingester;
    expect(problemsOf({ ...environmentWith(), ingester: { ...ingester, monthlyUsdLimit: 5 } })).toEqual([]);
  });

  const wrong: [string, Record<string, unknown>, RegExp][] = [
    ["a missing field", { region: undefined }, /region is missing/],
    [
      "a misspelt field",
      { delivery: { bufferingSizeMib: 5 } },
      /delivery.bufferingSizeMib is not a known field/,
    ],
    ["a text for a number", { worker: { cpu: "256" } }, /worker.cpu must be a number, got "256"/],
    ["the tag latest", { worker: { image: "latest" } }, /worker.image must be a tag other than "latest"/],
    [
      "an unknown network mode",
      { network: { mode: "dialup" } },
      /network.mode must be one of public.*got "dialup"/,
    ],
    [
      "a zone that is none",
      { network: { availabilityZones: ["Ireland"] } },
      /network.availabilityZones.0 must be/,
    ],
    [
      "no zone",
      { network: { availabilityZones: [] } },
      /network.availabilityZones must be a list of 1 or more/,
    ],
    ["an app name in upper case", { app: "Tweets" }, /app must be lower-case letters/],
    [
      "a time zone for a start",
      { ingester: { source: { start: "yesterday" } } },
      /ingester.source.start must be/,
    ],
  ];
  it.each(wrong)("is refused with %s", (_case, changes, message) => {
    expect(problemsOf(environmentWith(changes))).toEqual([expect.stringMatching(message)]);
  });
});

describe("two environments", () => {
  it("are refused when they share a stream name in one account and region", () => {
    const first = environmentWith();
    const second = environmentWith({ environment: "other" });
    expect(() => checkEnvironments({ "a.ts": first, "b.ts": second })).toThrow(
      /b.ts: delivery.streamName gives the stream 333333333333\/eu-west-1\/tweet_stream, which a.ts has already/,
    );
  });

  it("may share a stream name in two regions", () => {
    const second = environmentWith({
      environment: "other",
      region: "us-east-1",
      network: { availabilityZones: ["us-east-1a"] },
    });
    expect(() => checkEnvironments({ "a.ts": environmentWith(), "b.ts": second })).not.toThrow();
  });

  it("are refused when they would be the same stacks", () => {
    expect(() => checkEnvironments({ "a.ts": environmentWith(), "b.ts": environmentWith() })).toThrow(
      /b.ts: environment gives the stack tweets-test-data, which a.ts has already/,
    );
  });
});
