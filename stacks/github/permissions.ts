import { bucketArn, roleArn } from "../constructs/aws/aws-location";
import type { PolicyStatement } from "../constructs/aws/policy";
import type { EnvironmentConfig } from "../environment/environment";
import { type Names, namesOf } from "../environment/naming";
import type { Scope } from "./scope";
import { githubScopes } from "./scopes";
import { stackRoles } from "./worker-scopes";

/**
 * Permissions of a plan: read the state and all settings of the stacks' resources. They allow neither reading posts,
 * ledger or token, nor any write, not even of a lock.
 */
export function readPermissions(config: EnvironmentConfig): PolicyStatement[] {
  const names = namesOf(config);
  const settings = githubScopes(names, config).filter(({ read }) => read.length > 0);
  return [
    ...stateStatements(config, names),
    ...settings.map((scope) => statement("Read", scope, scope.read)),
  ];
}

/**
 * Additional permissions of an apply: change these settings, by name or tag of this environment. They do not allow
 * emptying the bucket, reading the token, or changing the roles of the pipeline itself.
 */
export function changePermissions(config: EnvironmentConfig): PolicyStatement[] {
  const names = namesOf(config);
  const changes = githubScopes(names, config).filter(({ write }) => write.length > 0);
  return [
    ...changes.map((scope) => statement("Change", scope, scope.write)),
    ...stateChanges(config, names),
    passRoles(names, config),
  ];
}

function statement(verb: string, { sid, resources, conditions }: Scope, actions: readonly string[]) {
  return { sid: `${verb}${sid}`, actions, resources, ...(conditions ? { conditions } : {}) };
}

/** https://developer.hashicorp.com/terraform/language/backend/s3#permissions-required */
function stateStatements({ state }: EnvironmentConfig, names: Names): PolicyStatement[] {
  if (state?.kind !== "s3") return [];
  const bucket = bucketArn(names.location, state.bucket);
  return [
    { sid: "FindState", actions: ["s3:ListBucket"], resources: [bucket] },
    {
      sid: "ReadState",
      actions: ["s3:GetObject"],
      resources: stateKeys(names, state.keyPrefix).map((key) => `${bucket}/${key}`),
    },
    ...stateKeyUse("ReadStateKey", ["kms:Decrypt"], state.kmsKeyArn),
  ];
}

function stateChanges({ state }: EnvironmentConfig, names: Names): PolicyStatement[] {
  if (state?.kind !== "s3") return [];
  const objects = stateKeys(names, state.keyPrefix).map(
    (key) => `${bucketArn(names.location, state.bucket)}/${key}`,
  );
  const locks = objects.map((object) => `${object}.tflock`);
  return [
    { sid: "WriteState", actions: ["s3:PutObject"], resources: objects },
    { sid: "LockState", actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], resources: locks },
    ...stateKeyUse("WriteStateKey", ["kms:GenerateDataKey"], state.kmsKeyArn),
  ];
}

function stateKeys({ registryStack, dataStack, ingesterStack }: Names, prefix = ""): string[] {
  return [registryStack, dataStack, ingesterStack].map((stack) => `${prefix}${stack}/terraform.tfstate`);
}

function stateKeyUse(sid: string, actions: string[], kmsKeyArn: string | undefined): PolicyStatement[] {
  return kmsKeyArn ? [{ sid, actions, resources: [kmsKeyArn] }] : [];
}

/** Passing the stacks' roles, created or existing, to their services. */
function passRoles(names: Names, { worker, delivery, transform }: EnvironmentConfig): PolicyStatement {
  const { taskRoleArn, executionRoleArn, schedulerRoleArn } = worker;
  const existing = [taskRoleArn, executionRoleArn, schedulerRoleArn, delivery?.roleArn, transform?.roleArn];
  const services = ["ecs-tasks", "firehose", "lambda", "scheduler", "vpc-flow-logs"];
  return {
    sid: "PassRoles",
    actions: ["iam:PassRole"],
    resources: [
      ...stackRoles(names).map((role) => roleArn(names.location, role)),
      ...existing.filter((arn) => arn !== undefined),
    ],
    conditions: [
      {
        test: "StringEquals",
        variable: "iam:PassedToService",
        values: services.map((service) => `${service}.amazonaws.com`),
      },
    ],
  };
}
