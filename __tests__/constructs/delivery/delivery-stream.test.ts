import { Testing } from "cdktf";
import { BaseStack } from "../../../stacks/base-stack";
import { awsLocation } from "../../../stacks/constructs/aws/aws-location";
import { LogGroup } from "../../../stacks/constructs/aws/log-group";
import { ServiceRole } from "../../../stacks/constructs/aws/service-role";
import { DeliveryStream } from "../../../stacks/constructs/delivery/delivery-stream";
import type { DeliveryShapeProps } from "../../../stacks/constructs/delivery/props";
import { TweetBucket } from "../../../stacks/constructs/storage/tweet-bucket";
import { environmentWith } from "../../helpers/environment";
import { Synthesized } from "../../helpers/synth";

const FUNCTION = "arn:aws:lambda:eu-west-1:333333333333:function:f:live";

class StreamStack extends BaseStack {
  constructor(shape: DeliveryShapeProps & { readonly streamName?: string }) {
    super(Testing.app(), "stack", environmentWith());
    const location = awsLocation("333333333333", "eu-west-1");
    new DeliveryStream(this, "posts", {
      streamName: "posts",
      ...shape,
      location,
      bucket: new TweetBucket(this, "bucket", { location, bucketName: "posts-bucket" }),
      role: new ServiceRole(this, "role", {
        location,
        roleName: "role",
        servicePrincipal: "firehose.amazonaws.com",
      }),
      logGroup: new LogGroup(this, "log", { location, logGroupName: "log", retentionDays: 7 }),
    });
  }
}

function s3Configuration(shape: DeliveryShapeProps) {
  const stream = new Synthesized("stack", new StreamStack(shape)).one("aws_kinesis_firehose_delivery_stream");
  return stream.extended_s3_configuration as Record<string, unknown>;
}

function parametersOf(shape: DeliveryShapeProps): unknown {
  const { processors } = s3Configuration(shape).processing_configuration as {
    processors: { parameters: unknown }[];
  };
  return processors[0]?.parameters;
}

describe("a delivery stream", () => {
  it("leaves processor parameters at their defaults out, which AWS would report back differently", () => {
    const defaults = { bufferSizeMB: 1, bufferIntervalSeconds: 60, retries: 3 };
    const processors = [{ type: "Lambda", functionArn: FUNCTION, ...defaults } as const];
    expect(parametersOf({ processors })).toEqual([
      { parameter_name: "LambdaArn", parameter_value: FUNCTION },
    ]);
  });

  it("sends both buffer parameters", () => {
    const processors = [
      { type: "Lambda", functionArn: FUNCTION, bufferSizeMB: 0.2, bufferIntervalSeconds: 0 } as const,
    ];
    expect(parametersOf({ processors })).toEqual([
      { parameter_name: "LambdaArn", parameter_value: FUNCTION },
      { parameter_name: "BufferSizeInMBs", parameter_value: "0.2" },
      { parameter_name: "BufferIntervalInSeconds", parameter_value: "0" },
    ]);
  });

  it("extracts partition keys with jq", () => {
    const shape: DeliveryShapeProps = {
      dynamicPartitioning: { retrySeconds: 60 },
      processors: [{ type: "MetadataExtraction", keys: { lang: ".lang" } }],
      dataOutputPrefix: "!{partitionKeyFromQuery:lang}/",
    };
    expect(parametersOf(shape)).toEqual([
      { parameter_name: "JsonParsingEngine", parameter_value: "JQ-1.6" },
      { parameter_name: "MetadataExtractionQuery", parameter_value: "{lang:.lang}" },
    ]);
    expect(s3Configuration(shape).dynamic_partitioning_configuration).toEqual({
      enabled: true,
      retry_duration: 60,
    });
  });

  it("converts to Parquet, uncompressed outside because it is compressed inside", () => {
    expect(s3Configuration({ parquet: { databaseName: "posts", tableName: "lines" } })).toMatchObject({
      compression_format: "UNCOMPRESSED",
      data_format_conversion_configuration: {
        enabled: true,
        schema_configuration: { database_name: "posts", table_name: "lines", region: "eu-west-1" },
      },
    });
  });

  it("keeps records as they came in the same bucket", () => {
    expect(s3Configuration({ sourceBackup: { outputPrefix: "source/" } })).toMatchObject({
      s3_backup_mode: "Enabled",
      s3_backup_configuration: { prefix: "source/", bucket_arn: `\${aws_s3_bucket.bucket.arn}` },
    });
  });

  it("names itself when its props are wrong, all problems at once", () => {
    const wrong = () => new Synthesized("stack", new StreamStack({ streamName: "a b", bufferingSizeMiB: 0 }));
    expect(wrong).toThrow(
      /\[stack\/posts\] streamName must be .*\n *\[stack\/posts\] bufferingSizeMiB must be/,
    );
  });
});
