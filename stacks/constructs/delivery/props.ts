import type { DeliveryProcessor } from "./processors";

/** Settings of delivery in an environment file. */
export interface DeliveryProps {
  /**
   * Object size that triggers a delivery, 1 to 128 MiB before compression.
   * @default 64
   */
  readonly bufferingSizeMiB?: number;
  /**
   * Age of the oldest buffered record that triggers a delivery, 0 to 900 seconds.
   * @default 300
   */
  readonly bufferingIntervalSeconds?: number;
  /**
   * Key prefix of delivered objects; `!{timestamp:...}` is the arrival time of an object's oldest record.
   * @default - `tweets/` (`tweets-parquet/` after conversion: a table reads one format) by year, month, day and hour
   */
  readonly dataOutputPrefix?: string;
  /**
   * Key prefix of records that could not be delivered.
   * @default - `errors/` by error type, then partitioned like the posts
   */
  readonly errorOutputPrefix?: string;
  /**
   * End of every object's key, such as `.jsonl.gz`.
   * @default - Firehose's own: `.gz`, or `.parquet` after format conversion
   */
  readonly fileExtension?: string;
  /**
   * IANA time zone of `!{timestamp:...}`.
   * @default "UTC"
   */
  readonly timeZone?: string;
}

/** Processing of records during delivery. Stacks set these props; environment files do not. */
export interface DeliveryShapeProps extends DeliveryProps {
  /** @default - records are delivered as they came */
  readonly processors?: readonly DeliveryProcessor[];
  /**
   * Objects by keys found in the records. Firehose takes this at creation only: to change it later, give the
   * stream another name.
   * @default - by arrival time only
   */
  readonly dynamicPartitioning?: DynamicPartitioning;
  /** @default - compressed JSON lines */
  readonly parquet?: ParquetConversion;
  /**
   * Keep records as they came, too. Firehose never lets a backup be switched off again: to do so, give the
   * stream another name.
   * @default - no backup
   */
  readonly sourceBackup?: SourceBackup;
}

export interface DynamicPartitioning {
  /**
   * How long a failed delivery is tried again, 0 to 7200 seconds.
   * @default 300
   */
  readonly retrySeconds?: number;
}

/** Conversion to Parquet by the columns of a Glue table. */
export interface ParquetConversion {
  readonly databaseName: string;
  readonly tableName: string;
}

export interface SourceBackup {
  /** Key prefix of the records as they came, in the same bucket, without expressions: Firehose appends `yyyy/MM/dd/HH/`. */
  readonly outputPrefix: string;
}

/** Hive-style partitions, as Glue and Athena read them. */
export const HOURLY_PARTITIONS =
  "year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/hour=!{timestamp:HH}/";

/** Both hints are always set: AWS requires both or neither. */
export function deliveryDefaults(props: DeliveryShapeProps, parquet = props.parquet !== undefined) {
  const folder = parquet ? "tweets-parquet" : "tweets";
  return {
    bufferingSizeMiB: props.bufferingSizeMiB ?? 64,
    bufferingIntervalSeconds: props.bufferingIntervalSeconds ?? 300,
    dataOutputPrefix: props.dataOutputPrefix ?? `${folder}/${HOURLY_PARTITIONS}`,
    errorOutputPrefix: props.errorOutputPrefix ?? `errors/!{firehose:error-output-type}/${HOURLY_PARTITIONS}`,
  };
}
