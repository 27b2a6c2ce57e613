import type { NetworkProps } from "../../stacks/constructs/network/props";
import type { RunProps } from "../../stacks/constructs/worker/props";
import type { EnvironmentConfig, StateConfig } from "../../stacks/environment/environment";
import type { OneQuery, SearchOptions, SeveralQueries, StreamSource } from "../../stacks/ingestion/source";

/** Every optional field required, at every depth, but for those that may only be left out. */
type Complete<T> = T extends readonly (infer Item)[]
  ? readonly Complete<Item>[]
  : T extends object
    ? {
        [Key in keyof T as Exclude<T[Key], undefined> extends never ? never : Key]-?: Complete<
          Defined<T[Key]>
        >;
      }
    : T;
type Defined<T> = Exclude<T, undefined>;

/** One complete value for each variant of a union. */
type EachVariant<T extends object, Name extends keyof T> = {
  readonly [Value in Extract<T[Name], string>]: Complete<Extract<T, Readonly<Record<Name, Value>>>>;
};

/** Where a configuration has entries with free names. */
type RecordPath<T> = T extends readonly (infer Item)[]
  ? `.*${RecordPath<Item>}`
  : T extends object
    ? string extends keyof T
      ? ""
      : { [Key in keyof T & string]-?: `.${Key}${RecordPath<Defined<T[Key]>>}` }[keyof T & string]
    : never;

const records: Readonly<Record<RecordPath<EnvironmentConfig>, true>> = {
  ".tags": true,
  ".worker.sidecars.*.environment": true,
};
/** Paths of records, with `*` for the items of lists: the compiler asks for each. */
export const recordPaths: readonly string[] = Object.keys(records).map((path) => path.slice(1));

const ZONES = ["eu-west-1a", "eu-west-1b"];
const ownNetwork = { availabilityZones: ZONES, vpcCidr: "10.1.0.0/16", flowLogs: true };

const networks: EachVariant<NetworkProps, "mode"> = {
  public: { mode: "public", ...ownNetwork },
  nat: { mode: "nat", ...ownNetwork, natGatewayZones: ["eu-west-1a"] },
  endpoints: { mode: "endpoints", ...ownNetwork, natGatewayZones: ZONES },
  existing: {
    mode: "existing",
    vpcId: "vpc-0123456789abcdef0",
    subnetIds: ["subnet-0123456789abcdef0"],
    assignPublicIp: true,
  },
};

const runs: EachVariant<RunProps, "mode"> = {
  service: { mode: "service", desiredCount: 1 },
  schedule: { mode: "schedule", expression: "rate(15 minutes)", timeZone: "Europe/Dublin", enabled: true },
};

const states: EachVariant<StateConfig, "kind"> = {
  local: { kind: "local" },
  s3: {
    kind: "s3",
    bucket: "example-states",
    region: "us-east-1",
    keyPrefix: "team/",
    kmsKeyArn: "arn:aws:kms:us-east-1:333333333333:key/11111111-2222-3333-4444-555555555555",
  },
};

const search: Complete<SearchOptions> = { mode: "search", pollSeconds: 90, start: "window" };
const oneQuery: Complete<OneQuery> = { query: "cats" };
const severalQueries: Complete<SeveralQueries> = {
  queries: [
    { name: "cats", query: "cats" },
    { name: "dogs", query: "dogs" },
  ],
};

const stream: Complete<StreamSource> = {
  mode: "stream",
  rules: [{ value: "from:nasa", tag: "nasa" }],
  fill: false,
  bufferMiB: 32,
};

const monitoring: Complete<Defined<EnvironmentConfig["monitoring"]>> = {
  noPostsMinutes: 60,
  lagMinutes: 60,
  disconnectedMinutes: 30,
  holeMinutes: 30,
  lateMinutes: 20,
  notRunningMinutes: 5,
  notStartedMinutes: 60,
  notAuditedMinutes: 2880,
  dashboard: true,
  alarms: true,
  topicArn: "arn:aws:sns:eu-west-1:333333333333:on-call",
  email: "on-call@example.com",
  runbook: "https://wiki.example.com/runbook",
};

const KEY = "arn:aws:kms:eu-west-1:333333333333:key/11111111-2222-3333-4444-555555555555";
const role = (name: string) => `arn:aws:iam::333333333333:role/team/${name}`;

const complete: Complete<EnvironmentConfig> = {
  app: "tweets",
  environment: "every",
  accountId: "333333333333",
  region: "eu-west-1",
  tags: { team: "platform" },
  kmsKeyArn: "arn:aws:kms:eu-west-1:333333333333:key/11111111-2222-3333-4444-555555555555",
  logRetentionDays: 30,
  state: states.s3,
  assumeRole: { roleArn: "arn:aws:iam::333333333333:role/deploy", externalId: "team" },
  roles: { path: "/team/", permissionsBoundaryArn: "arn:aws:iam::333333333333:policy/boundary" },
  emulator: false,
  github: { repository: "octo-org/my-repo", createProvider: true, after: "dev" },
  deletable: true,
  registry: {
    repositoryArn: "arn:aws:ecr:us-east-1:444444444444:repository/team/tweets",
    keepImages: 10,
    useKmsKey: true,
  },
  token: {
    recoveryWindowDays: 7,
    secretArn: "arn:aws:secretsmanager:eu-west-1:333333333333:secret:tweets-every-x-token-AbCdEf",
    kmsKeyArn: KEY,
  },
  ledger: { existingTableName: "team-ledger", kmsKeyArn: KEY },
  storage: {
    existingBucket: { bucket: "arn:aws:s3:::example-posts", kmsKeyArn: KEY, accountId: "444444444444" },
    accessLogBucketName: "example-access-logs",
    infrequentAccessAfterDays: 30,
    expireAfterDays: 365,
    expireOldVersionsAfterDays: 30,
  },
  delivery: {
    streamName: "every_stream",
    bufferingSizeMiB: 64,
    bufferingIntervalSeconds: 300,
    dataOutputPrefix:
      "posts/year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/hour=!{timestamp:HH}/",
    errorOutputPrefix: "failed/!{firehose:error-output-type}/",
    fileExtension: ".jsonl.gz",
    timeZone: "Europe/Dublin",
    backupSourceRecords: true,
    roleArn: role("firehose"),
  },
  transform: {
    roleArn: role("transform"),
    memoryMiB: 256,
    timeoutSeconds: 60,
    bufferSizeMB: 2,
    bufferIntervalSeconds: 90,
    retries: 2,
  },
  catalog: { parquet: false, workgroup: true, scanLimitMiB: 1024, expireResultsAfterDays: 7 },
  audit: { expression: "rate(1 day)", timeZone: "UTC" },
  network: networks.public,
  worker: {
    image: "1.2.3",
    cpu: 512,
    memoryMiB: 1024,
    cpuArchitecture: "ARM64",
    clusterArn: "arn:aws:ecs:eu-west-1:333333333333:cluster/shared",
    securityGroupIds: ["sg-0123456789abcdef0"],
    taskRoleArn: role("task"),
    executionRoleArn: role("execution"),
    schedulerRoleArn: role("scheduler"),
    extraEgress: [
      {
        description: "Metrics gateway",
        port: 9091,
        protocol: "tcp",
        cidr: "10.1.0.0/16",
        prefixListId: "pl-0123456789abcdef0",
        securityGroupId: "sg-0123456789abcdef1",
      },
    ],
    extraPermissions: [
      {
        sid: "WriteMetrics",
        actions: ["aps:RemoteWrite"],
        resources: ["arn:aws:aps:eu-west-1:333333333333:workspace/ws-1"],
        conditions: [{ test: "StringEquals", variable: "aws:ResourceTag/team", values: ["platform"] }],
      },
    ],
    capacity: "FARGATE_SPOT",
    run: runs.service,
    ephemeralStorageGiB: 30,
    stopTimeoutSeconds: 60,
    healthCheck: { intervalSeconds: 30, timeoutSeconds: 5, retries: 3, startSeconds: 30 },
    statusIngressCidrs: ["10.0.0.0/16"],
    containerInsights: "enabled",
    sidecars: [
      {
        name: "agent",
        image: "public.ecr.aws/example/agent:1.0",
        command: ["run", "--verbose"],
        environment: { MODE: "quiet" },
        ports: [9090],
        cpu: 64,
        memoryMiB: 128,
        essential: false,
        user: "1000:1000",
      },
    ],
  },
  ingester: {
    source: { ...search, ...oneQuery },
    monthlyPostLimit: 1_000,
    monthlyUsdLimit: 20,
    limitScope: "own",
    ledgerKey: "team",
    billingCycleDay: 15,
    deduplicates: true,
    postFields: ["id", "text"],
    expansions: ["author_id"],
    checkpointKey: "search:cats",
    xApiUrl: "https://api.x.com",
    httpPort: 8080,
    metricsNamespace: "tweets/every",
    logLevel: "info",
    shutdownSeconds: 25,
  },
  monitoring,
};

const { email: _email, ...othersTopic } = monitoring;
const { topicArn: _topicArn, ...ownTopic } = monitoring;
// A plan without AWS can assume no role, and one file has no other that could come before it: both texts are bound to
// patterns that take no nasty ones.
const { assumeRole: _assumeRole, ledger, ...withoutRole } = complete;
const { after: _after, ...github } = complete.github;
const { repositoryArn, ...registry } = complete.registry;
const { kmsKeyArn: tokenKey, ...token } = complete.token;
const { existingBucket, ...storage } = complete.storage;
const { roleArn: deliveryRole, ...delivery } = complete.delivery;
const { roleArn: transformRole, ...transform } = complete.transform;
const { clusterArn, securityGroupIds, taskRoleArn, executionRoleArn, schedulerRoleArn, ...worker } =
  complete.worker;
const { extraEgress, extraPermissions, statusIngressCidrs: _cidrs, ...bareWorker } = worker;
const egress = extraEgress.flatMap(({ cidr, prefixListId, securityGroupId, ...rule }) => [
  { ...rule, cidr },
  { ...rule, prefixListId },
  { ...rule, securityGroupId },
]);

/** Without an ARN, which has the environment's name in it. */
const ownToken = { recoveryWindowDays: token.recoveryWindowDays };
/** Everything is created. */
const planned = {
  ...withoutRole,
  registry,
  token,
  storage,
  delivery,
  transform,
  worker: { ...worker, extraEgress: egress, extraPermissions },
};
const alone = { ...planned, github };
const { github: _github, ...withoutPipeline } = planned;
/** Nothing is created that can be there already. */
const adopted = {
  ...withoutPipeline,
  environment: "every-e",
  registry: { repositoryArn },
  token: {
    secretArn: "arn:aws:secretsmanager:eu-west-1:333333333333:secret:team/x-token-AbCdEf",
    kmsKeyArn: tokenKey,
  },
  storage: { existingBucket },
  ledger,
  delivery: { ...delivery, roleArn: deliveryRole },
  transform: { ...transform, roleArn: transformRole },
  network: networks.existing,
  worker: {
    ...bareWorker,
    run: runs.schedule,
    ...{ clusterArn, securityGroupIds, taskRoleArn, executionRoleArn, schedulerRoleArn },
  },
  monitoring: othersTopic,
};

/**
 * Environments that together set every field, in every variant of each section: the compiler asks for whatever is
 * missing. What cannot stand together stands apart.
 */
export const everyField: readonly EnvironmentConfig[] = [
  { ...alone, monitoring: ownTopic },
  {
    ...withoutPipeline,
    environment: "every-b",
    token: ownToken,
    state: states.local,
    network: networks.existing,
    worker: { ...planned.worker, run: runs.schedule },
    ingester: { ...complete.ingester, source: { ...search, ...severalQueries } },
    monitoring: othersTopic,
  },
  {
    ...alone,
    environment: "every-c",
    token: ownToken,
    network: networks.nat,
    ingester: { ...complete.ingester, source: stream },
    monitoring: othersTopic,
  },
  { ...alone, environment: "every-d", token: ownToken, network: networks.endpoints, monitoring: othersTopic },
  adopted,
];
