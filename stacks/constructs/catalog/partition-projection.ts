import { HOURLY_PARTITIONS } from "../delivery/props";
import { literalText } from "../terraform/literal-text";

/** First year of the project: no earlier partition contains posts. */
const FIRST_YEAR = 2026;

/** Partition columns in the order of the keys; text, with leading zeros, as the keys have them. */
export const PARTITION_KEYS = ["year", "month", "day", "hour"] as const;

/**
 * Athena computes the partitions from the current time, so that none must be added. The range of years ends with the
 * current year.
 * @param location of the table, with a slash at its end
 * @see https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
 */
export function partitionProjection(location: string): Record<string, string> {
  return {
    "projection.enabled": "true",
    "projection.year.type": "date",
    "projection.year.format": "yyyy",
    "projection.year.range": `${FIRST_YEAR},NOW`,
    "projection.year.interval": "1",
    "projection.year.interval.unit": "YEARS",
    ...integers("month", "1,12"),
    ...integers("day", "1,31"),
    ...integers("hour", "0,23"),
    // Athena replaces these expressions, so Terraform must not.
    "storage.location.template": literalText(
      location + PARTITION_KEYS.map((key) => `${key}=\${${key}}/`).join(""),
    ),
  };
}

function integers(key: string, range: string): Record<string, string> {
  return {
    [`projection.${key}.type`]: "integer",
    [`projection.${key}.range`]: range,
    [`projection.${key}.digits`]: "2",
  };
}

/**
 * What stands before the partitions in a prefix.
 * @returns undefined when the prefix is not partitioned by hour, as the projection has it
 */
export function unpartitioned(dataOutputPrefix: string): string | undefined {
  return dataOutputPrefix.endsWith(HOURLY_PARTITIONS)
    ? dataOutputPrefix.slice(0, -HOURLY_PARTITIONS.length)
    : undefined;
}
