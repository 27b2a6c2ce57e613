import { environmentWith } from "../helpers/environment";
import { synthesize } from "../helpers/synth";

const ARN = "arn:aws:lambda:eu-west-1:333333333333:function:tweets-test-transform";

function s3Configuration(changes: Parameters<typeof environmentWith>[0]) {
  const { data } = synthesize(environmentWith(changes));
  return data.one("aws_kinesis_firehose_delivery_stream").extended_s3_configuration as Record<
    string,
    unknown
  >;
}

describe("the data stack with a transform", () => {
  const { data } = synthesize(
    environmentWith({ transform: {}, kmsKeyArn: "arn:aws:kms:eu-west-1:333333333333:key/abc" }),
  );

  it("has the stream call it, with no parameter that equals AWS's default", () => {
    expect(s3Configuration({ transform: {} }).processing_configuration).toEqual({
      enabled: true,
      processors: [
        { type: "Lambda", parameters: [{ parameter_name: "LambdaArn", parameter_value: `${ARN}:$LATEST` }] },
      ],
    });
  });

  it("is there before the stream that calls it", () => {
    expect(data.one("aws_kinesis_firehose_delivery_stream").depends_on).toContain(
      "aws_lambda_function.record_transform",
    );
  });

  it("sends both buffering parameters, and own retries", () => {
    const transform = { bufferSizeMB: 0.5, bufferIntervalSeconds: 90, retries: 1, memoryMiB: 512 };
    const { processors } = s3Configuration({ transform }).processing_configuration as {
      processors: { parameters: { parameter_name: string; parameter_value: string }[] }[];
    };
    const parameters = processors[0]?.parameters.map((each) => [each.parameter_name, each.parameter_value]);
    expect(Object.fromEntries(parameters ?? [])).toEqual({
      LambdaArn: `${ARN}:$LATEST`,
      BufferSizeInMBs: "0.5",
      BufferIntervalInSeconds: "90",
      NumberOfRetries: "1",
    });
  });

  it("lets Firehose invoke that function and no other", () => {
    const invocations = data
      .statements("firehose_role_permissions_document")
      .filter(({ actions }) => actions.some((action) => action.startsWith("lambda:")));
    expect(invocations).toMatchObject([{ resources: [ARN, `${ARN}:$LATEST`] }]);
  });

  it("keeps the records as they came", () => {
    expect(s3Configuration({ transform: {} })).toMatchObject({
      s3_backup_mode: "Enabled",
      s3_backup_configuration: { prefix: "source/", compression_format: "GZIP" },
    });
  });

  it("names its metrics as the ingester does", () => {
    expect(data.one("aws_lambda_function").environment).toEqual({
      variables: { METRICS_NAMESPACE: "tweets/test" },
    });
  });

  it("gives it the one key, too", () => {
    expect(data.one("aws_lambda_function")).toMatchObject({
      kms_key_arn: expect.stringContaining("key/abc"),
    });
    expect(data.one("aws_cloudwatch_log_group", "record_transform_log")).toMatchObject({
      kms_key_id: expect.stringContaining("key/abc"),
    });
  });
});

describe("the backup of source records", () => {
  it("can stay when the transform goes, since Firehose never switches it off", () => {
    const configuration = s3Configuration({ delivery: { backupSourceRecords: true } });
    expect(configuration).toMatchObject({ s3_backup_mode: "Enabled" });
    expect(configuration).not.toHaveProperty("processing_configuration");
  });

  it("can be left out from the beginning", () => {
    const configuration = s3Configuration({ transform: {}, delivery: { backupSourceRecords: false } });
    expect(configuration).not.toHaveProperty("s3_backup_mode");
  });
});

describe("the data stack without a transform", () => {
  const { data } = synthesize(environmentWith());

  it("has no function and no backup", () => {
    expect(data.addresses.filter((address) => /lambda|transform/.test(address))).toEqual([]);
    expect(s3Configuration({})).not.toHaveProperty("s3_backup_mode");
  });
});
