import { ConfigurationError, checkEnvironments } from "../../stacks/environment/check-environments";
import type { EnvironmentConfig } from "../../stacks/environment/environment";
import type { StreamSource } from "../../stacks/ingestion/source";
import { environmentWith } from "../helpers/environment";
import { synthesize } from "../helpers/synth";

const run = { mode: "schedule", expression: "rate(1 hour)" } as const;
const FILE = "environments/test.ts";

const LIVE = { mode: "stream" as const, rules: [{ value: "from:nasa", tag: "nasa" }] };
const listening = (rules: StreamSource["rules"]): StreamSource => ({ mode: "stream", rules });
/** Rules of the greatest length. */
const longRules = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ value: `${index}`.padEnd(1_024, "v"), tag: `t${index}` }));

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
    [
      "an audit by an expression that EventBridge refuses",
      { audit: { expression: "daily" } },
      /audit\.expression must be "rate\(15 minutes\)" or a cron/,
    ],
    ["an audit in no time zone", { audit: { timeZone: "Mars/Olympus" } }, /audit\.timeZone must be/],
    [
      "an audit with an emulator",
      { audit: {}, emulator: true },
      /audit must be left out with emulator: true/,
    ],
    [
      "an audit of a whole bucket",
      { audit: {}, delivery: { dataOutputPrefix: "!{timestamp:yyyy}/" } },
      /audit needs prefixes of delivery that begin with a fixed text/,
    ],
    [
      "an audit that no alarm would see",
      { audit: {}, ingester: { metricsNamespace: "" } },
      /audit needs the ingester's metrics, got metricsNamespace ""/,
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
    ["the tag latest", { worker: { image: "latest" } }, /worker.image must be a tag other than "latest"/],
    [
      "a zone that is none",
      { network: { availabilityZones: ["Ireland"] } },
      /network.availabilityZones.0 must be/,
    ],
    [
      "no zone",
      { network: { availabilityZones: [] } },
      /network.availabilityZones must be one zone or more, got \[\]/,
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
      "a query beside rules",
      { ingester: { source: { ...LIVE, query: "cats" } as never } },
      /ingester.source.query must be left out in stream mode, got "cats"\. Set mode: "search" with a query/,
    ],
    [
      "a pause between polls of a stream",
      { ingester: { source: { ...LIVE, pollSeconds: 60 } as never } },
      /ingester.source.pollSeconds must be left out in stream mode, got 60\. \S/,
    ],
    [
      "rules beside a query",
      { ingester: { source: { rules: LIVE.rules } as never } },
      /ingester.source.rules must be left out in search mode, got \[\{"value":"from:nasa","tag":"nasa"\}\]/,
    ],
    [
      "an unknown mode",
      { ingester: { source: { mode: "steam", rules: LIVE.rules } as never } },
      /ingester.source.mode must be one of search, stream, got "steam"\. Set mode: "search"/,
    ],
    [
      "no rules",
      { ingester: { source: { mode: "stream" } as never } },
      /ingester.source.rules must be a list of 1 to 1000, got nothing\. Each is a rule such as \{ value: /,
    ],
    [
      "a rule without a tag",
      { ingester: { source: listening([{ value: "cats" } as never]) } },
      /ingester.source.rules.0.tag must be 1 to 100 characters of text, got nothing\. \S/,
    ],
    [
      "a misspelt member of a rule",
      { ingester: { source: listening([{ value: "cats", tag: "pets", label: "x" } as never]) } },
      /ingester.source.rules.0.label must be left out of a rule, got "x"\. A rule is \{ value: /,
    ],
    [
      "one rule twice",
      { ingester: { source: listening([...LIVE.rules, { value: " from:nasa ", tag: "esa" }]) } },
      /ingester.source.rules.1.value must be unlike rules.0.value, got "from:nasa"\. Change or remove/,
    ],
    [
      "more rules than a task definition holds",
      { ingester: { source: listening(longRules(70)) } },
      /ingester.source.rules must be at most 63488 bytes as JSON in the task definition, got 7\d{4}\. .*another X app/,
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
      "a start that the calendar does not have",
      { ingester: { source: { start: "2026-02-30T25:00Z" } } },
      /ingester.source.start must be a time that exists, got "2026-02-30T25:00Z"/,
    ],
    [
      "a start in the future",
      { ingester: { source: { start: "2999-01-01T00:00:00Z" } } },
      /ingester.source.start must be a time in the past, got "2999-01-01T00:00:00Z"/,
    ],
    [
      "a second ingester of the same queries",
      { worker: { run: { mode: "service", desiredCount: 2 } } },
      /worker.run.desiredCount must be a whole number from 0 to 1 tasks, got 2\. .*claimed/,
    ],
    [
      "an expiry on the day of the transition",
      { storage: { infrequentAccessAfterDays: 30, expireAfterDays: 30 } },
      /storage.expireAfterDays must be more than infrequentAccessAfterDays \(30\), got 30/,
    ],
    [
      "an extension that hides the compression",
      { delivery: { fileExtension: ".jsonl" } },
      /delivery.fileExtension must be an extension that ends in "\.gz", got "\.jsonl"/,
    ],
    [
      "an extension of compressed lines for Parquet",
      { delivery: { fileExtension: ".jsonl.gz" }, catalog: { parquet: true } },
      /delivery.fileExtension must be an extension that does not end in "\.gz"/,
    ],
    [
      "addresses of this machine for a network",
      { network: { vpcCidr: "127.0.0.0/16" } },
      /network.vpcCidr must be outside of 0\.0\.0\.0\/8, 127\.0\.0\.0\/8, .*, got "127\.0\.0\.0\/16"/,
    ],
    [
      "link-local addresses for a network",
      { network: { vpcCidr: "169.254.0.0/20" } },
      /network.vpcCidr must be outside/,
    ],
    [
      "multicast addresses for a network",
      { network: { vpcCidr: "239.1.0.0/16" } },
      /network.vpcCidr must be/,
    ],
    [
      "a zone twice",
      { network: { availabilityZones: ["eu-west-1a", "eu-west-1a"] } },
      /network.availabilityZones.1 must be unlike availabilityZones.0, got "eu-west-1a"/,
    ],
    [
      "a range twice",
      { worker: { statusIngressCidrs: ["10.0.0.0/8", "10.0.0.0/8"] } },
      /worker.statusIngressCidrs.1 must be unlike statusIngressCidrs.0, got "10\.0\.0\.0\/8"/,
    ],
    [
      "a range with host bits",
      { worker: { statusIngressCidrs: ["10.0.0.1/8"] } },
      /worker.statusIngressCidrs.0 must be an IPv4 range without host bits/,
    ],
    [
      "a cron expression for an hour that does not exist",
      { worker: { run: { mode: "schedule", expression: "cron(0 25 * * ? *)" } } },
      /worker.run.expression must be "rate/,
    ],
    [
      "a topic of another region",
      { monitoring: { topicArn: "arn:aws:sns:us-east-1:333333333333:on-call" } },
      /monitoring.topicArn must be a topic of eu-west-1, got/,
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
      /worker.stopTimeoutSeconds must be more than the ingester's shutdownSeconds \(25\), got 25/,
    ],
    [
      "a longer stop than the kill allows",
      { ingester: { shutdownSeconds: 60 } },
      /worker.stopTimeoutSeconds must be more than the ingester's shutdownSeconds \(60\), got 60/,
    ],
    [
      "a zone of another region",
      { network: { availabilityZones: ["us-east-1a"] } },
      /network.availabilityZones.0 must be a zone of eu-west-1/,
    ],
    [
      "a schedule for a stream",
      { worker: { run }, ingester: { source: LIVE } },
      /worker.run.mode must be "service" where the source is a stream, got "schedule"\. A stream has no end/,
    ],
    [
      "a second listener",
      { worker: { run: { mode: "service", desiredCount: 2 } }, ingester: { source: LIVE } },
      /worker.run.desiredCount must be a whole number from 0 to 1 tasks, got 2/,
    ],
    [
      "a buffer that the task's memory does not hold",
      { ingester: { source: { ...LIVE, bufferMiB: 65 } } },
      /worker.memoryMiB must be at least 520, 8 times the stream's bufferMiB \(65\), got 512\. \S/,
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

describe("the expiry of posts", () => {
  const kept = (expireAfterDays: number) => ({ storage: { expireAfterDays } });

  it.each([1, 6, 7])("is refused with an audit, and accepted without one, after %s days", (days) => {
    expect(problemsOf(environmentWith({ ...kept(days), audit: {} }))).toEqual([
      expect.stringMatching(
        `storage.expireAfterDays must be at least 8 days where an audit reads the posts, got ${days}\\.`,
      ),
    ]);
    expect(problemsOf(environmentWith(kept(days)))).toEqual([]);
  });

  it("is accepted with an audit after 8 days, or in a bucket that is there already", () => {
    expect(problemsOf(environmentWith({ ...kept(8), audit: {} }))).toEqual([]);
    const storage = { existingBucket: { bucket: "team-posts" } };
    expect(problemsOf(environmentWith({ storage, audit: {} }))).toEqual([]);
  });
});

describe("the folder of errors of an audit", () => {
  const problemsWith = (delivery: object) => problemsOf(environmentWith({ audit: {}, delivery }));
  const ERRORS = "!{firehose:error-output-type}/";
  const below = { dataOutputPrefix: "acme/tweets/!{timestamp:yyyy}/", errorOutputPrefix: `acme/${ERRORS}` };

  it.each([
    ["above the posts", below, /errors under "acme\/" and posts under "acme\/tweets\/"/],
    [
      "the folder of the posts",
      { errorOutputPrefix: `tweets/error=${ERRORS}` },
      /errors under "tweets\/" and posts under "tweets\/"/,
    ],
    [
      "the folder of posts of the other format",
      { errorOutputPrefix: `tweets-parquet/${ERRORS}` },
      /errors under "tweets-parquet\/" and posts under "tweets-parquet\/"/,
    ],
  ])("is refused where it is %s", (_where, delivery, message) => {
    expect(problemsWith(delivery)).toEqual([expect.stringMatching(message)]);
    expect(problemsOf(environmentWith({ delivery }))).toEqual([]);
  });

  it.each([
    ["below the posts", { errorOutputPrefix: `tweets/errors/${ERRORS}` }],
    ["beside the posts", { ...below, errorOutputPrefix: `acme/errors/${ERRORS}` }],
  ])("may be %s", (_where, delivery) => {
    expect(problemsWith(delivery)).toEqual([]);
  });
});

describe("the longest names", () => {
  it("still fit everything that is named after them", () => {
    const config = environmentWith({ app: "a".repeat(20), environment: "b".repeat(20) });
    expect(problemsOf(config)).toEqual([]);
    const stacks = synthesize({ ...config, transform: {}, worker: { ...config.worker, run } });
    expect(() => Object.values(stacks)).not.toThrow();
  });
});

describe("the problems of an environment file", () => {
  it("are reported all at once, one hiding no other", () => {
    const config = environmentWith({
      accountId: "1",
      kmsKeyArn: "arn:aws:kms:us-east-1:333333333333:key/1234",
      delivery: { bufferingSizeMiB: 0, bufferingIntervalSeconds: 901 },
      network: { vpcCidr: "10.0.0.0/8" },
      worker: { cpu: 255, memoryMiB: 5, stopTimeoutSeconds: 10, capacity: "EC2" as never },
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
      "kmsKeyArn",
      "delivery.bufferingSizeMiB",
      "delivery.bufferingIntervalSeconds",
      "network.vpcCidr",
      "worker.cpu",
      "worker.capacity",
      "worker.stopTimeoutSeconds",
      "ingester.source.queries.0.name",
      "ingester.source.queries.0.query",
      "ingester.source.queries.2.name",
      "ingester.source.queries.2.query",
      "ingester.ledgerKey",
      "ingester.logLevel",
      "ingester.monthlyPostLimit",
      "ingester.monthlyUsdLimit",
    ]);
  });
});

describe("the problems of a stream's environment", () => {
  it("are reported all at once, too", () => {
    const source = {
      mode: "stream",
      query: "cats",
      rules: [{ value: "v".repeat(1_025), tag: "" }, "cats", ...LIVE.rules, { value: "esa", tag: "nasa" }],
      fill: "recent",
      bufferMiB: 5_000,
    } as never;
    const config = environmentWith({ worker: { run }, ingester: { source, monthlyPostLimit: 9 } });
    expect(problemsOf(config).map((line) => line.split(" ")[1])).toEqual([
      "worker.run.mode",
      "ingester.source.query",
      "ingester.source.rules.0.value",
      "ingester.source.rules.0.tag",
      "ingester.source.rules.1",
      "ingester.source.rules.3.tag",
      "ingester.source.fill",
      "ingester.source.bufferMiB",
      "ingester.monthlyPostLimit",
    ]);
  });
});

describe("too many rules", () => {
  it("hide no rule that is wrong by itself", () => {
    const rules = Array.from({ length: 1_001 }, (_, index) => ({
      value: `v${index}`,
      tag: `t${index % 1_000}`,
    }));
    expect(problemsOf(environmentWith({ ingester: { source: listening(rules) } }))).toEqual([
      expect.stringMatching(
        /ingester.source.rules must be a list of 1 to 1000, got 1001\. Each is a rule such as/,
      ),
      expect.stringMatching(/ingester.source.rules.1000.tag must be unlike rules.0.tag, got "t0"/),
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

  describe("that listen to the filtered stream", () => {
    const SECRET = "arn:aws:secretsmanager:eu-west-1:333333333333:secret:tweets-a-x-token";
    const live = (environment: string, changes: Parameters<typeof environmentWith>[0] = {}) =>
      environmentWith({
        environment,
        delivery: { streamName: environment },
        ingester: { source: LIVE },
        ...changes,
      });
    const shared = { token: { secretArn: `${SECRET}-AbCdEf` } };
    const paused = { run: { mode: "service", desiredCount: 0 } } as const;

    it("are refused when one uses the other's token, by whichever form of its ARN", () => {
      const files = { "a.ts": live("a"), "b.ts": live("b", shared), "c.ts": live("c", shared) };
      expect(() => checkEnvironments(files)).toThrow(
        /b.ts: token.secretArn must be another secret than that of a.ts, got "arn:.*-x-token-AbCdEf"\. X allows one connection for an app\. Use a token of another X app, [\s\S]*c.ts: token.secretArn/,
      );
    });

    it.each([
      ["have secrets of their own", live("b")],
      ["one of them is paused", live("b", { ...shared, worker: paused })],
      ["the other one searches", live("b", { ...shared, ingester: {} })],
    ])("are accepted when %s", (_why, second) => {
      expect(() => checkEnvironments({ "a.ts": live("a"), "b.ts": second })).not.toThrow();
    });
  });

  describe("of a pipeline", () => {
    const piped = (environment: string, after?: string) =>
      environmentWith({
        environment,
        delivery: { streamName: environment },
        state: { kind: "s3", bucket: "states" },
        github: { repository: "octo-org/my-repo", createProvider: false, ...(after ? { after } : {}) },
      });

    it("are applied one after the other, where one says so", () => {
      const files = { "dev.ts": piped("dev"), "prod.ts": piped("prod", "dev") };
      expect(() => checkEnvironments(files)).not.toThrow();
    });

    it.each([
      ["none", { "prod.ts": piped("prod", "dev") }, "left out: no such environment exists"],
      ["itself", { "dev.ts": piped("dev"), "prod.ts": piped("prod", "prod") }, "one of dev"],
      [
        "one without a pipeline",
        { "dev.ts": piped("dev"), "prod.ts": piped("prod", "test"), "test.ts": environmentWith() },
        "one of dev",
      ],
      [
        "one that itself comes after another",
        { "a.ts": piped("a"), "b.ts": piped("b", "a"), "c.ts": piped("c", "b") },
        "one of a",
      ],
    ])("are refused when one comes after %s", (_what, files, allowed) => {
      expect(() => checkEnvironments(files)).toThrow(`github.after must be ${allowed}`);
    });
  });
});
