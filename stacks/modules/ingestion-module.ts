import type { App } from "cdktf";
import { type AwsLocation, regionalArn } from "../constructs/aws/aws-location";
import { Ingestion } from "../ingestion/ingestion";
import { sameRegion } from "./bound-validation";
import { existingNetwork, ingesterSettings, surroundings, workerSize } from "./ingester-inputs";
import { ModuleStack } from "./module-stack";
import { bucketName, deletable, delivery, storage, streamName } from "./stream-inputs";

/** `modules/ingestion` */
export class IngestionModule extends ModuleStack {
  readonly summary =
    "One collection of posts, whole: the ingester on Fargate in a network of yours, its ledger in DynamoDB, the delivery stream, the bucket, a dashboard and alarms. It searches with one query or with several, under one budget, or listens to the filtered stream. Bring an image in ECR, a secret with the X bearer token, and a topic for alarms. Fixed: no transform, compressed JSON lines.";

  constructor(app: App) {
    super(app, "ingestion", "Ingestion");
    const { inputs } = this;
    const name = inputs.string("name", {
      description: "Names everything that has no name of its own.",
      bound: "baseName",
    });
    const [bucket, stream] = [bucketName(inputs), streamName(inputs, "Name of the stream to create.")];
    const location = this.location();
    const { storedStream, ingester } = this.addIngestion({ name, bucket, stream, location });
    const tableArn = regionalArn(location, "dynamodb", `table/${name}-checkpoint`);
    this.tagEverything();
    this.output("bucket_name", {
      value: bucket,
      description: "Name of the bucket with the posts.",
      created: [storedStream.dependable],
    });
    this.output("stream_name", {
      value: stream,
      description: "Name of the delivery stream.",
      created: [storedStream.dependable],
    });
    this.output("checkpoint_table_name", {
      value: `${name}-checkpoint`,
      description: "DynamoDB table with the ledger: coverage, claims and budget.",
      created: ingester.dependables,
    });
    this.output("bucket_arn", {
      value: storedStream.bucket.bucketArn,
      description: "ARN of the bucket.",
      created: [storedStream.dependable],
    });
    this.output("stream_arn", {
      value: storedStream.stream.streamArn,
      description: "ARN of the stream, for policies that let others put records.",
      created: [storedStream.dependable],
    });
    this.output("checkpoint_table_arn", {
      value: tableArn,
      description: "ARN of the ledger's table.",
      created: ingester.dependables,
    });
    this.output("delivery_role_arn", {
      value: storedStream.deliveryRole.knownArn,
      description: "ARN of the stream's role.",
      created: [storedStream.dependable],
    });
    this.ingesterOutputs(name, ingester);
    this.output("dashboard_name", {
      value: name,
      description: "CloudWatch dashboard.",
      created: ingester.dependables,
    });
  }

  private addIngestion({ name, bucket, stream, location }: Own): Ingestion {
    const { inputs } = this;
    const logRetentionDays = this.logRetentionDays();
    return new Ingestion(this, "ingestion", {
      location,
      name,
      bucketName: bucket,
      streamName: stream,
      ...surroundings(inputs),
      settings: ingesterSettings(inputs, name),
      network: existingNetwork(this, inputs, { location, networkName: name, logRetentionDays }),
      worker: workerSize(inputs),
      delivery: delivery(inputs),
      storage: storage(inputs),
      deletable: deletable(inputs),
      logRetentionDays,
      kmsKeyArn: this.kmsKeyArn(),
      monitoring: this.monitoring(),
    });
  }

  private monitoring() {
    const { inputs } = this;
    return {
      topicArn: inputs.string("alarm_topic_arn", {
        description:
          "SNS topic that alarms publish to; its policy must let cloudwatch.amazonaws.com publish.",
        bound: "alarmTopicArn",
        pairs: [sameRegion("alarm_topic_arn", "a topic", false)],
      }),
      runbook: inputs.string("runbook", {
        description: "Path or URL of the runbook, as readers of a notification can open it.",
        default: "docs/runbook.md",
        bound: "runbook",
      }),
    };
  }
}

interface Own {
  readonly name: string;
  readonly bucket: string;
  readonly stream: string;
  readonly location: AwsLocation;
}
