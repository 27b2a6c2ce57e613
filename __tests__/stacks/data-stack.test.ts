import { environmentWith } from "../helpers/environment";
import { synthesize } from "../helpers/synth";

const BUCKET_ARN = "arn:aws:s3:::tweets-test-tweets-333333333333";

describe("the data stack", () => {
  const { data } = synthesize(environmentWith());

  it("keeps posts in tweets_storage", () => {
    expect(data.one("aws_s3_bucket", "tweets_storage")).toMatchObject({
      bucket: "tweets-test-tweets-333333333333",
      force_destroy: false,
    });
  });

  it("delivers the stream tweet_stream compressed into that bucket", () => {
    expect(data.one("aws_kinesis_firehose_delivery_stream", "tweet_stream")).toMatchObject({
      name: "tweet_stream",
      destination: "extended_s3",
      server_side_encryption: { enabled: true, key_type: "AWS_OWNED_CMK" },
      extended_s3_configuration: {
        role_arn: `\${aws_iam_role.firehose_role.arn}`,
        bucket_arn: `\${aws_s3_bucket.tweets_storage.arn}`,
        buffering_size: 64,
        buffering_interval: 300,
        compression_format: "GZIP",
        prefix:
          "tweets/year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/hour=!{timestamp:HH}/",
        error_output_prefix:
          "errors/!{firehose:error-output-type}/year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/hour=!{timestamp:HH}/",
      },
    });
  });

  it("lets firehose_role reach that bucket and its own log only", () => {
    const resources = data
      .statements("firehose_role_permissions_document")
      .flatMap(({ resources }) => resources);
    expect(resources).toEqual([
      BUCKET_ARN,
      `${BUCKET_ARN}/*`,
      "arn:aws:logs:eu-west-1:333333333333:log-group:tweets-test-data/delivery:log-stream:*",
    ]);
  });

  it("lets Firehose alone, for this stream of this account, assume firehose_role", () => {
    expect(data.statements("firehose_role_trust")).toEqual([
      {
        actions: ["sts:AssumeRole"],
        principals: [{ type: "Service", identifiers: ["firehose.amazonaws.com"] }],
        condition: [
          { test: "StringEquals", variable: "aws:SourceAccount", values: ["333333333333"] },
          {
            test: "ArnLike",
            variable: "aws:SourceArn",
            values: ["arn:aws:firehose:eu-west-1:333333333333:deliverystream/tweet_stream"],
          },
        ],
      },
    ]);
  });

  it("waits for the role's policy before it creates the stream", () => {
    const { depends_on } = data.one("aws_kinesis_firehose_delivery_stream");
    expect(depends_on).toEqual(["aws_iam_role_policy.firehose_role_permissions"]);
  });

  it("refuses anything but TLS", () => {
    expect(data.statements("tweets_storage_policy_document")).toEqual([
      expect.objectContaining({
        effect: "Deny",
        actions: ["s3:*"],
        resources: [BUCKET_ARN, `${BUCKET_ARN}/*`],
        condition: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
      }),
    ]);
  });

  it("keeps checkpoints in a protected table with the key pk", () => {
    expect(data.one("aws_dynamodb_table", "checkpoint_table")).toMatchObject({
      name: "tweets-test-checkpoint",
      hash_key: "pk",
      attribute: [{ name: "pk", type: "S" }],
      deletion_protection_enabled: true,
      point_in_time_recovery: { enabled: true },
    });
  });
});
