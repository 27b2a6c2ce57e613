/** The part of the environment contract that is about AWS: where lines go, and where progress lives. */
import { createHash } from "node:crypto";
import type { EnvReader } from "./env";

export type CheckpointConfig =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "dynamodb"; readonly table: string; readonly endpointUrl: string | undefined };

export interface FirehoseConfig {
  readonly streamName: string;
  readonly region: string | undefined;
  readonly endpointUrl: string | undefined;
  /** Paces delivery at this rate instead of the region's quota. */
  readonly maxBytesPerSecond: number | undefined;
}

/** Firehose: docs.aws.amazon.com/firehose/latest/APIReference/API_CreateDeliveryStream.html */
const STREAM_NAME = /^[a-zA-Z0-9_.-]{1,64}$/;
/** DynamoDB: docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html */
const TABLE_NAME = /^[a-zA-Z0-9_.-]{3,255}$/;

export function readFirehose(reader: EnvReader): FirehoseConfig {
  const hint = "Set the name of the delivery stream, such as tweet_stream.";
  const streamName = reader.required("FIREHOSE_STREAM_NAME", hint);
  if (streamName !== "" && !STREAM_NAME.test(streamName)) {
    reader.problem("FIREHOSE_STREAM_NAME", `must be 1 to 64 of a-z A-Z 0-9 _ . -, got "${streamName}".`);
  }
  return {
    streamName,
    region: reader.text("AWS_REGION") ?? reader.text("AWS_DEFAULT_REGION"),
    endpointUrl:
      readEndpoint(reader, "AWS_ENDPOINT_URL_FIREHOSE") ?? readEndpoint(reader, "AWS_ENDPOINT_URL"),
    maxBytesPerSecond: reader.number("FIREHOSE_MAX_BYTES_PER_SECOND", {
      min: 1_024,
      max: 10 ** 12,
      integer: true,
    }),
  };
}

function readEndpoint(reader: EnvReader, name: string): string | undefined {
  const value = reader.text(name);
  if (value === undefined) return undefined;
  if (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) return value;
  reader.problem(name, `must be an http or https URL, got "${value}".`);
  return undefined;
}

export function readCheckpoint(reader: EnvReader): CheckpointConfig {
  const path = reader.text("CHECKPOINT_FILE");
  const table = reader.text("CHECKPOINT_TABLE");
  if ((path === undefined) === (table === undefined)) {
    const got = path === undefined ? "neither" : "both";
    reader.problem("CHECKPOINT_TABLE", `or CHECKPOINT_FILE must be set, exactly one of them; got ${got}.`);
  }
  if (table === undefined) return { kind: "file", path: path ?? "" };
  if (!TABLE_NAME.test(table)) {
    reader.problem("CHECKPOINT_TABLE", `must be 3 to 255 of a-z A-Z 0-9 _ . -, got "${table}".`);
  }
  const endpointUrl =
    readEndpoint(reader, "AWS_ENDPOINT_URL_DYNAMODB") ?? readEndpoint(reader, "AWS_ENDPOINT_URL");
  return { kind: "dynamodb", table, endpointUrl };
}

/** Printable ASCII, because CloudWatch takes no other dimension values, and short enough to read. */
export function defaultCheckpointKey(mode: string, query: string): string {
  if (/^[\x20-\x7e]{1,200}$/.test(query)) return `${mode}:${query}`;
  return `${mode}:sha256-${createHash("sha256").update(query).digest("hex").slice(0, 16)}`;
}
