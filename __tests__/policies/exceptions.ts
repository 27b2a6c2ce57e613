import type { EnvironmentConfig } from "../../stacks/environment/environment";
import type { Exception, Resource } from "./rule";

const withoutKey = ({ config }: Resource) => config.kmsKeyArn === undefined;
const network = ({ config }: Resource): EnvironmentConfig["network"] => config.network;

const OWN_KEY =
  "AWS's own encryption is on. `kmsKeyArn` in the environment file switches everything to your key.";

/** Every place where a scanner's rule does not hold, and why. Nothing else may break a rule. */
export const exceptions: readonly Exception[] = [
  { id: "CKV_AWS_136", where: withoutKey, reason: OWN_KEY },
  { id: "CKV_AWS_149", where: withoutKey, reason: OWN_KEY },
  { id: "CKV_AWS_145", where: withoutKey, reason: OWN_KEY },
  {
    id: "CKV_AWS_379",
    where: ({ config }) => config.emulator === true,
    reason: "An emulator is reached by plain HTTP, and holds no real posts.",
  },
  { id: "CKV_AWS_119", where: withoutKey, reason: OWN_KEY },
  { id: "CKV_AWS_241", where: withoutKey, reason: OWN_KEY },
  { id: "CKV_AWS_158", where: withoutKey, reason: OWN_KEY },
  {
    id: "CKV2_AWS_57",
    where: () => true,
    reason:
      "X has no interface that renews an app-only token: a person does, and puts the new one into the secret.",
  },
  {
    id: "CKV_AWS_297",
    where: withoutKey,
    reason: `A schedule holds the task's size and network, and no secret. ${OWN_KEY}`,
  },
  {
    id: "CKV2_AWS_5",
    where: ({ config }) => config.worker.run?.mode === "schedule",
    reason: "The group is attached to the tasks that a schedule starts; checkov does not look at schedules.",
  },
  {
    id: "CKV_AWS_358",
    where: ({ stack }) => stack.json.includes("@"),
    reason:
      "GitHub's subjects with immutable ids (`owner@id/repository@id`) name one repository, too; checkov knows the older form only.",
  },
  {
    id: "CKV_AWS_356",
    where: ({ id }) => id.endsWith("_key_policy_document"),
    reason: "In the policy of a key, `*` is this key; its administrators are those of the account.",
  },
  {
    id: "CKV_AWS_144",
    where: () => true,
    reason:
      "A replica stores and moves every post a second time, and needs a bucket in another region, which is yours to choose; versions protect from deletion and overwriting.",
  },
  {
    id: "CKV_AWS_18",
    where: ({ config }) => config.storage?.accessLogBucketName === undefined,
    reason: "Access logs need another bucket: `storage.accessLogBucketName` names it.",
  },
  {
    id: "CKV2_AWS_62",
    where: () => true,
    reason: "Events have no consumer: Athena reads the bucket on request, and alarms watch delivery itself.",
  },
  {
    id: "CKV_AWS_338",
    where: ({ config }) => config.logRetentionDays < 365,
    reason:
      "Logs hold no posts, and are as old as `logRetentionDays` says: prod keeps a year, dev two weeks.",
  },
  {
    id: "CKV_AWS_333",
    where: (resource) => network(resource).mode === "public",
    reason:
      "Network mode `public` trades NAT gateways for public addresses; no ingress rule lets anything reach them. `nat` and `endpoints` hold the rule.",
  },
  {
    id: "CKV2_AWS_11",
    where: (resource) => {
      const chosen = network(resource);
      return chosen.mode !== "existing" && !chosen.flowLogs;
    },
    reason: "Flow logs cost by volume: `network.flowLogs` turns them on, as in prod.",
  },
  {
    id: "AWS-0104",
    where: ({ attributes }) => attributes.from_port === 443 && attributes.to_port === 443,
    reason: "X publishes no address ranges: HTTPS, and nothing else, may leave to everywhere.",
  },
  {
    id: "AWS-0345",
    where: ({ id }) => id === "github_read_document",
    reason: "The pipeline's role that plans reads settings by prefix (`ec2:Describe*`): no post, no secret.",
  },
  {
    id: "CKV_AWS_50",
    where: () => true,
    reason:
      "The function calls nothing, so a trace would show one box; its log and its errors are watched instead.",
  },
  {
    id: "CKV_AWS_115",
    where: () => true,
    reason:
      "Firehose alone invokes the function, a batch at a time; a limit would throttle delivery and take from the account's pool.",
  },
  {
    id: "CKV_AWS_116",
    where: () => true,
    reason:
      "Such queues serve asynchronous calls; Firehose waits for answers, retries, and keeps what failed in the bucket.",
  },
  {
    id: "CKV_AWS_117",
    where: () => true,
    reason: "The function reaches nothing over the network, so a VPC would protect nothing.",
  },
  {
    id: "CKV_AWS_173",
    where: withoutKey,
    reason: `Its one variable is the name of a metrics namespace. ${OWN_KEY}`,
  },
  {
    id: "CKV_AWS_272",
    where: () => true,
    reason: "The bundle is built where it is deployed, and its hash stands in the plan that is reviewed.",
  },
  ...["CKV_AWS_289", "CKV_AWS_290", "CKV_AWS_355"].map((id) => ({
    id,
    where: ({ type, id }: Resource) => type === "data.aws_iam_policy_document" && id.startsWith("github_"),
    reason:
      "Networks and keys have no names before they exist: the pipeline's roles are bound by region and tags there, by name everywhere else, and can change no role of their own.",
  })),
];
