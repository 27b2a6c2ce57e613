import { GlueCatalogDatabase } from "@cdktf/provider-aws/lib/glue-catalog-database";
import {
  GlueCatalogTable,
  type GlueCatalogTableStorageDescriptor,
} from "@cdktf/provider-aws/lib/glue-catalog-table";
import { Construct } from "constructs";
import { type LocatedProps, regionalArn } from "../aws/aws-location";
import type { Grantee } from "../aws/policy";
import { boundProblems, checkAtSynth, type Problem, problem } from "../checks/check";
import { HOURLY_PARTITIONS, type ParquetConversion } from "../delivery/props";
import { literalText } from "../terraform/literal-text";
import { lineColumns } from "./line-columns";
import { PARTITION_KEYS, partitionProjection, unpartitioned } from "./partition-projection";

/** What Firehose's conversion reads: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-glue */
const READ_ACTIONS = ["glue:GetTable", "glue:GetTableVersion", "glue:GetTableVersions"];

const HIVE = "org.apache.hadoop.hive.ql.io";

/**
 * OpenX rather than Hive's own serde: a line that is no JSON becomes a row of nulls instead of failing the query,
 * and an object in a text column keeps its JSON.
 */
const JSON_LINES = {
  classification: "json",
  inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
  outputFormat: `${HIVE}.HiveIgnoreKeyTextOutputFormat`,
  library: "org.openx.data.jsonserde.JsonSerDe",
  parameters: { "ignore.malformed.json": "true" },
};
const PARQUET = {
  classification: "parquet",
  inputFormat: `${HIVE}.parquet.MapredParquetInputFormat`,
  outputFormat: `${HIVE}.parquet.MapredParquetOutputFormat`,
  library: `${HIVE}.parquet.serde.ParquetHiveSerDe`,
  parameters: { "serialization.format": "1" },
};

export interface CatalogProps extends LocatedProps {
  /** Lower-case letters, digits and underscores: queries need no quotes then. */
  readonly databaseName: string;
  /** Lower-case letters, digits and underscores. */
  readonly tableName: string;
  /** Bucket that the stream delivers to. */
  readonly bucketName: string;
  /** The stream's prefix; it ends with year, month, day and hour. */
  readonly dataOutputPrefix: string;
  /**
   * Objects are Parquet files, converted by Firehose.
   * @default false - compressed JSON lines
   */
  readonly parquet?: boolean;
}

/** The table of delivered posts. Its columns follow the line's schema; Athena computes its partitions. */
export class Catalog extends Construct {
  /** For a stream that converts by this table: the stream is created after the table. */
  readonly conversion: ParquetConversion;
  private readonly props: CatalogProps;

  constructor(scope: Construct, id: string, props: CatalogProps) {
    super(scope, id);
    checkAtSynth(this, catalogProblems(props));
    this.props = props;
    const database = new GlueCatalogDatabase(this, "database", {
      name: props.databaseName,
      description: "Posts from X, delivered by Firehose",
    });
    const place = `s3://${props.bucketName}/${unpartitioned(props.dataOutputPrefix) ?? ""}`;
    const table = new GlueCatalogTable(this, "Default", {
      databaseName: database.name,
      name: props.tableName,
      description: "One row for each line: a post of X and how it came here",
      tableType: "EXTERNAL_TABLE",
      parameters: {
        EXTERNAL: "TRUE",
        classification: this.format.classification,
        ...partitionProjection(place),
      },
      partitionKeys: PARTITION_KEYS.map((name) => ({
        name,
        type: "string",
        comment: "Of arrival at Firehose",
      })),
      storageDescriptor: this.storage(place),
    });
    this.conversion = { databaseName: database.name, tableName: table.name };
  }

  /** Allows the grantee to read the table's columns, but no data. */
  grantReadSchema(grantee: Grantee): void {
    const { location, databaseName, tableName } = this.props;
    const resources = ["catalog", `database/${databaseName}`, `table/${databaseName}/${tableName}`];
    grantee.addStatement({
      sid: "ReadColumns",
      actions: READ_ACTIONS,
      resources: resources.map((resource) => regionalArn(location, "glue", resource)),
    });
  }

  private get format() {
    return this.props.parquet ? PARQUET : JSON_LINES;
  }

  private storage(location: string): GlueCatalogTableStorageDescriptor {
    const { inputFormat, outputFormat, library, parameters } = this.format;
    return {
      location: literalText(location),
      inputFormat,
      outputFormat,
      columns: lineColumns().map((column) => ({ ...column })),
      serDeInfo: { serializationLibrary: library, parameters },
    };
  }
}

/** Problems that Glue would refuse, or with which Athena would find no rows. */
export function catalogProblems(props: Partial<CatalogProps>): Problem[] {
  const { databaseName, tableName, dataOutputPrefix } = props;
  return [
    ...boundProblems("catalogName", "databaseName", databaseName),
    ...boundProblems("catalogName", "tableName", tableName),
    ...(dataOutputPrefix === undefined ? [] : prefixProblems(dataOutputPrefix)),
  ];
}

function prefixProblems(dataOutputPrefix: string): Problem[] {
  const folder = unpartitioned(dataOutputPrefix);
  if (folder === undefined) {
    return [
      problem("dataOutputPrefix", {
        allowed: `a prefix ending with ${HOURLY_PARTITIONS} when there is a catalog`,
        got: dataOutputPrefix,
        fix: "Its table has these partitions; end the prefix with them, or leave the catalog out.",
      }),
    ];
  }
  // The table's location is this text, in which Athena fills in partitions and Firehose fills in nothing.
  if (!/[$!]\{/.test(folder)) return [];
  return [
    problem("dataOutputPrefix", {
      allowed: "without expressions before its partitions when there is a catalog",
      got: dataOutputPrefix,
      fix: "A table has one location. Remove the expressions, or leave the catalog out.",
    }),
  ];
}
