import { type ContainerJson, containersOf } from "../../helpers/synth";
import { type Resource, type Rule, read } from "../rule";

const CLUSTER = "aws_ecs_cluster";
const SERVICE = "aws_ecs_service";
const TASK = "aws_ecs_task_definition";
const SECRET_NAME = /TOKEN|SECRET|PASSWORD|API_?KEY|ACCESS_?KEY/;

const everyContainer =
  (test: (container: ContainerJson) => boolean) =>
  ({ stack }: Resource) =>
    containersOf(stack).every(test);

export const taskRules: readonly Rule[] = [
  {
    ids: ["CKV_AWS_297"],
    title: "Schedules are encrypted with a customer-managed key",
    on: "aws_scheduler_schedule",
    holds: ({ attributes }) => attributes.kms_key_arn !== undefined,
  },
  {
    ids: ["CKV_AWS_65", "AWS-0034"],
    title: "Container Insights are on",
    on: CLUSTER,
    holds: ({ attributes }) =>
      read(attributes, "setting", "name") === "containerInsights" &&
      ["enabled", "enhanced"].includes(String(read(attributes, "setting", "value"))),
  },
  {
    ids: ["CKV_AWS_223", "CKV_AWS_224"],
    title: "ECS Exec is off, so that there is nothing of it to log or encrypt",
    on: CLUSTER,
    holds: ({ attributes, stack }) =>
      attributes.configuration === undefined &&
      Object.values(stack.all(SERVICE)).every((service) => service.enable_execute_command !== true),
  },
  {
    ids: ["CKV_AWS_332"],
    title: "Services run on the latest Fargate platform",
    on: SERVICE,
    holds: ({ attributes }) => [undefined, "LATEST"].includes(attributes.platform_version as undefined),
  },
  {
    ids: ["CKV_AWS_333"],
    title: "Tasks have no public address",
    on: SERVICE,
    holds: ({ attributes }) => read(attributes, "network_configuration", "assign_public_ip") !== true,
  },
  {
    ids: ["CKV_AWS_97", "AWS-0035"],
    title: "No task mounts a file system without encryption in transit",
    on: TASK,
    holds: ({ attributes }) => attributes.volume === undefined,
  },
  {
    ids: ["CKV_AWS_249"],
    title: "Task role and execution role differ",
    on: TASK,
    holds: ({ attributes }) => attributes.task_role_arn !== attributes.execution_role_arn,
  },
  {
    ids: ["CKV_AWS_334"],
    title: "No container is privileged",
    on: TASK,
    holds: everyContainer(({ privileged }) => privileged !== true),
  },
  {
    ids: ["CKV_AWS_335"],
    title: "No task shares processes with its host",
    on: TASK,
    holds: ({ attributes }) => attributes.pid_mode === undefined,
  },
  {
    ids: ["CKV_AWS_336"],
    title: "Containers' root file systems are read-only",
    on: TASK,
    holds: everyContainer(({ readonlyRootFilesystem }) => readonlyRootFilesystem === true),
  },
  {
    ids: ["AWS-0036"],
    title: "No container has a secret among its plain variables",
    on: TASK,
    holds: everyContainer(({ environment = [] }) => !environment.some(({ name }) => SECRET_NAME.test(name))),
  },
];
