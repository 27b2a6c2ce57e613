import { type Resource, type Rule, read } from "../rule";

const STREAM = "aws_kinesis_firehose_delivery_stream";
const FUNCTION = "aws_lambda_function";
/** https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html */
const SUPPORTED_RUNTIMES = ["nodejs22.x", "nodejs24.x"];
const SECRET_NAME = /TOKEN|SECRET|PASSWORD|API_?KEY|ACCESS_?KEY/;

function variables({ attributes }: Resource): Record<string, unknown> {
  return (read(attributes, "environment", "variables") ?? {}) as Record<string, unknown>;
}

export const deliveryRules: readonly Rule[] = [
  {
    ids: ["CKV_AWS_240"],
    title: "Streams are encrypted",
    on: STREAM,
    holds: ({ attributes }) => read(attributes, "server_side_encryption", "enabled") === true,
  },
  {
    ids: ["CKV_AWS_241"],
    title: "Streams are encrypted with a customer-managed key",
    on: STREAM,
    holds: ({ attributes }) =>
      read(attributes, "server_side_encryption", "key_type") === "CUSTOMER_MANAGED_CMK",
  },
  {
    ids: ["CKV_AWS_45"],
    title: "No function has a secret among its variables",
    on: FUNCTION,
    holds: (resource) => !Object.keys(variables(resource)).some((name) => SECRET_NAME.test(name)),
  },
  {
    ids: ["CKV_AWS_173"],
    title: "Functions' variables are encrypted with a customer-managed key",
    on: FUNCTION,
    holds: (resource) =>
      Object.keys(variables(resource)).length === 0 || resource.attributes.kms_key_arn !== undefined,
  },
  {
    ids: ["CKV_AWS_50", "AWS-0066"],
    title: "Functions are traced",
    on: FUNCTION,
    holds: ({ attributes }) => read(attributes, "tracing_config", "mode") === "Active",
  },
  {
    ids: ["CKV_AWS_115"],
    title: "Functions have a limit of concurrent executions",
    on: FUNCTION,
    holds: ({ attributes }) => attributes.reserved_concurrent_executions !== undefined,
  },
  {
    ids: ["CKV_AWS_116"],
    title: "Functions have a dead-letter queue",
    on: FUNCTION,
    holds: ({ attributes }) => attributes.dead_letter_config !== undefined,
  },
  {
    ids: ["CKV_AWS_117"],
    title: "Functions run in a VPC",
    on: FUNCTION,
    holds: ({ attributes }) => attributes.vpc_config !== undefined,
  },
  {
    ids: ["CKV_AWS_272"],
    title: "Functions' code is signed",
    on: FUNCTION,
    holds: ({ attributes }) => attributes.code_signing_config_arn !== undefined,
  },
  {
    ids: ["CKV_AWS_363"],
    title: "No runtime is deprecated",
    on: FUNCTION,
    holds: ({ attributes }) => SUPPORTED_RUNTIMES.includes(String(attributes.runtime)),
  },
  {
    ids: ["CKV_AWS_364", "AWS-0067"],
    title: "Services may invoke functions on behalf of named sources only",
    on: "aws_lambda_permission",
    holds: ({ attributes }) => attributes.source_arn !== undefined || attributes.source_account !== undefined,
  },
];
