import { accessSync, constants } from "node:fs";
import { makeDirectory } from "../../ingester/src/runtime/directories";
import { formatBytes, plural } from "../run/format";
import { type CommandSpec, type OptionValues, runCommand, untilAskedToStop } from "../support/command-line";
import { UsageError } from "../support/usage-error";
import { DEFAULT_DATA_PREFIX, DEFAULT_ERROR_PREFIX, DEFAULT_STREAM_NAME } from "./delivery/layout";
import { loadTransform } from "./delivery/load-transform";
import { FirehoseEndpoint } from "./firehose-endpoint";
import { BUFFERING_INTERVAL_SECONDS, BUFFERING_SIZE_MIB } from "./limits";
import { LARGE_REGION_QUOTA, SMALL_REGION_QUOTA, type StreamQuota } from "./quota";

const QUOTAS: Readonly<Record<string, StreamQuota>> = {
  large: LARGE_REGION_QUOTA,
  small: SMALL_REGION_QUOTA,
};

const SPEC: CommandSpec = {
  usage: "npm run local:firehose --",
  summary:
    "A local Amazon Data Firehose endpoint: takes records from the AWS SDK, delivers objects into a directory.",
  options: {
    port: {
      type: "integer",
      placeholder: "N",
      max: 65535,
      help: "port to listen on (default 0: any free one)",
    },
    host: { type: "string", placeholder: "ADDRESS", help: "address to bind (default 127.0.0.1)" },
    bucket: { type: "string", placeholder: "DIR", help: "directory that stands for the bucket (required)" },
    stream: { type: "string", placeholder: "NAME", help: `delivery stream (default ${DEFAULT_STREAM_NAME})` },
    "buffer-mib": {
      type: "integer",
      placeholder: "N",
      ...BUFFERING_SIZE_MIB,
      help: "deliver at this size, 1 to 128 (default 5)",
    },
    "buffer-seconds": {
      type: "integer",
      placeholder: "N",
      ...BUFFERING_INTERVAL_SECONDS,
      help: "deliver at this age, 0 to 900 (default 60)",
    },
    prefix: { type: "string", placeholder: "PREFIX", help: `of objects (default ${DEFAULT_DATA_PREFIX})` },
    "error-prefix": {
      type: "string",
      placeholder: "PREFIX",
      help: `of failed records (default ${DEFAULT_ERROR_PREFIX})`,
    },
    quota: { type: "string", placeholder: "large|small", help: "enforce a region's quota (default: none)" },
    uncompressed: { type: "boolean", help: "deliver without GZIP" },
    discard: { type: "boolean", help: "take and count records, deliver nothing (for measuring clients)" },
    transform: { type: "boolean", help: "format posts with the Lambda function's own bundle" },
  },
  notes: [
    "Statistics: GET /__firehose/stats. Faults: POST /__firehose/faults. Deliver now: POST /__firehose/flush.",
    "SIGTERM and SIGINT deliver what is buffered, then exit 0.",
  ],
};

async function main(options: OptionValues): Promise<number> {
  const endpoint = createEndpoint(options);
  const stopped = untilAskedToStop();
  const { url } = await endpoint.listen(Number(options.port ?? 0), text(options, "host"));
  process.stdout.write(`Firehose endpoint listening on ${url}\n`);
  await stopped;
  await endpoint.close();
  const { records, objects, objectBytes } = endpoint.stats;
  process.stdout.write(
    `Stopped: ${plural(records, "record")} taken, ${plural(objects, "object")} (${formatBytes(objectBytes)}) delivered\n`,
  );
  return 0;
}

function createEndpoint(options: OptionValues): FirehoseEndpoint {
  const bucketDirectory = text(options, "bucket");
  if (bucketDirectory === undefined) {
    throw new UsageError("--bucket is missing: name the directory that objects are delivered into.");
  }
  requireDirectory(bucketDirectory);
  return new FirehoseEndpoint({
    bucketDirectory,
    ...withValue("streamName", text(options, "stream")),
    ...withValue("bufferingSizeMiB", options["buffer-mib"] as number | undefined),
    ...withValue("bufferingIntervalSeconds", options["buffer-seconds"] as number | undefined),
    ...withValue("dataOutputPrefix", text(options, "prefix")),
    ...withValue("quota", quotaOf(text(options, "quota"))),
    ...withValue("errorOutputPrefix", text(options, "error-prefix")),
    discard: options.discard === true,
    ...(options.uncompressed ? { compression: "UNCOMPRESSED" as const } : {}),
    ...(options.transform ? { processor: loadTransform(text(options, "stream")) } : {}),
  });
}

function requireDirectory(path: string): void {
  try {
    makeDirectory(path);
    accessSync(path, constants.W_OK);
  } catch (error) {
    throw new UsageError(`--bucket must be a directory that can be written: ${(error as Error).message}.`);
  }
}

function quotaOf(name: string | undefined): StreamQuota | undefined {
  if (name === undefined) return undefined;
  const quota = QUOTAS[name];
  if (quota) return quota;
  throw new UsageError(
    `--quota must be one of ${Object.keys(QUOTAS).join(", ")}, got ${JSON.stringify(name)}.`,
  );
}

function text(options: OptionValues, name: string): string | undefined {
  return options[name] as string | undefined;
}

function withValue<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { [key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { [key in Name]?: Value });
}

void runCommand(SPEC, main);
