import type { Emulator } from "./emulator";

/** Says what there is of one service, as text in which names and tags can be found. */
type Listing = (emulator: Emulator) => Promise<string>;

function json(service: string, target: string, body: object = {}): Listing {
  return async (emulator) => JSON.stringify(await emulator.json(service, target, body));
}

function query(service: string, Version: string, Action: string, filter: object = {}): Listing {
  return (emulator) => emulator.query(service, { Action, Version, ...filter });
}

const EC2 = "2016-11-15";
const CLOUDWATCH = "2010-08-01";
const ECS = "AmazonEC2ContainerServiceV20141113";

/** Everything that the three stacks create, by what it is. Names and default tags carry the stack's name. */
const LISTINGS: Readonly<Record<string, Listing>> = {
  repositories: json("ecr", "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories"),
  secrets: json("secretsmanager", "secretsmanager.ListSecrets"),
  buckets: async (emulator) => (await emulator.s3("/")).toString("utf8"),
  streams: json("firehose", "Firehose_20150804.DescribeDeliveryStream", {
    DeliveryStreamName: "tweet_stream",
  }),
  tables: json("dynamodb", "DynamoDB_20120810.ListTables"),
  // Its location is in the bucket, whose name carries the stack's; its own name has underscores.
  "catalog tables": json("glue", "AWSGlue.GetTables", { DatabaseName: "tweets_local" }),
  "log groups": json("logs", "Logs_20140328.DescribeLogGroups"),
  roles: query("iam", "2010-05-08", "ListRoles"),
  clusters: activeClusters,
  "task definitions": json("ecs", `${ECS}.ListTaskDefinitions`, { status: "ACTIVE" }),
  networks: query("ec2", EC2, "DescribeVpcs"),
  subnets: query("ec2", EC2, "DescribeSubnets"),
  gateways: query("ec2", EC2, "DescribeInternetGateways"),
  "route tables": query("ec2", EC2, "DescribeRouteTables"),
  "security groups": query("ec2", EC2, "DescribeSecurityGroups"),
  endpoints: query("ec2", EC2, "DescribeVpcEndpoints", {
    // Deleted ones are still listed for a while.
    "Filter.1.Name": "vpc-endpoint-state",
    "Filter.1.Value.1": "available",
  }),
  alarms: query("monitoring", CLOUDWATCH, "DescribeAlarms"),
  dashboards: query("monitoring", CLOUDWATCH, "ListDashboards"),
  topics: query("sns", "2010-03-31", "ListTopics"),
  keys: usableKeys,
};

/** Deleted clusters stay listed as inactive, in AWS too. */
async function activeClusters(emulator: Emulator): Promise<string> {
  const { clusterArns } = await emulator.json<{ clusterArns: string[] }>("ecs", `${ECS}.ListClusters`, {});
  const body = { clusters: clusterArns };
  const { clusters } = await emulator.json<{ clusters: Cluster[] }>("ecs", `${ECS}.DescribeClusters`, body);
  return JSON.stringify(clusters.filter(({ status }) => status === "ACTIVE"));
}

interface Cluster {
  readonly clusterArn: string;
  readonly status: string;
}

/** Keys cannot be deleted at once, in AWS neither: those that wait for their deletion no longer count. */
async function usableKeys(emulator: Emulator): Promise<string> {
  const { Keys } = await emulator.json<{ Keys: { KeyId: string }[] }>("kms", "TrentService.ListKeys", {});
  const described = Keys.map(({ KeyId }) =>
    emulator.json<{ KeyMetadata: { KeyState: string } }>("kms", "TrentService.DescribeKey", { KeyId }),
  );
  const usable = (await Promise.all(described)).filter(
    ({ KeyMetadata }) => KeyMetadata.KeyState === "Enabled",
  );
  return JSON.stringify(usable);
}

/** What kinds of things there are whose names or tags contain `prefix`. */
export async function kindsOf(prefix: string, emulator: Emulator): Promise<string[]> {
  const found = await Promise.all(
    Object.entries(LISTINGS).map(async ([kind, list]) => {
      const text = await list(emulator).catch(unlessMissing);
      return text.includes(prefix) ? [kind] : [];
    }),
  );
  return found.flat();
}

export const EVERY_KIND: readonly string[] = Object.keys(LISTINGS);

/** Some are asked for by name, so that their absence is an error. */
function unlessMissing(error: unknown): string {
  if (error instanceof Error && /ResourceNotFound|EntityNotFound/.test(error.message)) return "";
  throw error;
}
