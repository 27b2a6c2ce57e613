import { ConfigurationError, checkEnvironments } from "../../stacks/environment/check-environments";
import type { EnvironmentConfig } from "../../stacks/environment/environment";
import { environmentWith } from "../helpers/environment";
import { synthesize } from "../helpers/synth";

const run = { mode: "schedule", expression: "rate(1 hour)" } as const;
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
      expect.stringMatching(
        /^environments\/test.ts: ingester.monthlyPostLimit or monthlyUsdLimit must be set, got neither/,
      ),
    ]);
  });

  it("passes with a limit in dollars only", () => {
    const { monthlyPostLimit: _, ...ingester } = environmentWith().ingester;
    expect(problemsOf({ ...environmentWith(), ingester: { ...ingester, monthlyUsdLimit: 5 } })).toEqual([]);
  });

  const wrong: [string, Record<string, unknown>, RegExp][] = [
    [
      "a pipeline whose state is on its own machine",
      { github: { repository: "octo-org/my-repo" } },
      /state must be in a bucket where there is a section "github", got "local"\. Set `state/,
    ],
    [
      "a pipeline of any repository",
      { github: { repository: "*/my-repo" }, state: { kind: "s3", bucket: "states" } },
      /github\.repository must be "owner\/name" or/,
    ],
    ["a tag of AWS's own", { tags: { "aws:team": "a" } }, /tags.aws:team.\(name\) must be 1 to 128 letters/],
    ["a tag with an ampersand", { tags: { team: "R&D" } }, /tags.team must be at most 256 letters/],
    [
      "a tag that the stacks set",
      { tags: { stack: "mine" } },
      /tags.stack must have another name, got "stack"/,
    ],
    [
      "more tags than a resource may have",
      { tags: Object.fromEntries(Array.from({ length: 47 }, (_, index) => [`tag${index}`, ""])) },
      /tags must be at most 46 tags, got 47/,
    ],
    ["a number for a tag", { tags: { team: 1 } }, /tags.team must be a text, got 1/],
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
      "a limit below X's smallest page",
      { ingester: { monthlyPostLimit: 9 } },
      /ingester.monthlyPostLimit must be a whole number from 10 to 1000000000000 posts, or "none", got 9\. \S/,
    ],
    [
      "a limit below X's smallest page with its expansions",
      { ingester: { monthlyPostLimit: "none", monthlyUsdLimit: 0.14, expansions: ["author_id"] } },
      /ingester.monthlyUsdLimit must be a number from 0.15 to 1000000000 US dollars, or "none", got 0.14\. \S/,
    ],
    [
      "a query and a list of queries",
      { ingester: { source: { queries: [{ name: "cats", query: "cats" }] } } },
      /ingester.source.query or queries must be set, exactly one of them, got both\. Set query:/,
    ],
    [
      "a text for a list of queries",
      { ingester: { source: { query: undefined, queries: "cats" } } },
      /ingester.source.queries must be a list of 1 to 32, got "cats"/,
    ],
    [
      "a query that search would not understand as meant",
      { ingester: { source: { query: "cats sample:10" } } },
      /ingester.source.query must be an X query .*, without sample:.*, got "cats sample:10"\. Shorten it/,
    ],
    [
      "a scope of its own",
      { ingester: { limitScope: "team" } },
      /ingester.limitScope must be one of project, own, got "team"\. \S/,
    ],
    ["a ledger with a slash", { ingester: { ledgerKey: "a/b" } }, /ingester.ledgerKey must be 1 to 64 of/],
    [
      "a billing cycle that never turns",
      { ingester: { billingCycleDay: 32 } },
      /ingester.billingCycleDay must be a whole number from 1 to 31, got 32\. \S/,
    ],
    [
      "a word for a switch",
      { ingester: { deduplicates: "false" } },
      /ingester.deduplicates must be true or false, got "false"/,
    ],
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

describe("rules between the sections of an environment file", () => {
  const key = "arn:aws:kms:us-east-1:333333333333:key/1234";
  const sidecars = [{ name: "agent", image: "public.ecr.aws/agent:1.0", ports: [9000] }];
  const wrong: [string, Parameters<typeof environmentWith>[0], RegExp][] = [
    ["a key of another region", { kmsKeyArn: key }, /kmsKeyArn must be a key of eu-west-1/],
    [
      "a kill before the ingester has stopped",
      { worker: { stopTimeoutSeconds: 25 } },
      /worker.stopTimeoutSeconds must be more than ingester.shutdownSeconds \(25\), got 25/,
    ],
    [
      "a longer stop than the kill allows",
      { ingester: { shutdownSeconds: 60 } },
      /worker.stopTimeoutSeconds must be more than ingester.shutdownSeconds \(60\), got 60/,
    ],
    [
      "a zone of another region",
      { network: { availabilityZones: ["us-east-1a"] } },
      /network.availabilityZones.0 must be a zone of eu-west-1/,
    ],
    [
      "a sidecar on the ingester's port",
      { worker: { sidecars }, ingester: { httpPort: 9000 } },
      /worker.sidecars must be on ports of their own, got 9000/,
    ],
  ];
  it.each(wrong)("refuse %s", (_case, changes, message) => {
    expect(problemsOf(environmentWith(changes))).toEqual([expect.stringMatching(message)]);
  });

  it("accept a stop just before the kill", () => {
    expect(problemsOf(environmentWith({ worker: { stopTimeoutSeconds: 26 } }))).toEqual([]);
  });
});

describe("the longest names", () => {
  it("still fit everything that is named after them", () => {
    const config = environmentWith({ app: "a".repeat(20), environment: "b".repeat(20) });
    expect(problemsOf(config)).toEqual([]);
    expect(() => synthesize({ ...config, transform: {}, worker: { ...config.worker, run } })).not.toThrow();
  });
});

describe("the problems of an environment file", () => {
  it("are reported all at once, one hiding no other", () => {
    const config = environmentWith({
      accountId: "1",
      kmsKeyArn: "arn:aws:kms:us-east-1:333333333333:key/1234",
      delivery: { bufferingSizeMiB: "5" as never, bufferingIntervalSeconds: 901 },
      network: { vpcCidr: "10.0.0.0/8" },
      worker: { cpu: "256" as never, memoryMiB: 5, stopTimeoutSeconds: 10, capacity: "EC2" as never },
      ingester: {
        source: {
          mode: "search",
          query: undefined,
          queries: [
            { name: "a b", query: "bio:cat" },
            { name: "twice", query: "from:nasa" },
            { name: "twice", query: " from:nasa " },
          ],
        },
        monthlyPostLimit: 29,
        monthlyUsdLimit: 0.1,
        expansions: ["referenced_posts"],
        ledgerKey: "",
        logLevel: "loud" as never,
      },
    });
    const paths = problemsOf(config).map((line) => line.split(" ")[1]);
    expect(paths).toEqual([
      "accountId",
      "delivery.bufferingSizeMiB",
      "delivery.bufferingIntervalSeconds",
      "worker.cpu",
      "worker.capacity",
      "ingester.source.queries.0.name",
      "ingester.source.queries.0.query",
      "ingester.source.queries.2.name",
      "ingester.source.queries.2.query",
      "ingester.ledgerKey",
      "ingester.logLevel",
      "ingester.monthlyPostLimit",
      "ingester.monthlyUsdLimit",
      "network.vpcCidr",
      "kmsKeyArn",
      "worker.stopTimeoutSeconds",
    ]);
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
