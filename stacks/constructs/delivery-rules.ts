import { boundProblems, type Problem } from "./check";

/** How records become objects. */
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
   * Key prefix of delivered objects; `!{timestamp:...}` is UTC arrival time of an object's oldest record.
   * @default - `tweets/` partitioned by year, month, day and hour
   */
  readonly dataOutputPrefix?: string;
  /**
   * Key prefix of what could not be delivered.
   * @default - `errors/` by error type, then partitioned like the posts
   */
  readonly errorOutputPrefix?: string;
}

/** Hive-style partitions, as Glue and Athena read them. */
const HOURLY = "year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/hour=!{timestamp:HH}/";

export function deliveryDefaults(props: DeliveryProps): Required<DeliveryProps> {
  return {
    bufferingSizeMiB: props.bufferingSizeMiB ?? 64,
    bufferingIntervalSeconds: props.bufferingIntervalSeconds ?? 300,
    dataOutputPrefix: props.dataOutputPrefix ?? `tweets/${HOURLY}`,
    errorOutputPrefix: props.errorOutputPrefix ?? `errors/!{firehose:error-output-type}/${HOURLY}`,
  };
}

/** What Firehose would refuse, or accept and do wrong. */
export function deliveryProblems(props: DeliveryProps & { readonly streamName?: string }): Problem[] {
  return [
    ...boundProblems("streamName", "streamName", props.streamName),
    ...boundProblems("bufferingSizeMiB", "bufferingSizeMiB", props.bufferingSizeMiB),
    ...boundProblems("bufferingIntervalSeconds", "bufferingIntervalSeconds", props.bufferingIntervalSeconds),
  ];
}
