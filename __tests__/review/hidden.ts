import type { Plan } from "../helpers/plan";
import type { Synthesized } from "../helpers/synth";

/**
 * What a first plan cannot show though it is configured, and why. Everything else that a stack configures is there to
 * be read before anything exists, every document among it.
 */
const REASONS: Readonly<Record<string, readonly string[]>> = {
  "AWS gives the id, and nothing can be read from it": [
    "aws_default_security_group.vpc_id",
    "aws_flow_log.vpc_id",
    "aws_internet_gateway.vpc_id",
    "aws_nat_gateway.allocation_id",
    "aws_nat_gateway.subnet_id",
    "aws_route.gateway_id",
    "aws_route.nat_gateway_id",
    "aws_route.route_table_id",
    "aws_route_table.vpc_id",
    "aws_route_table_association.route_table_id",
    "aws_route_table_association.subnet_id",
    "aws_ecs_service.network_configuration.security_groups",
    "aws_ecs_service.network_configuration.subnets",
    "aws_scheduler_schedule.target.ecs_parameters.network_configuration.security_groups",
    "aws_security_group.vpc_id",
    "aws_subnet.vpc_id",
    "aws_vpc_endpoint.route_table_ids",
    "aws_vpc_endpoint.security_group_ids",
    "aws_vpc_endpoint.subnet_ids",
    "aws_vpc_endpoint.vpc_id",
    "aws_vpc_security_group_egress_rule.security_group_id",
    "aws_vpc_security_group_ingress_rule.security_group_id",
  ],
  "part of the ARN is AWS's to choose: a key's id, a task definition's revision": [
    "aws_ecs_service.task_definition",
    "aws_scheduler_schedule.target.ecs_parameters.task_definition_arn",
    "aws_sns_topic.kms_master_key_id",
  ],
  "it is replaced with what it names, whose name stays the same and is in the same plan": [
    "aws_ecr_lifecycle_policy.repository",
    "aws_iam_role_policy.role",
    "aws_iam_role_policy_attachment.role",
  ],
  "the reference makes Terraform wait for what it names, and the name is in the same plan": [
    "aws_ecs_service.cluster",
    "aws_ecs_task_definition.execution_role_arn",
    "aws_ecs_task_definition.task_role_arn",
    "aws_flow_log.iam_role_arn",
    "aws_flow_log.log_destination",
    "aws_iam_role_policy_attachment.policy_arn",
    "aws_kinesis_firehose_delivery_stream.extended_s3_configuration.bucket_arn",
    "aws_kinesis_firehose_delivery_stream.extended_s3_configuration.data_format_conversion_configuration.schema_configuration.role_arn",
    "aws_kinesis_firehose_delivery_stream.extended_s3_configuration.role_arn",
    "aws_kinesis_firehose_delivery_stream.extended_s3_configuration.s3_backup_configuration.bucket_arn",
    "aws_kinesis_firehose_delivery_stream.extended_s3_configuration.s3_backup_configuration.role_arn",
    "aws_lambda_function.role",
    "aws_scheduler_schedule.target.arn",
    "aws_scheduler_schedule.target.role_arn",
    "aws_sns_topic_policy.arn",
  ],
};

/** Attributes that have a reason to be hidden, sorted. */
export const hiddenWithReason: readonly string[] = Object.values(REASONS).flat().sort();

/** `type.attribute.path` of everything configured that a first plan hides, sorted, each once. */
export function hiddenAttributes(plans: readonly Plan[], stacks: readonly Synthesized[]): string[] {
  const all = plans.flatMap(({ resource_changes }, index) =>
    resource_changes.flatMap(({ address, type, change }) =>
      hiddenPaths(type, change.after_unknown, stacks[index]?.at(address)),
    ),
  );
  return [...new Set(all)].sort();
}

/** Blocks are lists in a plan, and may be single objects in what was synthesized. */
function hiddenPaths(path: string, unknown: unknown, configured: unknown): string[] {
  if (configured === undefined) return [];
  if (unknown === true) return [path];
  if (typeof unknown !== "object" || unknown === null) return [];
  if (Array.isArray(unknown)) {
    const blocks = Array.isArray(configured) ? configured : [configured];
    return unknown.flatMap((each, index) => hiddenPaths(path, each, blocks[index]));
  }
  const attributes = configured as Readonly<Record<string, unknown>>;
  return Object.entries(unknown).flatMap(([name, each]) =>
    hiddenPaths(`${path}.${name}`, each, attributes[name]),
  );
}
