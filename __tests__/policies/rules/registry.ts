import { type Rule, read } from "../rule";

const REPOSITORY = "aws_ecr_repository";
const SECRET = "aws_secretsmanager_secret";

export const registryRules: readonly Rule[] = [
  {
    ids: ["CKV_AWS_51", "AWS-0031"],
    title: "Image tags never move",
    on: REPOSITORY,
    holds: ({ attributes }) => attributes.image_tag_mutability === "IMMUTABLE",
  },
  {
    ids: ["CKV_AWS_163", "AWS-0030"],
    title: "Images are scanned when pushed",
    on: REPOSITORY,
    holds: ({ attributes }) => read(attributes, "image_scanning_configuration", "scan_on_push") === true,
  },
  {
    ids: ["CKV_AWS_136", "AWS-0033"],
    title: "Images are encrypted with a customer-managed key",
    on: REPOSITORY,
    holds: ({ attributes }) => read(attributes, "encryption_configuration", "kms_key") !== undefined,
  },
  {
    ids: ["AWS-0032"],
    title: "No repository is open to other accounts",
    on: REPOSITORY,
    holds: ({ stack }) => Object.keys(stack.all("aws_ecr_repository_policy")).length === 0,
  },
  {
    ids: ["CKV_AWS_149", "AWS-0098"],
    title: "Secrets are encrypted with a customer-managed key",
    on: SECRET,
    holds: ({ attributes }) => attributes.kms_key_id !== undefined,
  },
  {
    ids: ["CKV2_AWS_57"],
    title: "Secrets are rotated automatically",
    on: SECRET,
    holds: ({ stack }) => Object.keys(stack.all("aws_secretsmanager_secret_rotation")).length > 0,
  },
];
