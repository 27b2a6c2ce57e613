import { type ITerraformDependable, Token } from "cdktf";
import { Construct } from "constructs";
import { arnProblems, keyRule } from "../constructs/aws/arn-rules";
import { type LocatedProps, regionalArn } from "../constructs/aws/aws-location";
import { LogGroup } from "../constructs/aws/log-group";
import {
  checkAtSynth,
  type FieldBounds,
  fieldProblems,
  type Problem,
  under,
} from "../constructs/checks/check";
import { grantPutRecords } from "../constructs/delivery/delivery-stream";
import type { WatchedAudit } from "../constructs/monitoring/subjects/audit";
import type { WatchedIngester } from "../constructs/monitoring/subjects/ingester";
import type { Network } from "../constructs/network/network";
import { grantCheckpoint } from "../constructs/storage/checkpoint-table";
import { grantRead } from "../constructs/storage/delivery-bucket";
import type { SecretReference } from "../constructs/storage/token-secret";
import type { DeletableProps } from "../constructs/terraform/kept";
import { withOrWithout } from "../constructs/terraform/optional";
import { FargateWorker } from "../constructs/worker/fargate-worker";
import type { WorkerSizeProps } from "../constructs/worker/props";
import { type AuditProps, auditGrant, auditProblems, auditSchedule, watchedAudit } from "./audit";
import { watchedIngester } from "./coverage-keys";
import { settingsProblems } from "./rules/settings-rules";
import { taskProblems } from "./rules/task-rules";
import { type AnyIngesterSettings, DEFAULT_HTTP_PORT, ingesterEnvironment } from "./settings";
import { connectionText, type Listener, sharedConnections } from "./stream-connections";

export interface IngesterProps extends LocatedProps, DeletableProps {
  /** Names service or schedule, task family, and, where they are made here, cluster and security group; begins the names of roles and log group. */
  readonly name: string;
  /** Image of the ingester, with an immutable tag or a digest. */
  readonly image: string;
  /** ECR repository of the image, which tasks may pull from. */
  readonly repositoryArn: string;
  /** Secret with the X bearer token. */
  readonly token: SecretReference;
  /** What to read from X, and how much of it may be bought. */
  readonly settings: AnyIngesterSettings;
  /** Delivery stream in the same region and account. */
  readonly streamName: string;
  /** DynamoDB table in the same region and account, with the partition key `pk` (string) and no sort key. */
  readonly checkpointTableName: string;
  /**
   * Key of the checkpoint table, where it is another one than `kmsKeyArn`.
   * @default - `kmsKeyArn`, or DynamoDB's own key
   */
  readonly checkpointKmsKeyArn?: string | undefined;
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
  /**
   * Audits of the bucket that the stream delivers to, by schedule.
   * @default - none
   */
  readonly audit?: AuditProps | undefined;
}

const FIELDS: FieldBounds<IngesterProps> = {
  name: "baseName",
  image: "imageReference",
  repositoryArn: "repositoryArn",
  streamName: "streamName",
  checkpointTableName: "tableName",
};

/**
 * The ingester on Fargate, with its settings and with permissions only for its stream, its table and its secret.
 * @example
 * settings: {
 *   source: { mode: "search", queries: [{ name: "nasa", query: "from:nasa" }, { name: "esa", query: "from:esa" }] },
 *   monthlyUsdLimit: 20,
 * }
 */
export class Ingester extends Construct {
  /** For alarms and dashboards; undefined where the ingester writes no metrics. */
  readonly watched: WatchedIngester | undefined;
  /** For alarms and dashboards; undefined where no audit is scheduled. */
  readonly watchedAudit: WatchedAudit | undefined;
  /** Cluster, security groups, log group and roles of the tasks: grant the task role what sidecars need. */
  readonly worker: IngesterWorker;
  /** The service or the schedule once created, with all that tasks need. */
  readonly dependable: ITerraformDependable;
  /** The same; in modules both, of which Terraform creates one. */
  readonly dependables: readonly ITerraformDependable[];

  private readonly listener: Listener;

  constructor(scope: Construct, id: string, props: IngesterProps) {
    super(scope, id);
    const { location, kmsKeyArn, settings, streamName, audit } = props;
    this.listener = { name: this.node.path, ...props.token, settings, worker: props.worker };
    checkAtSynth(this, [
      ...fieldProblems<IngesterProps>(FIELDS, props),
      ...under("settings", [...settingsProblems(settings), ...referenceProblems(props)]),
      ...arnProblems("kmsKeyArn", keyRule(kmsKeyArn), { region: location.region }),
      ...arnProblems("checkpointKmsKeyArn", keyRule(props.checkpointKmsKeyArn), { region: location.region }),
      ...under("worker", taskProblems(props.worker, settings)),
      ...under("audit", audit ? auditProblems(audit, { ...audit, ...settings }) : []),
    ]);
    checkAtSynth(this, () => this.connectionProblems());
    const metricsNamespace = settings.metricsNamespace ?? props.name;
    this.watched = watchedIngester(settings, { streamName, metricsNamespace });
    this.watchedAudit = audit && watchedAudit(audit, metricsNamespace);
    const worker = this.addWorker(props, metricsNamespace);
    this.worker = worker;
    const streamArn = regionalArn(location, "firehose", `deliverystream/${streamName}`);
    const tableArn = regionalArn(location, "dynamodb", `table/${props.checkpointTableName}`);
    grantPutRecords({ streamArn, kmsKeyArn }, worker.taskRole);
    grantCheckpoint({ tableArn, kmsKeyArn: props.checkpointKmsKeyArn }, worker.taskRole);
    if (audit) grantRead(auditGrant(audit, location), worker.taskRole);
    this.dependable = worker.dependable;
    this.dependables = worker.dependables;
  }

  /** Of all ingesters in the app, in the order in which they were made. */
  private connectionProblems(): Problem[] {
    const ingesters = this.node.root.node.findAll().filter((each) => each instanceof Ingester);
    return sharedConnections(ingesters.map(({ listener }) => listener))
      .filter(({ listener }) => listener === this.listener)
      .map((shared) => ({ path: "token.secretArn", text: connectionText(shared) }));
  }

  private addWorker(props: IngesterProps, metricsNamespace: string): FargateWorker {
    const { location, kmsKeyArn, settings } = props;
    const { run } = props.worker;
    const environment = ingesterEnvironment(settings, {
      region: location.region,
      stream: props.streamName,
      checkpointTable: props.checkpointTableName,
      metricsNamespace,
      runOnce: run?.mode === "schedule" && withOrWithout(run.expression, "true", ""),
    });
    return new FargateWorker(this, "Default", {
      ...props.worker,
      location,
      workerName: props.name,
      image: props.image,
      repositoryArn: props.repositoryArn,
      environment,
      secretVariable: "X_BEARER_TOKEN",
      secret: props.token,
      httpPort: settings.httpPort ?? DEFAULT_HTTP_PORT,
      network: props.network,
      logGroup: new LogGroup(this, "log", {
        location,
        logGroupName: `${props.name}/ingester`,
        retentionDays: props.logRetentionDays,
        deletable: props.deletable,
        kmsKeyArn,
      }),
      kmsKeyArn,
      audit: props.audit && auditSchedule(props.audit),
    });
  }
}

/** Parts that other constructs build on. */
export type IngesterWorker = Pick<
  FargateWorker,
  | "clusterArn"
  | "clusterName"
  | "securityGroupId"
  | "securityGroupIds"
  | "taskRole"
  | "executionRole"
  | "schedulerRole"
  | "auditRole"
>;

/** Default keys and lists are rendered at synthesis, when a reference has no text yet. */
function referenceProblems({ settings: { source, checkpointKey }, streamName }: IngesterProps): Problem[] {
  const got = "a reference that only Terraform can resolve";
  const [list, items] = listOf(source);
  const inList = Token.isUnresolved(JSON.stringify(items));
  const query = source.mode === "search" ? source.query : undefined;
  const inKey = Token.isUnresolved(streamName) || Token.isUnresolved(query);
  return [
    ...(inList ? [{ path: `source.${list}`, text: `must be plain text, got ${got}. Write the text.` }] : []),
    ...(inKey && checkpointKey === undefined
      ? [
          {
            path: "checkpointKey",
            text: `must be set where the stream's name or the query is ${got}. Set it.`,
          },
        ]
      : []),
  ];
}

/** Lists that synthesis renders; Terraform renders those of a module. */
function listOf(source: AnyIngesterSettings["source"]): readonly [string, readonly object[]] {
  if (source.mode === "stream") return ["rules", source.rules];
  return ["queries", (source.mode === "search" && source.queries) || []];
}
