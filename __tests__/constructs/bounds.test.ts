import type { NumberBound, PatternBound } from "../../stacks/constructs/bound";
import { type BoundName, bounds } from "../../stacks/constructs/bounds";
import { boundProblems } from "../../stacks/constructs/check";

const accepted = (name: BoundName, value: unknown) => boundProblems(name, "value", value).length === 0;

const ofKind = <T>(kind: string) =>
  Object.entries(bounds).filter(([, bound]) => bound.kind === kind) as unknown as [BoundName, T][];

describe("numbers in the table of bounds", () => {
  it.each(ofKind<NumberBound>("number"))("%s is accepted at both limits", (name, { min, max }) => {
    expect([accepted(name, min), accepted(name, max)]).toEqual([true, true]);
  });

  it.each(ofKind<NumberBound>("number"))("%s is refused one step beyond either limit", (name, bound) => {
    const step = bound.whole ? 1 : 0.01;
    const below = bound.min - step;
    expect(accepted(name, below)).toBe((bound.also ?? []).includes(below));
    expect(accepted(name, bound.max + step)).toBe(false);
  });

  it.each(ofKind<NumberBound>("number"))("%s is refused as text, as nothing and as NaN", (name, { min }) => {
    expect([String(min), null, Number.NaN].map((value) => accepted(name, value))).toEqual([
      false,
      false,
      false,
    ]);
  });

  it("are those that AWS documents", () => {
    const limits = ofKind<NumberBound>("number").map(([name, { min, max }]) => [name, min, max]);
    expect(limits).toEqual(
      expect.arrayContaining([
        ["bufferingSizeMiB", 1, 128],
        ["bufferingIntervalSeconds", 0, 900],
        ["deliveryRetrySeconds", 0, 7200],
        ["lambdaBufferMB", 0.2, 3],
        ["transformTimeoutSeconds", 1, 300],
        ["lambdaMemoryMiB", 128, 10240],
        ["ephemeralStorageGiB", 21, 200],
        ["healthCheckIntervalSeconds", 5, 300],
        ["healthCheckTimeoutSeconds", 2, 120],
        ["healthCheckRetries", 1, 10],
        ["stopTimeoutSeconds", 2, 120],
        ["secretRecoveryDays", 7, 30],
      ]),
    );
  });

  it("let a secret be deleted at once, but not after one to six days", () => {
    expect([0, 1, 6, 7].map((days) => accepted("secretRecoveryDays", days))).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  it("let nobody ask for a fraction of a mebibyte", () => {
    expect(accepted("bufferingSizeMiB", 1.5)).toBe(false);
  });
});

/** For each pattern: what it must accept, and what it must refuse. */
const examples: Record<string, { good: string[]; bad: string[] }> = {
  accountId: { good: ["012345678901"], bad: ["12345678901", "0123456789012", "01234567890a"] },
  region: {
    good: ["eu-west-1", "us-gov-west-1", "ap-southeast-4"],
    bad: ["Ireland", "eu-west-1a", "eu-west"],
  },
  kmsKeyArn: {
    good: [
      "arn:aws:kms:eu-west-1:111111111111:key/1234-ab",
      "arn:aws-cn:kms:cn-north-1:111111111111:key/mrk-12",
    ],
    bad: ["arn:aws:kms:eu-west-1:111111111111:alias/mine", "1234-ab", "arn:aws:s3:::bucket"],
  },
  roleName: { good: ["a".repeat(64)], bad: ["a".repeat(65), "", "with space"] },
  bucketName: {
    good: ["abc", "a".repeat(63), "tweets.example-1"],
    bad: [
      "ab",
      "a".repeat(64),
      "Tweets",
      "a..b",
      "192.168.0.1",
      "xn--bucket",
      "bucket-s3alias",
      "-abc",
      "a_b",
    ],
  },
  repositoryName: {
    good: ["ab", "team/tweets-ecr", "a".repeat(256)],
    bad: ["a", "Tweets", "a--b", "-ab", "ab-", "a".repeat(257)],
  },
  secretName: { good: ["tweets-dev-x-token"], bad: ["tweets-abc123", "", "with space", "a".repeat(513)] },
  catalogName: {
    good: ["tweets_dev", "posts", "a"],
    bad: ["", "Posts", "1posts", "tweets-dev", "p".repeat(129)],
  },
  functionName: {
    good: ["tweets-dev-transform", "a_1", "f".repeat(64)],
    bad: ["", "a b", "a.b", "f".repeat(65)],
  },
  streamName: {
    good: ["tweet_stream", "a".repeat(64)],
    bad: ["tweet stream", "", "a".repeat(65), "tweets/1"],
  },
  outputPrefix: { good: ["", "a".repeat(1024)], bad: ["a".repeat(1025), "two\nlines"] },
  fileExtension: {
    good: [".gz", ".jsonl.gz", `.${"a".repeat(127)}`],
    bad: ["gz", "x.gz/../", ".GZ", ".", `.${"a".repeat(128)}`],
  },
  metricsNamespace: {
    good: ["tweets/dev", "a".repeat(255)],
    bad: ["", "AWS/Firehose", "two words", "a".repeat(256)],
  },
  checkpointKey: {
    good: ["search:cats", 'search:"two words" ~ lang:en', "a".repeat(200)],
    bad: ["", " cats", ":cats", "猫", "a".repeat(201), "two\nlines"],
  },
  alarmTopicArn: {
    good: ["arn:aws:sns:eu-west-1:333333333333:on-call", "arn:aws-cn:sns:cn-north-1:333333333333:on-call"],
    bad: [
      "on-call",
      "arn:aws:sqs:eu-west-1:333333333333:on-call",
      "arn:aws:sns:eu-west-1:333333333333:a.fifo",
    ],
  },
  alarmEmail: { good: ["on-call@example.com"], bad: ["on-call", "a@b", "two words@example.com"] },
  scheduleExpression: {
    good: ["rate(15 minutes)", "rate(1 day)", "cron(0 6 * * ? *)"],
    bad: ["rate(0 minutes)", "rate(15)", "every hour", "cron(0 6 * * *)", "15 minutes"],
  },
};

describe("patterns in the table of bounds", () => {
  it.each(ofKind<PatternBound>("pattern"))(
    "%s accepts what AWS accepts and refuses what it refuses",
    (name) => {
      const { good = [], bad = [] } = examples[name] ?? {};
      expect(good.length && bad.length).toBeTruthy();
      expect(good.filter((value) => !accepted(name, value))).toEqual([]);
      expect(bad.filter((value) => accepted(name, value))).toEqual([]);
    },
  );
});

describe("choices in the table of bounds", () => {
  const cases: [BoundName, (string | number)[], unknown[]][] = [
    ["logRetentionDays", [1, 14, 365, 3653], [0, 2, 366, "14"]],
    ["taskCpu", [256, 16384], [3, 128, 300, 32768]],
    ["cpuArchitecture", ["ARM64", "X86_64"], ["arm64", "x86-64"]],
    ["capacity", ["FARGATE", "FARGATE_SPOT"], ["EC2", "SPOT"]],
    ["containerInsights", ["enabled", "enhanced", "disabled"], ["enhancedd", "on"]],
    ["lambdaRuntime", ["nodejs22.x"], ["nodejs24.x", "nodejs18.x"]],
  ];

  it.each(cases)("%s knows AWS's words", (name, good, bad) => {
    expect(good.filter((value) => !accepted(name, value))).toEqual([]);
    expect(bad.filter((value) => accepted(name, value))).toEqual([]);
  });

  it("are all tried here", () => {
    expect(cases.map(([name]) => name).sort()).toEqual(
      ofKind("choice")
        .map(([name]) => name)
        .sort(),
    );
  });
});

describe("a problem with a bound", () => {
  it("says what, what is allowed, what was given, and how to fix it", () => {
    expect(boundProblems("bufferingSizeMiB", "bufferingSizeMiB", 129)).toEqual([
      {
        path: "bufferingSizeMiB",
        text: "must be a whole number from 1 to 128 MiB, got 129. Firehose delivers at this size or after the buffering interval, whichever comes first.",
      },
    ]);
  });

  it("carries a source for every row", () => {
    for (const bound of Object.values(bounds))
      expect(bound.source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
  });
});
