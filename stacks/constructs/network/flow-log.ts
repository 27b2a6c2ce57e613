import { FlowLog as AwsFlowLog } from "@cdktf/provider-aws/lib/flow-log";
import { Construct } from "constructs";
import { type LocatedProps, regionalArn } from "../aws/aws-location";
import { LogGroup } from "../aws/log-group";
import { ServiceRole } from "../aws/service-role";
import { nameTag } from "../aws/tags";
import type { DeletableProps } from "../terraform/kept";

export interface FlowLogProps extends LocatedProps, DeletableProps {
  /** VPC to watch. */
  readonly vpcId: string;
  /** Names log group and role. */
  readonly networkName: string;
  /** One of the numbers of days that CloudWatch Logs knows. */
  readonly logRetentionDays: number;
  /**
   * Encrypts the log.
   * @default - CloudWatch Logs' own encryption
   */
  readonly kmsKeyArn?: string | undefined;
}

/** Logs refused connections only: logging accepted ones would cost more and help little. */
export class FlowLog extends Construct {
  constructor(scope: Construct, id: string, props: FlowLogProps) {
    super(scope, id);
    const { location, networkName, kmsKeyArn } = props;
    const logGroup = new LogGroup(this, "group", {
      location,
      logGroupName: `${networkName}/refused-connections`,
      retentionDays: props.logRetentionDays,
      deletable: props.deletable,
      kmsKeyArn,
    });
    const role = new ServiceRole(this, "role", {
      location,
      roleName: `${networkName}-flow-log`,
      servicePrincipal: "vpc-flow-logs.amazonaws.com",
      sourceArn: regionalArn(location, "ec2", "vpc-flow-log/*"),
    });
    logGroup.grantWrite(role, ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]);
    new AwsFlowLog(this, "Default", {
      vpcId: props.vpcId,
      trafficType: "REJECT",
      logDestinationType: "cloud-watch-logs",
      logDestination: logGroup.createdArn,
      iamRoleArn: role.roleArn,
      tags: nameTag(networkName),
      dependsOn: [...role.dependables],
    });
  }
}
