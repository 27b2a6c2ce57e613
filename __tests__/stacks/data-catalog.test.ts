import { lineColumns } from "../../stacks/constructs/catalog/line-columns";
import { HOURLY_PARTITIONS } from "../../stacks/constructs/delivery/props";
import { environmentWith } from "../helpers/environment";
import { synthesize } from "../helpers/synth";

const KEY = "arn:aws:kms:eu-west-1:333333333333:key/abc";
const BUCKET = "tweets-test-tweets-333333333333";

type Changes = Parameters<typeof environmentWith>[0];

const dataWith = (changes: Changes) => synthesize(environmentWith(changes)).data;

/** Terraform reads `$${` as `${`. */
function unescaped(value: unknown): string {
  return String(value).replaceAll("$${", "${");
}

describe("the data stack with a catalog", () => {
  const data = dataWith({ catalog: {} });
  const table = data.one("aws_glue_catalog_table") as {
    parameters: Record<string, string>;
    storage_descriptor: Record<string, unknown>;
    [name: string]: unknown;
  };

  it("has a table whose columns are the line's", () => {
    expect(table).toMatchObject({ name: "posts", table_type: "EXTERNAL_TABLE" });
    expect(table.storage_descriptor.columns).toEqual(lineColumns());
    expect(data.one("aws_glue_catalog_database").name).toBe("tweets_test");
  });

  it("finds objects where the stream delivers them", () => {
    const stream = data.one("aws_kinesis_firehose_delivery_stream");
    const { prefix } = stream.extended_s3_configuration as { prefix: string };
    const template = unescaped(table.parameters["storage.location.template"]);
    const at = new Date("2026-03-07T09:00:00Z").toISOString();
    const values: Record<string, string> = {
      year: at.slice(0, 4),
      month: at.slice(5, 7),
      day: at.slice(8, 10),
      hour: at.slice(11, 13),
    };
    const times: Record<string, string> = { yyyy: "2026", MM: "03", dd: "07", HH: "09" };
    const delivered = prefix.replace(/!\{timestamp:(\w+)\}/g, (_, name) => times[name] ?? "");
    const projected = template.replace(/\$\{(\w+)\}/g, (_, name) => values[name] ?? "");
    expect(projected).toBe(`s3://${BUCKET}/${delivered}`);
    expect(projected.startsWith(String(table.storage_descriptor.location))).toBe(true);
  });

  it("computes partitions with the zeros that the keys have, up to now", () => {
    expect(table.partition_keys).toMatchObject(
      ["year", "month", "day", "hour"].map((name) => ({ name, type: "string" })),
    );
    expect(table.parameters).toMatchObject({
      "projection.enabled": "true",
      "projection.year.range": "2026,NOW",
      "projection.month.digits": "2",
      "projection.hour.range": "0,23",
    });
  });

  it("reads lines with a serde that steps over what is no JSON", () => {
    expect(table.storage_descriptor.ser_de_info).toEqual({
      serialization_library: "org.openx.data.jsonserde.JsonSerDe",
      parameters: { "ignore.malformed.json": "true" },
    });
  });

  it("has a workgroup whose limits cannot be stepped over", () => {
    expect(data.one("aws_athena_workgroup")).toMatchObject({
      name: "tweets-test",
      configuration: {
        enforce_workgroup_configuration: true,
        bytes_scanned_cutoff_per_query: 10 * 1024 ** 3,
        result_configuration: {
          output_location: `s3://${BUCKET}/athena-results/`,
          expected_bucket_owner: "333333333333",
          encryption_configuration: { encryption_option: "SSE_S3" },
        },
      },
    });
  });

  it("saves its queries with names that say the table", () => {
    const queries = Object.values(data.all("aws_athena_named_query"));
    expect(queries.map(({ name }) => name).sort()).toEqual(["latest-versions", "volume-per-hour"]);
    for (const { query, database } of queries) {
      expect(query).toContain("FROM tweets_test.posts");
      expect(database).toBe("tweets_test");
    }
  });

  it("forgets query results, and nothing else, after a week", () => {
    const rules = data.one("aws_s3_bucket_lifecycle_configuration").rule as {
      id: string;
      expiration?: unknown;
      filter: unknown;
    }[];
    expect(rules.filter(({ expiration }) => expiration)).toEqual([
      {
        id: "expire-athena-results",
        status: "Enabled",
        filter: [{ prefix: "athena-results/" }],
        expiration: [{ days: 7 }],
      },
    ]);
  });

  it("leaves the stream as it is", () => {
    const stream = data.one("aws_kinesis_firehose_delivery_stream");
    expect(stream.extended_s3_configuration).not.toHaveProperty("data_format_conversion_configuration");
    expect(stream.extended_s3_configuration).toMatchObject({ compression_format: "GZIP" });
  });

  it("can do without the workgroup, where Athena is missing", () => {
    const { addresses } = dataWith({ catalog: { workgroup: false } });
    expect(addresses.filter((address) => address.includes("athena"))).toEqual([]);
    expect(addresses).toContain("aws_glue_catalog_table.catalog");
  });

  it("encrypts results with the one key", () => {
    const { configuration } = dataWith({ catalog: { scanLimitMiB: 10 }, kmsKeyArn: KEY }).one(
      "aws_athena_workgroup",
    );
    expect(configuration).toMatchObject({
      bytes_scanned_cutoff_per_query: 10_485_760,
      result_configuration: { encryption_configuration: { encryption_option: "SSE_KMS", kms_key_arn: KEY } },
    });
  });
});

describe("the data stack with Parquet", () => {
  const data = dataWith({ catalog: { parquet: true } });
  const table = data.one("aws_glue_catalog_table");

  it("converts by the table, once it is there", () => {
    expect(data.one("aws_kinesis_firehose_delivery_stream").extended_s3_configuration).toMatchObject({
      compression_format: "UNCOMPRESSED",
      buffering_size: 64,
      data_format_conversion_configuration: {
        enabled: true,
        input_format_configuration: { deserializer: { open_x_json_ser_de: {} } },
        output_format_configuration: { serializer: { parquet_ser_de: {} } },
        schema_configuration: {
          database_name: `\${aws_glue_catalog_database.catalog_database.name}`,
          table_name: `\${aws_glue_catalog_table.catalog.name}`,
          region: "eu-west-1",
        },
      },
    });
  });

  it("keeps the formats apart: a table reads one", () => {
    expect(data.one("aws_kinesis_firehose_delivery_stream").extended_s3_configuration).toMatchObject({
      prefix: `tweets-parquet/${HOURLY_PARTITIONS}`,
    });
    expect(table.storage_descriptor).toMatchObject({
      location: `s3://${BUCKET}/tweets-parquet/`,
      ser_de_info: {
        serialization_library: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
      },
    });
  });

  it("keeps the lines as they came, since Parquet holds no fields that the table does not know", () => {
    expect(data.one("aws_kinesis_firehose_delivery_stream").extended_s3_configuration).toMatchObject({
      s3_backup_mode: "Enabled",
    });
  });

  it("lets Firehose read the columns of that table only", () => {
    const glue = data
      .statements("firehose_role_permissions_document")
      .filter(({ actions }) => actions.some((action) => action.startsWith("glue:")));
    expect(glue).toEqual([
      {
        sid: "ReadColumns",
        actions: ["glue:GetTable", "glue:GetTableVersion", "glue:GetTableVersions"],
        resources: ["catalog", "database/tweets_test", "table/tweets_test/posts"].map(
          (resource) => `arn:aws:glue:eu-west-1:333333333333:${resource}`,
        ),
      },
    ]);
  });
});

describe("the data stack without a catalog", () => {
  it("has neither table nor workgroup, and lets no principal read columns", () => {
    const data = dataWith({});
    expect(data.addresses.filter((address) => /glue|athena/.test(address))).toEqual([]);
    expect(data.json).not.toContain("glue:");
  });
});
