import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { Construct } from "constructs";
import { type LocatedProps, regionalArn } from "../aws/aws-location";
import { LogGroup } from "../aws/log-group";
import type { Grantee } from "../aws/policy";
import { ServiceRole } from "../aws/service-role";
import { checkAtSynth, fieldProblems, type Problem } from "../checks/check";
import type { TransformMetricsProps } from "../monitoring/subjects/transform";
import type { DeletableProps } from "../terraform/kept";
import { FunctionArchive } from "./function-archive";
import type { LambdaProcessor } from "./processors";

/** What Firehose needs of a function: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html */
const INVOKE_ACTIONS = ["lambda:GetFunctionConfiguration", "lambda:InvokeFunction"];

/** Size of the function; everything has a default. */
export interface TransformSizeProps {
  /**
   * Memory, 128 to 10240 MiB; CPU grows with it.
   * @default 256
   */
  readonly memoryMiB?: number;
  /**
   * Longest invocation, 1 to 300 seconds.
   * @default 60
   */
  readonly timeoutSeconds?: number;
}

/** How Firehose calls the function; everything has AWS's default. */
export type TransformBatchProps = Partial<Omit<LambdaProcessor, "type" | "functionArn" | "dependable">>;

export interface RecordTransformProps extends LocatedProps, TransformSizeProps, DeletableProps {
  /** 1 to 64 letters, digits, underscores and hyphens; unique in account and region. */
  readonly functionName: string;
  /** Absolute path of a zip file with `index.js`, whose `handler` answers Firehose. */
  readonly archivePath: string;
  /** Role of the function; at most 64 characters. */
  readonly roleName: string;
  /** @default - a role is created */
  readonly existingRoleArn?: string | undefined;
  /** Log group of the function; unique in account and region. */
  readonly logGroupName: string;
  /** One of the numbers of days that CloudWatch Logs knows. */
  readonly logRetentionDays: number;
  /**
   * CloudWatch namespace of the function's own metrics; empty = off.
   * @default - no metrics of its own
   */
  readonly metricsNamespace?: string;
  /** @default - keys that AWS owns or manages */
  readonly kmsKeyArn?: string | undefined;
}

/** The Lambda function that formats records during delivery. Its role can only write the function's logs. */
export class RecordTransform extends Construct {
  /** Processor for a stream, which invokes the latest version of the function. */
  readonly processor: LambdaProcessor;
  /** For dashboard and alarms. */
  readonly metrics: TransformMetricsProps;
  readonly role: ServiceRole;
  private readonly functionArn: string;

  constructor(scope: Construct, id: string, props: RecordTransformProps) {
    super(scope, id);
    checkAtSynth(this, transformProblems(props));
    this.metrics = { functionName: props.functionName, metricsNamespace: props.metricsNamespace ?? "" };
    this.functionArn = regionalArn(props.location, "lambda", `function:${props.functionName}`);
    const { kmsKeyArn } = props;
    const logGroup = new LogGroup(this, "log", {
      location: props.location,
      logGroupName: props.logGroupName,
      retentionDays: props.logRetentionDays,
      deletable: props.deletable,
      kmsKeyArn,
    });
    const role = new ServiceRole(this, "role", {
      location: props.location,
      roleName: props.roleName,
      servicePrincipal: "lambda.amazonaws.com",
      existingRoleArn: props.existingRoleArn,
    });
    this.role = role;
    logGroup.grantWrite(role);
    if (props.kmsKeyArn) grantReadVariables(role, props.kmsKeyArn);
    const dependable = this.createFunction(props, { role, logGroup });
    this.processor = { type: "Lambda", functionArn: this.invokeArn, dependable };
  }

  /** Lets the grantee invoke this function, with and without the version in its ARN, and no other. */
  grantInvoke(grantee: Grantee): void {
    grantee.addStatement({
      sid: "InvokeTransform",
      actions: INVOKE_ACTIONS,
      resources: [this.functionArn, this.invokeArn],
    });
  }

  private get invokeArn(): string {
    return `${this.functionArn}:$LATEST`;
  }

  private createFunction(props: RecordTransformProps, own: { role: ServiceRole; logGroup: LogGroup }) {
    const archive = new FunctionArchive(this, "archive", props.archivePath);
    return new LambdaFunction(this, "Default", {
      functionName: props.functionName,
      description: "Formats posts on their way into S3",
      role: own.role.roleArn,
      runtime: "nodejs22.x",
      architectures: ["arm64"],
      handler: "index.handler",
      filename: archive.path,
      sourceCodeHash: archive.base64Sha256,
      memorySize: props.memoryMiB ?? 256,
      timeout: props.timeoutSeconds ?? 60,
      // Text, because the metrics in the log must be separate lines exactly as the function wrote them.
      loggingConfig: { logFormat: "Text", logGroup: own.logGroup.createdName },
      ...variables(props),
      ...(props.kmsKeyArn ? { kmsKeyArn: props.kmsKeyArn } : {}),
      // Without permission to log, the function would lose the log lines of its first records.
      dependsOn: [...own.role.dependables],
    });
  }
}

/** Lambda uses the function's role to decrypt the function's variables. */
function grantReadVariables(role: ServiceRole, kmsKeyArn: string): void {
  role.addStatement({ sid: "ReadVariables", actions: ["kms:Decrypt"], resources: [kmsKeyArn] });
}

function variables({ metricsNamespace = "" }: RecordTransformProps) {
  return metricsNamespace === ""
    ? {}
    : { environment: { variables: { METRICS_NAMESPACE: metricsNamespace } } };
}

/** What Lambda or Firehose would refuse. */
export function transformProblems(props: TransformSizeProps & { readonly functionName?: string }): Problem[] {
  return fieldProblems(
    {
      functionName: "functionName",
      memoryMiB: "lambdaMemoryMiB",
      timeoutSeconds: "transformTimeoutSeconds",
    },
    props,
  );
}
