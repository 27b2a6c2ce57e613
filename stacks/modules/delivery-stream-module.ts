import type { App } from "cdktf";
import { roleArn } from "../constructs/aws/aws-location";
import { StoredStream } from "../ingestion/stored-stream";
import { ModuleStack } from "./module-stack";
import { bucketName, deletable, delivery, storage, streamName } from "./stream-inputs";

/** `modules/delivery-stream` */
export class DeliveryStreamModule extends ModuleStack {
  readonly summary =
    "A Firehose stream and the bucket that it writes compressed JSON lines to, by year, month, day and hour. The bucket is private, encrypted, versioned and reached by TLS only; the stream's role may write to this bucket and nothing else. Fixed: no transform, no Parquet, no dynamic partitioning.";

  constructor(app: App) {
    super(app, "delivery-stream", "Delivery stream with its bucket");
    const { inputs } = this;
    const location = this.location();
    const name = inputs.string("name", {
      description: "Begins the names of role and log group.",
      bound: "baseName",
    });
    const bucket = bucketName(inputs);
    const stream = streamName(inputs, "Name of the stream to create.");
    const posts = new StoredStream(this, "posts", {
      location,
      name,
      bucketName: bucket,
      streamName: stream,
      delivery: delivery(inputs),
      storage: storage(inputs),
      deletable: deletable(inputs),
      logRetentionDays: this.logRetentionDays(),
      kmsKeyArn: this.kmsKeyArn(),
    });
    this.tagEverything();
    this.output("stream_name", {
      value: stream,
      description: "Name of the stream: the ingester's FIREHOSE_STREAM_NAME.",
      created: [posts.dependable],
    });
    this.output("stream_arn", {
      value: posts.stream.streamArn,
      description: "ARN of the stream, for policies that let others put records.",
      created: [posts.dependable],
    });
    this.output("bucket_name", {
      value: bucket,
      description: "Name of the bucket.",
      created: [posts.dependable],
    });
    this.output("bucket_arn", {
      value: posts.bucket.bucketArn,
      description: "ARN of the bucket.",
      created: [posts.dependable],
    });
    this.output("log_group_name", {
      value: `${name}/delivery`,
      description: "Log group of failed deliveries.",
      created: [posts.dependable],
    });
    this.output("role_arn", {
      value: roleArn(location, `${name}-firehose`),
      description: "ARN of the stream's role.",
      created: [posts.dependable],
    });
  }
}
