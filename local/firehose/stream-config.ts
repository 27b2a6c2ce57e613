import { resolve } from "node:path";
import { UsageError } from "../support/usage-error";
import { DEFAULT_DATA_PREFIX, DEFAULT_ERROR_PREFIX, DEFAULT_STREAM_NAME } from "./delivery/layout";
import { checkPrefix } from "./delivery/prefix";
import {
  BUFFERING_INTERVAL_SECONDS,
  BUFFERING_SIZE_MIB,
  FILE_EXTENSION_PATTERN,
  MAX_FILE_EXTENSION_LENGTH,
} from "./limits";

/** How a delivery stream is set up; every value as AWS names it. */
export interface StreamOptions {
  /** The directory that stands for the bucket; made when the first object is delivered. */
  readonly bucketDirectory: string;
  /** @default "tweet_stream" */
  readonly streamName?: string;
  /** 1 to 128. @default 5 */
  readonly bufferingSizeMiB?: number;
  /** 0 to 900; 0 delivers each request's records at once. @default 60 */
  readonly bufferingIntervalSeconds?: number;
  /** @default the same prefix as in AWS, see layout.ts */
  readonly dataOutputPrefix?: string;
  /** @default the same prefix as in AWS, see layout.ts */
  readonly errorOutputPrefix?: string;
  /** @default "GZIP" */
  readonly compression?: "GZIP" | "UNCOMPRESSED";
  /** Ends each object's name. @default - `.gz` with GZIP, nothing without */
  readonly fileExtension?: string;
}

/** The options, checked and completed. */
export type StreamConfig = Required<StreamOptions>;

/**
 * Completes a stream's options.
 * @throws UsageError naming every value Firehose would not accept.
 */
export function streamConfig(options: StreamOptions): StreamConfig {
  const compression = options.compression ?? "GZIP";
  const config = {
    bucketDirectory: resolve(options.bucketDirectory),
    streamName: options.streamName ?? DEFAULT_STREAM_NAME,
    bufferingSizeMiB: options.bufferingSizeMiB ?? 5,
    bufferingIntervalSeconds: options.bufferingIntervalSeconds ?? 60,
    compression,
    fileExtension: options.fileExtension ?? (compression === "GZIP" ? ".gz" : ""),
  };
  const problems = findProblems(config);
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  return {
    ...config,
    dataOutputPrefix: checkPrefix(options.dataOutputPrefix ?? DEFAULT_DATA_PREFIX, "data"),
    errorOutputPrefix: checkPrefix(options.errorOutputPrefix ?? DEFAULT_ERROR_PREFIX, "error"),
  };
}

function findProblems(config: Omit<StreamConfig, "dataOutputPrefix" | "errorOutputPrefix">): string[] {
  const problems = [
    checkRange("The buffering size", config.bufferingSizeMiB, { ...BUFFERING_SIZE_MIB, unit: "MiB" }),
    checkRange("The buffering interval", config.bufferingIntervalSeconds, {
      ...BUFFERING_INTERVAL_SECONDS,
      unit: "seconds",
    }),
  ];
  if (!/^[a-zA-Z0-9_.-]{1,64}$/.test(config.streamName)) {
    problems.push(
      `The stream name must be 1 to 64 of a-z A-Z 0-9 _ . -, got ${JSON.stringify(config.streamName)}.`,
    );
  }
  const extension = config.fileExtension;
  const fits = FILE_EXTENSION_PATTERN.test(extension) && extension.length <= MAX_FILE_EXTENSION_LENGTH;
  if (extension !== "" && !fits) {
    problems.push(
      `The file extension must match ${FILE_EXTENSION_PATTERN}, got ${JSON.stringify(extension)}.`,
    );
  }
  return problems.filter((problem) => problem !== undefined);
}

function checkRange(
  what: string,
  value: number,
  range: { readonly min: number; readonly max: number; readonly unit: string },
): string | undefined {
  if (Number.isInteger(value) && value >= range.min && value <= range.max) return undefined;
  return `${what} must be a whole number from ${range.min} to ${range.max} ${range.unit}, got ${value}.`;
}
