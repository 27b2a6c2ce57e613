import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { checkAtSynth, fieldProblems } from "../checks/check";
import { type DeletableProps, not } from "../terraform/kept";
import { type LocatedProps, regionalArn } from "./aws-location";
import type { Grantee } from "./policy";

export interface LogGroupProps extends LocatedProps, DeletableProps {
  /** 1 to 512 characters; unique in account and region. */
  readonly logGroupName: string;
  /** One of the numbers of days that CloudWatch Logs knows. */
  readonly retentionDays: number;
  /** @default - CloudWatch Logs' own encryption */
  readonly kmsKeyArn?: string | undefined;
}

/** A log group with a retention: without one, its size and its cost only grow. `terraform destroy` keeps it. */
export class LogGroup extends Construct {
  readonly logGroupName: string;
  /** Name that depends on the created group, so that its users are created after it. */
  readonly createdName: string;
  /** ARN of the group once created. */
  readonly createdArn: string;
  readonly dependable: ITerraformDependable;
  /** ARN built from the name, without the `:*` that stands for its streams. */
  readonly logGroupArn: string;

  constructor(scope: Construct, id: string, props: LogGroupProps) {
    super(scope, id);
    checkAtSynth(
      this,
      fieldProblems<LogGroupProps>(
        { logGroupName: "logGroupName", retentionDays: "logRetentionDays", kmsKeyArn: "kmsKeyArn" },
        props,
      ),
    );
    const group = new CloudwatchLogGroup(this, "Default", {
      name: props.logGroupName,
      retentionInDays: props.retentionDays,
      // `terraform destroy` keeps the group, so that its lines can be read until their retention ends.
      skipDestroy: not(props.deletable ?? false),
      ...(props.kmsKeyArn ? { kmsKeyId: props.kmsKeyArn } : {}),
    });
    this.logGroupName = props.logGroupName;
    this.createdName = group.name;
    this.createdArn = group.arn;
    this.dependable = group;
    this.logGroupArn = regionalArn(props.location, "logs", `log-group:${props.logGroupName}`);
  }

  /** Allows the grantee to write to streams of this group, and to create them where it chooses their names. */
  grantWrite(grantee: Grantee, actions = ["logs:CreateLogStream", "logs:PutLogEvents"]): void {
    grantee.addStatement({ sid: "WriteLogs", actions, resources: [`${this.logGroupArn}:log-stream:*`] });
  }
}
