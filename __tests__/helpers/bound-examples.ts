import type { BoundName } from "../../stacks/constructs/checks/bounds";

/** For each pattern: what it must accept, and what it must refuse. */
export const patternExamples: Readonly<Record<string, { good: string[]; bad: string[] }>> = {
  namePart: {
    good: ["a", "tweets", "a-b-1", "a".repeat(20)],
    bad: ["", "1a", "-a", "a-", "a--b", "A", "a".repeat(21)],
  },
  accountId: { good: ["012345678901"], bad: ["12345678901", "0123456789012", "01234567890a"] },
  region: {
    good: ["eu-west-1", "us-gov-west-1", "ap-southeast-4"],
    bad: ["Ireland", "eu-west-1a", "eu-west"],
  },
  tagName: {
    good: ["team", "cost center", "猫:a/b=c+d@e-f._", "a".repeat(128), "laws:x"],
    bad: ["", "a".repeat(129), "aws:team", "AWS:x", "a,b", "\u0024{x}", "two\nlines"],
  },
  tagValue: { good: ["", "R+D 天気", "v".repeat(256)], bad: ["v".repeat(257), "R&D", "%{x}", "a\tb"] },
  kmsKeyArn: {
    good: [
      "arn:aws:kms:eu-west-1:111111111111:key/1234-ab",
      "arn:aws-cn:kms:cn-north-1:111111111111:key/mrk-12",
    ],
    bad: ["arn:aws:kms:eu-west-1:111111111111:alias/mine", "1234-ab", "arn:aws:s3:::bucket"],
  },
  roleName: { good: ["a".repeat(64)], bad: ["a".repeat(65), "", "with space"] },
  rolePath: { good: ["/", "/team/", "/a/b.c/"], bad: ["", "team/", "/team", "//", "/a b/"] },
  policyArn: {
    good: ["arn:aws:iam::111111111111:policy/team/boundary", "arn:aws-cn:iam::aws:policy/ReadOnlyAccess"],
    bad: ["boundary", "arn:aws:iam::111111111111:role/boundary", "arn:aws:iam::111111111111:policy/"],
  },
  roleArn: {
    good: ["arn:aws:iam::111111111111:role/deploy", "arn:aws-us-gov:iam::111111111111:role/team/deploy"],
    bad: ["deploy", "arn:aws:iam::111111111111:user/deploy", "arn:aws:iam::1:role/deploy"],
  },
  statementId: {
    good: ["ReadTable1", "a".repeat(100)],
    bad: ["", "Read Table", "read-table", "a".repeat(101)],
  },
  conditionTest: { good: ["StringEquals", "ForAnyValue:StringLike"], bad: ["", "equals", "String Equals"] },
  conditionKey: {
    good: ["aws:ResourceTag/team", "kms:ViaService"],
    bad: ["", "aws", "aws:a b", "\u0024{x}:y"],
  },
  policyAction: {
    good: ["s3:GetObject", "aps:RemoteWrite", "logs:Put*"],
    bad: ["*", "s3:*", "s3", "S3:GetObject", "s3:Get*Object", ""],
  },
  policyResource: {
    good: [
      "*",
      "arn:aws:s3:::bucket/*",
      "arn:aws:ecs:eu-west-1:111111111111:task/x",
      "arn:aws:iam::aws:policy/x",
    ],
    bad: ["", "bucket", "arn:aws:s3", "arn:aws:s3:::", "arn:aws:s3:eu-west-1:1:x"],
  },
  clusterArn: {
    good: [
      "arn:aws:ecs:eu-west-1:111111111111:cluster/shared_1",
      "arn:aws-cn:ecs:cn-north-1:111111111111:cluster/a",
    ],
    bad: ["shared", "arn:aws:ecs:eu-west-1:111111111111:service/a", "arn:aws:ecs:eu-west-1:1:cluster/a"],
  },
  securityGroupId: { good: ["sg-0123abcd", "sg-0123456789abcdef0"], bad: ["sg-1", "subnet-0123abcd", ""] },
  prefixListId: { good: ["pl-0123abcd", "pl-0123456789abcdef0"], bad: ["pl-1", "sg-0123abcd", ""] },
  ruleDescription: {
    good: ["To the proxy (port 3128)", "a".repeat(255)],
    bad: ["", "a".repeat(256), "x < y", "猫"],
  },
  bucketReference: {
    good: ["example-posts", "arn:aws:s3:::example-posts", "arn:aws-cn:s3:::example.posts"],
    bad: ["", "Example", "arn:aws:s3:::", "arn:aws:s3:::example-posts/prefix", "s3://example-posts"],
  },
  externalId: { good: ["ab", "team:1/2"], bad: ["a", "a b", ""] },
  stateKeyPrefix: { good: ["team/", "a/b-c/"], bad: ["", "team", "/team/", "a//"] },
  githubRepository: {
    good: ["octo-org/my.repo_1", "octo-org@123456/my-repo@456789"],
    bad: ["octo-org", "octo-org/*", "octo/org/repo", "octo-org/my-repo@456789", "octo-org/repo:x", "/repo"],
  },
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
  logGroupName: {
    good: ["tweets/ingester", "/aws/x_1.y#z-", "l".repeat(512)],
    bad: ["", "a b", "a:b", "l".repeat(513)],
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
  workgroupName: { good: ["tweets-dev", "a_1.b"], bad: ["", "a b", "w".repeat(129)] },
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
    good: ["k", "search:cats", 'search:"two words" ~ lang:en', "a".repeat(200)],
    bad: ["", " cats", "cats ", ":cats", "猫", "a".repeat(201), "two\nlines"],
  },
  alarmTopicArn: {
    good: ["arn:aws:sns:eu-west-1:333333333333:on-call", "arn:aws-cn:sns:cn-north-1:333333333333:on-call"],
    bad: [
      "on-call",
      "arn:aws:sqs:eu-west-1:333333333333:on-call",
      "arn:aws:sns:eu-west-1:333333333333:a.fifo",
    ],
  },
  topicName: { good: ["on-call_1", "t".repeat(256)], bad: ["", "a.fifo", "t".repeat(257)] },
  runbook: {
    good: ["docs/runbook.md", "https://example.com/a b", "r".repeat(512)],
    bad: ["", " ", "r".repeat(513)],
  },
  alarmEmail: {
    good: ["on-call@example.com", "a+b_c\u0024{d}@mail.example.co"],
    bad: ["on-call", "a@b", "two words@example.com", "a@b@example.com", "line\nend@example.com"],
  },
  scheduleExpression: {
    good: [
      "rate(15 minutes)",
      "rate(1 day)",
      "cron(0 6 * * ? *)",
      "cron(0/15 8-18 ? * MON-FRI *)",
      "cron(59 23 31 12 ? 2199)",
      "cron(0,30 0 L JAN,JUL ? 2026-2030)",
      "cron(5 4 15W * ? *)",
      "cron(5 4 ? * 6#3 *)",
      "cron(*/5 * ? * 2L *)",
    ],
    bad: [
      "rate(0 minutes)",
      "rate(15)",
      "rate(15 seconds)",
      "every hour",
      "15 minutes",
      "cron(0 6 * * *)",
      "cron(0 6 * * * *)",
      "cron(0 6 1 * 1 *)",
      "cron(0 6 ? * ? *)",
      "cron(60 6 * * ? *)",
      "cron(0 24 * * ? *)",
      "cron(0 6 0 * ? *)",
      "cron(0 6 32 * ? *)",
      "cron(0 6 * 13 ? *)",
      "cron(0 6 ? * 8 *)",
      "cron(0 6 ? * 1#6 *)",
      "cron(0 6 * * ? 1969)",
      "cron(0 6 * * ? 2200)",
      "cron(0  6 * * ? *)",
      "cron(\u0024{x} 6 * * ? *)",
    ],
  },
  sidecarName: { good: ["agent", "a_1-B", "s".repeat(255)], bad: ["", "log agent", "a.b", "s".repeat(256)] },
  sidecarImage: {
    good: ["busybox:1.36", "public.ecr.aws/x/y:1.0", "localhost:5000/x:1", `x/y@sha256:${"a".repeat(64)}`],
    bad: ["busybox", "busybox:latest", "x y:1", "x/y@sha256:12", "localhost:5000/x"],
  },
  sidecarUser: { good: ["0", "1000:1000"], bad: ["", "node", "1000:", "-1"] },
  variableName: { good: ["MODE", "_a.b-1"], bad: ["", "1A", "A=B", "A B"] },
  baseName: {
    good: ["ab", "climate-posts", "a".repeat(50)],
    bad: ["a", "Ab", "a--b", "-ab", "ab-", "a".repeat(51)],
  },
  imageReference: {
    good: [
      "111111111111.dkr.ecr.eu-west-1.amazonaws.com/tweets:1.0.0",
      `public.ecr.aws/x/y@sha256:${"a".repeat(64)}`,
    ],
    bad: ["tweets:1.0.0", "public.ecr.aws/x/y", "public.ecr.aws/x/y:latest", "a/b@sha256:12", "a/b c:1"],
  },
  imageTag: {
    good: ["0.1.0", "a".repeat(128), `sha256:${"0".repeat(64)}`],
    bad: ["", "latest", "a b", "a".repeat(129), "sha256:12", ".a"],
  },
  repositoryArn: {
    good: ["arn:aws:ecr:eu-west-1:111111111111:repository/team/tweets"],
    bad: ["tweets", "arn:aws:ecr:eu-west-1:111111111111:tweets"],
  },
  secretArn: {
    good: [
      "arn:aws:secretsmanager:eu-west-1:111111111111:secret:x-token",
      "arn:aws-cn:secretsmanager:cn-north-1:111111111111:secret:x-token-AbCdEf",
    ],
    bad: ["x-token", "arn:aws:ssm:eu-west-1:111111111111:parameter/x-token"],
  },
  fullSecretArn: {
    good: ["arn:aws:secretsmanager:eu-west-1:111111111111:secret:x-token-AbCdEf"],
    bad: ["arn:aws:secretsmanager:eu-west-1:111111111111:secret:x-token", "x-token-AbCdEf"],
  },
  tableName: { good: ["abc", "tweets-dev-checkpoint"], bad: ["ab", "a b", "t".repeat(256)] },
  subnetId: { good: ["subnet-0123456789abcdef0", "subnet-01234567"], bad: ["subnet-1", "vpc-01234567"] },
  vpcId: { good: ["vpc-0123456789abcdef0", "vpc-01234567"], bad: ["vpc-1", "subnet-01234567"] },
  searchQuery: {
    good: [
      "cats",
      '"climate change" lang:en',
      "q".repeat(512),
      "猫".repeat(512),
      '"sample:10" cats',
      "mybio:cats",
      '"a" "bio:b" "c"',
    ],
    bad: [
      "",
      "  ",
      "q".repeat(513),
      "sample:10",
      "cats -bio:dog",
      "(bio_name:x)",
      '"a"bio_location:b',
      '"a" sample:1 "b"',
      'cats "dogs sample:1',
      "cats\u0000dogs",
    ],
  },
  ruleValue: {
    good: ["cats", '"climate change" sample:10', "v".repeat(1_024), "猫".repeat(1_024)],
    bad: ["", "  ", "v".repeat(1_025), "two\nlines", "cats\u0000dogs"],
  },
  ruleTag: { good: ["pets", "two words", "猫".repeat(100)], bad: ["", " ", "t".repeat(101), "a\tb"] },
  queryName: { good: ["a", "nasa_1.0-X", "n".repeat(64)], bad: ["", "a b", "a/b", "猫", "n".repeat(65)] },
  ledgerKey: { good: ["default", "team_1.0-X", "k".repeat(64)], bad: ["", "a b", "a/b", "k".repeat(65)] },
  postField: { good: ["created_at", "a.b", "f".repeat(64)], bad: ["", "Text", "a b", "1a", "f".repeat(65)] },
  xApiUrl: {
    good: [
      "https://api.x.com",
      "https://proxy.example.com:8443/x/",
      "https://[2001:db8::1]",
      "http://localhost:8099",
      "http://127.0.0.1",
      "http://[::1]:8099/",
    ],
    bad: [
      "",
      "api.x.com",
      "http://api.x.com",
      "http://127.0.0.1.example.com",
      "https://user:word@example.com",
      "https://a b",
      "https://api.x.com/\u0024{x}",
      "ftp://localhost",
    ],
  },
  searchStart: {
    good: ["now", "window", "2026-01-31T00:00Z", "2026-01-31T00:00:00Z", "2026-01-31T00:00:00.000Z"],
    bad: ["", "yesterday", "2026-01-31", "2026-01-31T00:00:00+01:00", "2026-01-31T...Z"],
  },
};

/** For each list of words: the bound, what it must accept, and what it must refuse. */
export const choiceExamples: [BoundName, (string | number)[], unknown[]][] = [
  ["logRetentionDays", [1, 14, 365, 3653], [0, 2, 366, "14"]],
  ["taskCpu", [256, 16384], [3, 128, 300, 32768]],
  ["cpuArchitecture", ["ARM64", "X86_64"], ["arm64", "x86-64"]],
  ["capacity", ["FARGATE", "FARGATE_SPOT"], ["EC2", "SPOT"]],
  ["containerInsights", ["enabled", "enhanced", "disabled"], ["enhancedd", "on"]],
  ["lambdaRuntime", ["nodejs22.x"], ["nodejs24.x", "nodejs18.x"]],
  ["partition", ["aws", "aws-cn", "aws-us-gov"], ["", "AWS", "aws-iso"]],
  ["dnsSuffix", ["amazonaws.com", "amazonaws.com.cn"], ["", "example.com"]],
  ["egressProtocol", ["tcp", "udp"], ["icmp", "-1", "TCP"]],
  ["expansion", ["author_id", "geo.place_id"], ["", "everything"]],
  ["limitScope", ["project", "own"], ["", "Project", "team"]],
  ["logLevel", ["trace", "debug", "info", "warn", "error"], ["INFO", "silent"]],
];
