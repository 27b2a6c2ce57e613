import type { EnvironmentConfig } from "../../stacks/environment/environment";
import { environmentWith } from "./environment";

const ZONES = ["eu-west-1a", "eu-west-1b"];

/** Everything that can be there already is, in a network that is there already. */
function adopted(): EnvironmentConfig {
  const role = (name: string) => `arn:aws:iam::333333333333:role/team/${name}`;
  return {
    ...environmentWith({
      environment: "adopted",
      registry: { repositoryArn: "arn:aws:ecr:us-east-1:444444444444:repository/team/tweets" },
      token: { secretArn: "arn:aws:secretsmanager:eu-west-1:333333333333:secret:team/x-token-AbCdEf" },
      storage: { existingBucket: { bucket: "example-posts" } },
      ledger: { existingTableName: "team-ledger" },
      delivery: { roleArn: role("firehose") },
      transform: { roleArn: role("transform") },
      catalog: {},
      github: { repository: "octo-org/my-repo" },
      state: { kind: "s3", bucket: "example-states" },
      worker: {
        clusterArn: "arn:aws:ecs:eu-west-1:333333333333:cluster/shared",
        securityGroupIds: ["sg-0123456789abcdef0"],
        taskRoleArn: role("task"),
        executionRoleArn: role("execution"),
      },
      monitoring: { topicArn: "arn:aws:sns:eu-west-1:333333333333:on-call" },
    }),
    network: {
      mode: "existing",
      vpcId: "vpc-0123456789abcdef0",
      subnetIds: ["subnet-0123456789abcdef0"],
    },
  };
}

/** Each network mode, each run mode, each mode of the source and each switch once: not their product. */
export const variants = {
  live: environmentWith({
    environment: "live",
    network: { mode: "nat", availabilityZones: ZONES, natGatewayZones: ["eu-west-1a"], flowLogs: true },
    delivery: { fileExtension: ".jsonl.gz", timeZone: "Europe/Dublin" },
    state: { kind: "s3", bucket: "example-states" },
    ingester: {
      source: {
        mode: "stream",
        rules: [
          { value: "(cats OR dogs) lang:en", tag: "pets" },
          {
            value: 'say "climate change" \\ \\\\ %{if} %%{if} \u0024{HOME} "天気" sample:10',
            tag: "%{if} <&>",
          },
        ],
        bufferMiB: 32,
      },
    },
  }),
  endpoints: environmentWith({
    environment: "endpoints",
    network: { mode: "endpoints", availabilityZones: ZONES, natGatewayZones: ZONES },
    worker: {
      capacity: "FARGATE_SPOT",
      statusIngressCidrs: ["10.0.0.0/16"],
      ephemeralStorageGiB: 21,
      sidecars: [
        { name: "agent", image: "public.ecr.aws/example/agent:1.0", ports: [9090], cpu: 64, memoryMiB: 128 },
      ],
    },
    ingester: {
      source: {
        mode: "search",
        query: '"climate change" OR \\ \t%{if} %%{if} \u0024{HOME} \u0024\u0024{HOME} "天気" lang:en',
      },
    },
  }),
  existing: {
    ...environmentWith({
      environment: "existing",
      worker: {
        run: { mode: "schedule", expression: "rate(15 minutes)", timeZone: "UTC" },
        cpuArchitecture: "X86_64",
      },
      kmsKeyArn: "arn:aws:kms:eu-west-1:333333333333:key/11111111-2222-3333-4444-555555555555",
      storage: {
        accessLogBucketName: "example-access-logs",
        infrequentAccessAfterDays: 30,
        expireAfterDays: 365,
      },
      token: {
        secretArn: "arn:aws:secretsmanager:eu-west-1:333333333333:secret:tweets-existing-x-token-AbCdEf",
      },
      catalog: { parquet: true },
      audit: { expression: "cron(0 6 * * ? *)", timeZone: "Europe/Dublin" },
      state: { kind: "s3", bucket: "example-states", region: "us-east-1" },
      github: { repository: "octo-org@123456/my-repo@456789" },
      ingester: { expansions: ["author_id"], postFields: ["id", "text"], monthlyUsdLimit: 25 },
    }),
    network: {
      mode: "existing",
      vpcId: "vpc-0123456789abcdef0",
      subnetIds: ["subnet-0123456789abcdef0"],
    },
  },
  adopted: adopted(),
  transform: environmentWith({ environment: "transform", transform: {}, catalog: {}, audit: {} }),
  queries: environmentWith({
    environment: "queries",
    ingester: {
      source: {
        mode: "search",
        query: undefined,
        queries: [
          { name: "nasa", query: "from:nasa" },
          { name: "a.b", query: 'say "climate change" \\ \\\\ \t\n lang:en' },
          { name: "a-b", query: "%{if} %%{if} \u0024{HOME} \u0024\u0024{HOME} $(id)" },
          { name: "A_b", query: '"天気" 👍 é\u2028 {"a" = 1} <&>' },
          { name: "long", query: "x".repeat(512) },
        ],
      },
      monthlyUsdLimit: "none",
      limitScope: "own",
      ledgerKey: "team",
      billingCycleDay: 31,
      deduplicates: false,
    },
  }),
  quiet: environmentWith({
    environment: "quiet",
    roles: { path: "/team/", permissionsBoundaryArn: "arn:aws:iam::333333333333:policy/boundary" },
    ingester: { httpPort: 0, metricsNamespace: "" },
  }),
} satisfies Record<string, EnvironmentConfig>;
