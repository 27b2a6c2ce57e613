import type { Construct } from "constructs";
import { type LocatedProps, regionalArn } from "../aws/aws-location";
import type { LogGroup } from "../aws/log-group";
import { ServiceRole } from "../aws/service-role";
import { grantReadSecret, type SecretReference } from "../storage/token-secret";

/** Pulling images of one repository. */
const PULL_ACTIONS = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];

export interface WorkerRoleProps extends LocatedProps {
  /** At most 64 characters. */
  readonly roleName: string;
  /** @default - a role is created */
  readonly existingRoleArn?: string | undefined;
}

/** The ingester's role; all its permissions are granted. */
export function taskRole(scope: Construct, id: string, props: WorkerRoleProps): ServiceRole {
  return ecsRole(scope, id, props);
}

export interface ExecutionRoleProps extends WorkerRoleProps {
  /** ECR repository of the image: tasks may pull from it and from no other. */
  readonly repositoryArn: string;
  /** Where containers log to. */
  readonly logGroup: LogGroup;
  /** Read before a task starts. */
  readonly secret: SecretReference;
}

/** The role with which ECS pulls one image, creates log streams and reads one secret before the ingester starts. */
export function executionRole(scope: Construct, id: string, props: ExecutionRoleProps): ServiceRole {
  const role = ecsRole(scope, id, props);
  role.addStatement({ sid: "PullImage", actions: PULL_ACTIONS, resources: [props.repositoryArn] });
  // ECR's login action supports no resource; its token gives no access to a repository by itself.
  role.addStatement({ sid: "LogIn", actions: ["ecr:GetAuthorizationToken"], resources: ["*"] });
  props.logGroup.grantWrite(role);
  grantReadSecret(props.secret, role);
  return role;
}

function ecsRole(scope: Construct, id: string, props: WorkerRoleProps): ServiceRole {
  const { location, roleName, existingRoleArn } = props;
  return new ServiceRole(scope, id, {
    location,
    roleName,
    existingRoleArn,
    servicePrincipal: "ecs-tasks.amazonaws.com",
    sourceArn: regionalArn(location, "ecs", "*"),
  });
}
