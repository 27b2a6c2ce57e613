import { AWS_DOCS, arnOf, ec2Id, nameOf, oneOf, wholeFrom } from "./bound";

const ECS_API = `${AWS_DOCS}/AmazonECS/latest/APIReference`;
const ECS_GUIDE = `${AWS_DOCS}/AmazonECS/latest/developerguide`;

/** An image's tag or digest. */
export const PINNED = "(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}|@sha256:[0-9a-f]{64})";

/** Fields of a cron expression, as the scheduler reads them: values, ranges and steps, in lists. */
const MONTHS = "JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC";
const DAYS = "SUN|MON|TUE|WED|THU|FRI|SAT";
const DAY_OF_MONTH = "(0?[1-9]|[12][0-9]|3[01])";
const DAY_OF_WEEK = `([1-7]|${DAYS})`;
const cronList = (value: string, special = "") => {
  const item = `(([*]|${value}(-${value})?)(/[1-9][0-9]{0,3})?${special})`;
  return `${item}(,${item})*`;
};
const MINUTES = cronList("[0-5]?[0-9]");
const HOURS = cronList("([01]?[0-9]|2[0-3])");
const MONTH = cronList(`(0?[1-9]|1[0-2]|${MONTHS})`);
const YEAR = cronList("(19[7-9][0-9]|2[01][0-9]{2})");
/** One of the two says which days, and the other is a question mark. */
const DATES = `(${cronList(DAY_OF_MONTH, `|L|LW|${DAY_OF_MONTH}W`)} ${MONTH} [?]|[?] ${MONTH} ${cronList(DAY_OF_WEEK, `|L|${DAY_OF_WEEK}L|${DAY_OF_WEEK}#[1-5]`)})`;

/** Tasks on Fargate, and what starts them. */
export const fargateBounds = {
  imageReference: {
    kind: "pattern",
    pattern: `^[A-Za-z0-9._-]+(:[0-9]{1,5})?(/[a-z0-9._-]+)+${PINNED}$`,
    maxLength: 512,
    forbidden: [":latest$"],
    allowed: 'an image with its registry and a tag other than "latest", or a digest',
    fix: "A tag that moves would change what runs without a plan.",
    source: `${AWS_DOCS}/AmazonECS/latest/APIReference/API_ContainerDefinition.html`,
  },
  imageTag: {
    kind: "pattern",
    pattern: "^([A-Za-z0-9_][A-Za-z0-9._-]{0,127}|sha256:[0-9a-f]{64})$",
    maxLength: 128,
    forbidden: ["^latest$"],
    allowed: 'a tag other than "latest", or a digest ("sha256:" and 64 hexadecimal digits)',
    fix: "A tag that moves would change what runs without a plan.",
    source: `${AWS_DOCS}/AmazonECR/latest/APIReference/API_ImageIdentifier.html`,
  },
  repositoryArn: arnOf("ecr", "repository/[a-z0-9._/-]+", {
    allowed: "the ARN of an ECR repository",
    fix: "`aws ecr describe-repositories` shows it.",
    source: `${AWS_DOCS}/AmazonECR/latest/APIReference/API_Repository.html`,
  }),
  clusterArn: arnOf("ecs", "cluster/[A-Za-z0-9_-]{1,255}", {
    allowed: "the ARN of an ECS cluster",
    fix: "`aws ecs list-clusters` shows it.",
    source: `${ECS_API}/API_Cluster.html`,
  }),
  securityGroupId: ec2Id("sg", "a security group", {
    fix: "It is a group of the VPC that tasks run in.",
    source: `${AWS_DOCS}/AWSEC2/latest/APIReference/API_SecurityGroup.html`,
  }),
  prefixListId: ec2Id("pl", "a prefix list", {
    fix: "`aws ec2 describe-managed-prefix-lists` shows them.",
    source: `${AWS_DOCS}/AWSEC2/latest/APIReference/API_ManagedPrefixList.html`,
  }),
  ruleDescription: nameOf(255, {
    characters: "A-Za-z0-9 ._:/()#,@+=&;{}!$*\\[\\]-",
    words: "letters, digits, blanks or ._-:/()#,@[]+=&;{}!$*",
    fix: "EC2 refuses other characters in the description of a rule.",
    source: `${AWS_DOCS}/AWSEC2/latest/APIReference/API_IpRange.html`,
  }),
  egressPort: wholeFrom(1, 65535, {
    fix: "It is the port that tasks connect to.",
    source: `${AWS_DOCS}/AWSEC2/latest/APIReference/API_IpPermission.html`,
  }),
  egressProtocol: oneOf(["tcp", "udp"], {
    fix: "Other protocols need a security group of your own: securityGroupIds.",
    source: `${AWS_DOCS}/AWSEC2/latest/APIReference/API_IpPermission.html`,
  }),
  taskCpu: oneOf([256, 512, 1024, 2048, 4096, 8192, 16384], {
    fix: "Fargate sells these sizes only, in CPU units (1024 = one vCPU).",
    source: `${ECS_GUIDE}/fargate-tasks-services.html#fargate-tasks-size`,
  }),
  cpuArchitecture: oneOf(["ARM64", "X86_64"], {
    fix: "Build the image for the same one.",
    source: `${ECS_API}/API_RuntimePlatform.html`,
  }),
  capacity: oneOf(["FARGATE", "FARGATE_SPOT"], {
    fix: "Spot costs less and may be stopped with two minutes' notice.",
    source: `${ECS_GUIDE}/fargate-capacity-providers.html`,
  }),
  containerInsights: oneOf(["enabled", "enhanced", "disabled"], {
    fix: "AWS accepts other words and collects nothing.",
    source: `${ECS_API}/API_ClusterSetting.html`,
  }),
  httpPort: wholeFrom(0, 65535, {
    fix: "0 turns health checks, metrics and the status page off.",
    source: `${ECS_API}/API_PortMapping.html`,
  }),
  sidecarPort: wholeFrom(1, 65535, {
    fix: "Host and container port are the same on Fargate.",
    source: `${ECS_API}/API_PortMapping.html`,
  }),
  sidecarName: nameOf(255, {
    characters: "A-Za-z0-9_-",
    words: "letters, digits, underscores and hyphens",
    fix: "Replace blanks and other characters.",
    source: `${ECS_API}/API_ContainerDefinition.html`,
  }),
  sidecarImage: {
    kind: "pattern",
    pattern: `^[A-Za-z0-9._-]+(:[0-9]{1,5})?(/[a-z0-9._-]+)*${PINNED}$`,
    maxLength: 512,
    forbidden: [":latest$"],
    allowed: "an image with a fixed tag or a digest",
    fix: 'An image without a tag is "latest", which changes.',
    source: `${ECS_API}/API_ContainerDefinition.html`,
  },
  sidecarCpu: wholeFrom(2, 16_384, {
    unit: "CPU units",
    fix: "Leave it out to reserve nothing.",
    source: `${ECS_API}/API_ContainerDefinition.html`,
  }),
  sidecarMemoryMiB: wholeFrom(6, 122_880, {
    unit: "MiB",
    fix: "Leave it out to share the task's memory.",
    source: `${ECS_API}/API_ContainerDefinition.html`,
  }),
  sidecarUser: {
    kind: "pattern",
    pattern: "^[0-9]{1,9}(:[0-9]{1,9})?$",
    maxLength: 19,
    allowed: 'a user by number, with a group or without, such as "1000:1000"',
    fix: "A name would have to be in the image.",
    source: `${ECS_API}/API_ContainerDefinition.html`,
  },
  variableName: {
    kind: "pattern",
    pattern: "^[A-Za-z_][A-Za-z0-9_.-]{0,254}$",
    maxLength: 255,
    allowed: "1 to 255 letters, digits, underscores, dots and hyphens, no digit first",
    fix: "It is the name of an environment variable.",
    source: `${ECS_API}/API_KeyValuePair.html`,
  },
  desiredCount: wholeFrom(0, 1, {
    unit: "tasks",
    fix: "0 pauses the service. A second ingester of the same queries would find them claimed, and exit with code 4.",
    source: `${ECS_GUIDE}/service-quotas.html`,
  }),
  ephemeralStorageGiB: wholeFrom(21, 200, {
    unit: "GiB",
    fix: "Leave it out for the 20 GiB that every task has.",
    source: `${ECS_API}/API_EphemeralStorage.html`,
  }),
  stopTimeoutSeconds: wholeFrom(2, 120, {
    unit: "seconds",
    fix: "Fargate waits at most 120 seconds between SIGTERM and SIGKILL.",
    source: `${ECS_API}/API_ContainerDefinition.html`,
  }),
  healthCheckIntervalSeconds: wholeFrom(5, 300, {
    unit: "seconds",
    fix: "It is the pause between two checks.",
    source: `${ECS_API}/API_HealthCheck.html`,
  }),
  healthCheckTimeoutSeconds: wholeFrom(2, 120, {
    unit: "seconds",
    fix: "A check that takes longer has failed.",
    source: `${ECS_API}/API_HealthCheck.html`,
  }),
  healthCheckRetries: wholeFrom(1, 10, {
    fix: "A task is unhealthy after this many failed checks in a row.",
    source: `${ECS_API}/API_HealthCheck.html`,
  }),
  healthCheckStartSeconds: wholeFrom(0, 300, {
    unit: "seconds",
    fix: "Failed checks do not count while a task starts.",
    source: `${ECS_API}/API_HealthCheck.html`,
  }),
  scheduleExpression: {
    kind: "pattern",
    pattern: `^(rate[(][1-9][0-9]{0,5} (minute|minutes|hour|hours|day|days)[)]|cron[(]${MINUTES} ${HOURS} ${DATES} ${YEAR}[)])$`,
    maxLength: 256,
    allowed:
      '"rate(15 minutes)" or a cron expression of six fields such as "cron(0 6 * * ? *)", with "?" for one of the two days',
    fix: "EventBridge Scheduler starts the task then; a run that is still going makes the next one stop at once.",
    source: `${AWS_DOCS}/scheduler/latest/UserGuide/schedule-types.html`,
  },
} as const;
