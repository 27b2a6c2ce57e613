import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { type AwsLocation, regionalArn } from "../constructs/aws-location";
import { grantCheckpoint } from "../constructs/checkpoint-table";
import { grantPutRecords } from "../constructs/delivery-stream";
import { FargateWorker } from "../constructs/fargate-worker";
import { LogGroup } from "../constructs/log-group";
import type { Network } from "../constructs/network";
import type { SecretReference } from "../constructs/token-secret";
import type { WorkerSizeProps } from "../constructs/worker-props";
import { DEFAULT_HTTP_PORT, type IngesterSettings, ingesterEnvironment } from "../ingester-settings";

export interface IngesterProps {
  /** Account, region and partition; `awsLocation(accountId, region)` makes one. */
  readonly location: AwsLocation;
  /** Names cluster, service or schedule, task family and security group; begins the names of roles and log group. */
  readonly name: string;
  /** Image of the ingester, with an immutable tag or a digest. */
  readonly image: string;
  /** ECR repository of the image, which tasks may pull from. */
  readonly repositoryArn: string;
  /** Where the X bearer token lies. */
  readonly token: SecretReference;
  /** What to read from X, and how much of it may be bought. */
  readonly settings: IngesterSettings;
  /** Delivery stream in the same region and account. */
  readonly streamName: string;
  /** DynamoDB table in the same region and account, with the partition key `pk` (string) and no sort key. */
  readonly checkpointTableName: string;
  /** Where tasks run. */
  readonly network: Network;
  /** Size and behaviour of the tasks. */
  readonly worker: WorkerSizeProps;
  /** One of the numbers of days that CloudWatch Logs knows. */
  readonly logRetentionDays: number;
  /**
   * The key of token, stream, logs and schedule.
   * @default - keys that AWS owns or manages
   */
  readonly kmsKeyArn?: string | undefined;
}

/** The ingester on Fargate, told what to read and where to put it, and allowed to do that and nothing else. */
export class Ingester extends Construct {
  /** For alarms and dashboards: CloudWatch namespace of the ingester's metrics. */
  readonly metricsNamespace: string;
  /** The role's permissions once granted, without which tasks can do nothing. */
  readonly dependable: ITerraformDependable;

  constructor(scope: Construct, id: string, props: IngesterProps) {
    super(scope, id);
    this.metricsNamespace = props.settings.metricsNamespace ?? props.name;
    const worker = this.worker(props);
    const { location, kmsKeyArn } = props;
    const streamArn = regionalArn(location, "firehose", `deliverystream/${props.streamName}`);
    const tableArn = regionalArn(location, "dynamodb", `table/${props.checkpointTableName}`);
    grantPutRecords({ streamArn, kmsKeyArn }, worker.taskRole);
    grantCheckpoint({ tableArn }, worker.taskRole);
    this.dependable = worker.taskRole.dependable;
  }

  private worker(props: IngesterProps): FargateWorker {
    const { location, kmsKeyArn, settings } = props;
    return new FargateWorker(this, "worker", {
      ...props.worker,
      location,
      workerName: props.name,
      image: props.image,
      repositoryArn: props.repositoryArn,
      environment: this.variables(props),
      secretVariable: "X_BEARER_TOKEN",
      secret: props.token,
      httpPort: settings.httpPort ?? DEFAULT_HTTP_PORT,
      network: props.network,
      logGroup: new LogGroup(this, "log", {
        location,
        logGroupName: `${props.name}/ingester`,
        retentionDays: props.logRetentionDays,
        ...(kmsKeyArn === undefined ? {} : { kmsKeyArn }),
      }),
      kmsKeyArn,
    });
  }

  private variables({ settings, location, worker, ...props }: IngesterProps): Record<string, string> {
    return ingesterEnvironment(settings, {
      region: location.region,
      stream: props.streamName,
      checkpointTable: props.checkpointTableName,
      metricsNamespace: this.metricsNamespace,
      runOnce: worker.run?.mode === "schedule",
    });
  }
}
