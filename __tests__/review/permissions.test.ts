import type { PolicyStatement } from "../../stacks/constructs/aws/policy";
import type { EnvironmentConfig } from "../../stacks/environment/environment";
import { changePermissions, readPermissions } from "../../stacks/github/permissions";
import { environmentWith } from "../helpers/environment";
import { type Attributes, synthesize } from "../helpers/synth";
import { variants } from "../helpers/variants";
import { callsOf, loggedCalls } from "./calls";

/** The pipeline's own, which a person deploys. */
const PIPELINE = /^aws_iam_(openid_connect_provider|policy|role_policy_attachment)\.|\.github_/;

/** Every environment, with a pipeline. */
const environments: Readonly<Record<string, EnvironmentConfig>> = Object.fromEntries(
  Object.entries({ base: environmentWith(), ...variants }).map(([name, config]) => [
    name,
    {
      ...config,
      state: { kind: "s3" as const, bucket: "states" },
      github: { repository: "octo-org/my-repo" },
    },
  ]),
);

const ACCOUNT = "eu-west-1:333333333333";
const ROLE = "arn:aws:iam::333333333333:role";

/** The ARN that AWS looks at, of kinds of resources that have a name; the others have none before they exist. */
const ARNS: Readonly<Record<string, (attributes: Attributes, stack: string) => string>> = {
  aws_athena_workgroup: ({ name }) => `arn:aws:athena:${ACCOUNT}:workgroup/${name}`,
  aws_cloudwatch_dashboard: ({ dashboard_name }) =>
    `arn:aws:cloudwatch::333333333333:dashboard/${dashboard_name}`,
  aws_cloudwatch_log_group: ({ name }) => `arn:aws:logs:${ACCOUNT}:log-group:${name}`,
  aws_cloudwatch_metric_alarm: ({ alarm_name }) => `arn:aws:cloudwatch:${ACCOUNT}:alarm:${alarm_name}`,
  aws_dynamodb_table: ({ name }) => `arn:aws:dynamodb:${ACCOUNT}:table/${name}`,
  aws_ecr_repository: ({ name }) => `arn:aws:ecr:${ACCOUNT}:repository/${name}`,
  aws_ecs_cluster: ({ name }) => `arn:aws:ecs:${ACCOUNT}:cluster/${name}`,
  aws_ecs_cluster_capacity_providers: (_, stack) => `arn:aws:ecs:${ACCOUNT}:cluster/${stack}`,
  aws_ecs_service: ({ name, cluster }, stack) =>
    `arn:aws:ecs:${ACCOUNT}:service/${/cluster\/(\w+)$/.exec(String(cluster))?.[1] ?? stack}/${name}`,
  aws_ecs_task_definition: ({ family }) => `arn:aws:ecs:${ACCOUNT}:task-definition/${family}:1`,
  aws_glue_catalog_database: ({ name }) => `arn:aws:glue:${ACCOUNT}:database/${name}`,
  aws_iam_role: ({ name, path = "/" }) => `${ROLE}${path}${name}`,
  aws_kinesis_firehose_delivery_stream: ({ name }) => `arn:aws:firehose:${ACCOUNT}:deliverystream/${name}`,
  aws_lambda_function: ({ function_name }) => `arn:aws:lambda:${ACCOUNT}:function:${function_name}`,
  aws_s3_bucket: ({ bucket }) => `arn:aws:s3:::${bucket}`,
  // Each has a group of its own name.
  aws_scheduler_schedule: ({ name }) => `arn:aws:scheduler:${ACCOUNT}:schedule/${name}/${name}`,
  aws_scheduler_schedule_group: ({ name }) => `arn:aws:scheduler:${ACCOUNT}:schedule-group/${name}`,
  aws_secretsmanager_secret: ({ name }) => `arn:aws:secretsmanager:${ACCOUNT}:secret:${name}-AbCdEf`,
  aws_sns_topic: ({ name }) => `arn:aws:sns:${ACCOUNT}:${name}`,
};

/** Whether statements allow an action, on this ARN where the action is one on the resource itself. */
function allows(statements: readonly PolicyStatement[], action: string, arn: string | undefined): boolean {
  return statements.some(
    ({ actions, resources }) =>
      actions.some((pattern) => matches(pattern, action)) &&
      (arn === undefined || resources.some((pattern) => matches(pattern, arn))),
  );
}

function matches(pattern: string, text: string): boolean {
  const escaped = pattern.replaceAll(/[.+^\u0024{}()|[\]\\]/g, "\\\u0024&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}\u0024`).test(text);
}

/** Actions on something else than the resource: its role, its key, a list of all. */
const ELSEWHERE =
  /^(iam:(PassRole|CreateServiceLinkedRole)|kms:.*|logs:DescribeLogGroups|cloudwatch:DescribeAlarms|ecs:DescribeTaskDefinition|ecs:DeregisterTaskDefinition)$/;

function refused(config: EnvironmentConfig, kind: "read" | "write"): string[] {
  const statements =
    kind === "read" ? readPermissions(config) : [...readPermissions(config), ...changePermissions(config)];
  const missing = Object.values(synthesize(config)).flatMap((stack) =>
    stack.addresses
      .filter((address) => !PIPELINE.test(address))
      .flatMap((address) => {
        const [type = ""] = address.split(".");
        const arn = ARNS[type]?.(stack.at(address) ?? {}, stack.stackName);
        const actions = callsOf(type)[kind].filter((action) => config.kmsKeyArn || !OWN_KEY.test(action));
        return actions
          .filter((action) => !allows(statements, action, ELSEWHERE.test(action) ? undefined : arn))
          .map((action) => `${action} on ${arn ?? type}`);
      }),
  );
  return [...new Set(missing)];
}

/** Needed only where the environment has a key. */
const OWN_KEY = /^kms:(CreateGrant|Decrypt|Encrypt|GenerateDataKey)$/;

describe.each(Object.entries(environments))("the pipeline of %s", (_name, config) => {
  it("may read what a plan refreshes", () => {
    expect(refused(config, "read")).toEqual([]);
  });

  it("may do what an apply calls, with tags, roles and keys", () => {
    expect(refused(config, "write")).toEqual([]);
  });
});

describe("a key of the stacks", () => {
  it("can be tagged when it is made: it has no tag yet that could allow it", () => {
    const [statement] = changePermissions(environments.base as EnvironmentConfig).filter(
      ({ actions }) => actions.includes("kms:CreateKey") && actions.includes("kms:TagResource"),
    );
    expect(statement?.conditions).toEqual(
      expect.arrayContaining([
        { test: "StringEquals", variable: "aws:RequestTag/app", values: ["tweets"] },
        { test: "Null", variable: "aws:ResourceTag/app", values: ["true"] },
      ]),
    );
    const onTags = statement?.conditions?.filter(
      ({ test, variable }) => test !== "Null" && variable.startsWith("aws:ResourceTag"),
    );
    expect(onTags).toEqual([]);
  });
});

describe("a log of the provider", () => {
  it("is read as actions of IAM, by kind of resource", () => {
    const sent = (fields: string) =>
      `2026-01-01T00:00:00.000Z [DEBUG] provider.aws: HTTP Request Sent: ${fields}`;
    const log = [
      sent(
        'rpc.service="CloudWatch Logs" tf_resource_type=aws_cloudwatch_log_group rpc.method=PutRetentionPolicy',
      ),
      sent("tf_resource_type=aws_s3_bucket rpc.method=HeadBucket rpc.service=S3"),
      "2026-01-01T00:00:00.000Z [DEBUG] provider.aws: HTTP Response Received: rpc.method=Other rpc.service=S3",
      sent("rpc.method=GetUser rpc.service=IAM"),
    ].join("\n");
    expect(loggedCalls(log)).toEqual([
      "aws_cloudwatch_log_group logs:PutRetentionPolicy",
      "aws_s3_bucket s3:ListBucket",
    ]);
  });
});
