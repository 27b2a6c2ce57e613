import { Token } from "cdktf";
import { arnProblems } from "../aws/arn-rules";
import type { AwsLocation } from "../aws/aws-location";
import { roleProblems } from "../aws/service-role";
import { itemProblems, type Problem, problem, repeatProblems } from "../checks/check";
import type { CheckedWorker } from "./props";

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html */
const MAX_SECURITY_GROUPS = 5;

/** Problems of existing resources that ECS would refuse. */
export function existingWorkerProblems(props: CheckedWorker, location: AwsLocation): Problem[] {
  const fix = "ECS runs tasks in clusters of their own account and region.";
  return [
    ...arnProblems(
      "clusterArn",
      { bound: "clusterArn", arn: props.clusterArn, what: "a cluster", fix },
      location,
    ),
    ...roleProblems("taskRoleArn", props.taskRoleArn, location),
    ...roleProblems("executionRoleArn", props.executionRoleArn, location),
    ...roleProblems("schedulerRoleArn", props.schedulerRoleArn, location),
    ...groupProblems(props),
    ...unusedProblems(props),
  ];
}

function groupProblems({ securityGroupIds }: CheckedWorker): Problem[] {
  if (securityGroupIds === undefined || Token.isUnresolved(securityGroupIds)) return [];
  const count = securityGroupIds.length;
  const allowed = `a list of 1 to ${MAX_SECURITY_GROUPS} security groups`;
  const fix = "Leave it out to have one created.";
  return [
    ...(count >= 1 && count <= MAX_SECURITY_GROUPS
      ? []
      : [problem("securityGroupIds", { allowed, got: count, fix })]),
    ...itemProblems("securityGroupId", "securityGroupIds", securityGroupIds),
    ...repeatProblems("securityGroupIds", securityGroupIds),
  ];
}

/** Values for resources that are not created, because existing ones are named, would have no effect. */
function unusedProblems(props: CheckedWorker): Problem[] {
  const { securityGroupIds, statusIngressCidrs, extraEgress, taskRoleArn, extraPermissions, run } = props;
  return [
    ...(securityGroupIds && statusIngressCidrs?.length
      ? [leftOut("statusIngressCidrs", "securityGroupIds")]
      : []),
    ...(securityGroupIds && extraEgress?.length ? [leftOut("extraEgress", "securityGroupIds")] : []),
    ...(taskRoleArn && extraPermissions?.length ? [leftOut("extraPermissions", "taskRoleArn")] : []),
    ...(props.schedulerRoleArn && run?.mode !== "schedule" && !props.audit
      ? [
          {
            path: "schedulerRoleArn",
            text: 'must be left out without run.mode "schedule" and without an audit: nothing would use it.',
          },
        ]
      : []),
  ];
}

function leftOut(path: string, existing: string): Problem {
  const text = `must be left out with ${existing}: what is there already is not changed. Set it there.`;
  return { path, text };
}
