import { type Resource, type Rule, read } from "../rule";

const LOG_GROUP = "aws_cloudwatch_log_group";
const TOPIC = "aws_sns_topic";
const KEY = "aws_kms_key";

/** Statements of the policy document that an attribute names. */
function documentOf({ stack, attributes }: Resource) {
  const id = /data\.aws_iam_policy_document\.([^.]+)\.json/.exec(String(attributes.policy))?.[1];
  return id === undefined ? [] : stack.statements(id);
}

const opensToEverybody = (resource: Resource) =>
  documentOf(resource).some(
    ({ effect, principals = [], condition = [] }) =>
      effect !== "Deny" &&
      condition.length === 0 &&
      principals.some(({ identifiers }) => identifiers.includes("*")),
  );

export const watchingRules: readonly Rule[] = [
  {
    ids: ["CKV_AWS_66"],
    title: "Logs end some day",
    on: LOG_GROUP,
    holds: ({ attributes }) => Number(attributes.retention_in_days) > 0,
  },
  {
    ids: ["CKV_AWS_338"],
    title: "Logs are kept for a year",
    on: LOG_GROUP,
    holds: ({ attributes }) => Number(attributes.retention_in_days) >= 365,
  },
  {
    ids: ["CKV_AWS_158", "AWS-0017"],
    title: "Logs are encrypted with a customer-managed key",
    on: LOG_GROUP,
    holds: ({ attributes }) => attributes.kms_key_id !== undefined,
  },
  {
    ids: ["CKV_AWS_319"],
    title: "Alarms act",
    on: "aws_cloudwatch_metric_alarm",
    holds: ({ attributes }) =>
      attributes.actions_enabled !== false && read(attributes, "alarm_actions") !== undefined,
  },
  {
    ids: ["CKV_AWS_26", "AWS-0095"],
    title: "Notifications are encrypted",
    on: TOPIC,
    holds: ({ attributes }) => attributes.kms_master_key_id !== undefined,
  },
  {
    ids: ["AWS-0136"],
    title: "Notifications are encrypted with a customer-managed key",
    on: TOPIC,
    holds: ({ attributes }) => attributes.kms_master_key_id !== "alias/aws/sns",
  },
  {
    ids: ["CKV_AWS_169"],
    title: "No topic is open to everybody",
    on: "aws_sns_topic_policy",
    holds: (policy) => !opensToEverybody(policy),
  },
  {
    ids: ["CKV_AWS_7", "AWS-0065"],
    title: "Keys made here are rotated",
    on: KEY,
    holds: ({ attributes }) => attributes.enable_key_rotation === true,
  },
  {
    ids: ["CKV2_AWS_64"],
    title: "Keys made here have a policy",
    on: KEY,
    holds: ({ attributes, stack }) =>
      attributes.policy !== undefined || Object.keys(stack.all("aws_kms_key_policy")).length > 0,
  },
  {
    ids: ["CKV_AWS_33"],
    title: "No key made here is open to everybody",
    on: KEY,
    holds: (key) => !opensToEverybody(key),
  },
];
