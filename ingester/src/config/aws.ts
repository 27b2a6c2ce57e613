/** The part of the environment contract that is about AWS: where lines go, and where the ledger lives. */
import type { DeliveryTarget } from "../firehose/api";
import type { EnvReader } from "./reader";

export type StoreConfig =
  | { readonly kind: "file"; readonly path: string }
  | {
      readonly kind: "dynamodb";
      readonly table: string;
      readonly ledgerKey: string;
      readonly region: string | undefined;
      readonly endpointUrl: string | undefined;
    };

export interface FirehoseConfig {
  readonly target: DeliveryTarget;
  /** Paces delivery at this rate instead of the region's quota. */
  readonly maxBytesPerSecond: number | undefined;
}

/** Firehose: docs.aws.amazon.com/firehose/latest/APIReference/API_CreateDeliveryStream.html */
const STREAM_NAME = /^[a-zA-Z0-9_.-]{1,64}$/;
/** DynamoDB: docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html */
const TABLE_NAME = /^[a-zA-Z0-9_.-]{3,255}$/;
/** Own bound: a part of a partition key that is easy to type. */
const LEDGER_KEY = /^[a-zA-Z0-9_.-]{1,64}$/;

export function readFirehose(reader: EnvReader): FirehoseConfig {
  const hint = "Set the name of the delivery stream, such as tweet_stream.";
  const streamName = reader.required("FIREHOSE_STREAM_NAME", hint);
  if (streamName !== "" && !STREAM_NAME.test(streamName)) {
    reader.problem("FIREHOSE_STREAM_NAME", `must be 1 to 64 of a-z A-Z 0-9 _ . -, got "${streamName}".`);
  }
  const bytes = { min: 1_024, max: 10 ** 12, integer: true };
  return {
    target: { streamName, region: readRegion(reader), endpointUrl: readEndpoint(reader, "FIREHOSE") },
    maxBytesPerSecond: reader.number("FIREHOSE_MAX_BYTES_PER_SECOND", bytes),
  };
}

export function readStore(reader: EnvReader): StoreConfig {
  const path = reader.text("CHECKPOINT_FILE");
  const table = reader.text("CHECKPOINT_TABLE");
  if ((path === undefined) === (table === undefined)) {
    const got = path === undefined ? "neither" : "both";
    const fix = "The ledger lives there: what was bought, and what it cost.";
    reader.problem(
      "CHECKPOINT_TABLE",
      `or CHECKPOINT_FILE must be set, exactly one of them; got ${got}. ${fix}`,
    );
  }
  return table === undefined ? { kind: "file", path: path ?? "" } : readTable(reader, table);
}

/** Undefined where neither a file nor a table is named. */
export function readOptionalStore(reader: EnvReader): StoreConfig | undefined {
  const isNamed = [reader.text("CHECKPOINT_FILE"), reader.text("CHECKPOINT_TABLE")].some(Boolean);
  return isNamed ? readStore(reader) : undefined;
}

function readTable(reader: EnvReader, table: string): StoreConfig {
  if (!TABLE_NAME.test(table)) {
    reader.problem("CHECKPOINT_TABLE", `must be 3 to 255 of a-z A-Z 0-9 _ . -, got "${table}".`);
  }
  const ledgerKey = reader.text("LEDGER_KEY") ?? "default";
  if (!LEDGER_KEY.test(ledgerKey)) {
    reader.problem("LEDGER_KEY", `must be 1 to 64 of a-z A-Z 0-9 _ . -, got "${ledgerKey}".`);
  }
  const endpointUrl = readEndpoint(reader, "DYNAMODB");
  return { kind: "dynamodb", table, ledgerKey, region: readRegion(reader), endpointUrl };
}

/** A part of host names, and of signatures, where case counts. The SDK's own message does not name the variable. */
const REGION = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Where S3 is. */
export function readS3(reader: EnvReader): {
  readonly region: string | undefined;
  readonly endpointUrl: string | undefined;
} {
  return { region: readRegion(reader), endpointUrl: readEndpoint(reader, "S3") };
}

function readRegion(reader: EnvReader): string | undefined {
  const name = ["AWS_REGION", "AWS_DEFAULT_REGION"].find((one) => reader.text(one) !== undefined);
  if (name === undefined) return undefined;
  const region = reader.text(name);
  if (region === undefined || REGION.test(region)) return region;
  reader.problem(
    name,
    `must be a region, such as eu-west-1, without quotes or spaces, got ${JSON.stringify(region)}.`,
  );
  return region;
}

function readEndpoint(reader: EnvReader, service: "FIREHOSE" | "DYNAMODB" | "S3"): string | undefined {
  return readUrl(reader, `AWS_ENDPOINT_URL_${service}`) ?? readUrl(reader, "AWS_ENDPOINT_URL");
}

function readUrl(reader: EnvReader, name: string): string | undefined {
  const value = reader.text(name);
  if (value === undefined) return undefined;
  if (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) return value;
  reader.problem(name, `must be an http or https URL, got "${value}".`);
  return undefined;
}
