/** Variables about AWS: the delivery stream, the ledger, and their endpoints. */
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

export function readFirehose(reader: EnvReader): FirehoseConfig {
  const hint = "Set the name of the delivery stream, such as tweet_stream.";
  const streamName = reader.required("FIREHOSE_STREAM_NAME", hint);
  return {
    target: { streamName, region: readRegion(reader), endpointUrl: readEndpoint(reader, "FIREHOSE") },
    maxBytesPerSecond: reader.number("FIREHOSE_MAX_BYTES_PER_SECOND"),
  };
}

export function readStore(reader: EnvReader): StoreConfig {
  const path = reader.text("CHECKPOINT_FILE");
  const table = reader.text("CHECKPOINT_TABLE");
  if ((path === undefined) === (table === undefined)) {
    const got = path === undefined ? "neither" : "both";
    const fix = "The ledger is stored there: what was bought, and what it cost.";
    reader.problem(
      "CHECKPOINT_TABLE",
      `or CHECKPOINT_FILE must be set, exactly one of them; got ${got}. ${fix}`,
    );
  }
  return table === undefined ? { kind: "file", path: path ?? "" } : readTable(reader, table);
}

/** Undefined where neither a file nor a table is named. */
export function readOptionalStore(reader: EnvReader): StoreConfig | undefined {
  return reader.isSet("CHECKPOINT_FILE") || reader.isSet("CHECKPOINT_TABLE") ? readStore(reader) : undefined;
}

function readTable(reader: EnvReader, table: string): StoreConfig {
  const ledgerKey = reader.text("LEDGER_KEY") ?? "default";
  const endpointUrl = readEndpoint(reader, "DYNAMODB");
  return { kind: "dynamodb", table, ledgerKey, region: readRegion(reader), endpointUrl };
}

/** Where S3 is. */
export function readS3(reader: EnvReader): {
  readonly region: string | undefined;
  readonly endpointUrl: string | undefined;
} {
  return { region: readRegion(reader), endpointUrl: readEndpoint(reader, "S3") };
}

function readRegion(reader: EnvReader): string | undefined {
  return reader.text("AWS_REGION") ?? reader.text("AWS_DEFAULT_REGION");
}

function readEndpoint(reader: EnvReader, service: "FIREHOSE" | "DYNAMODB" | "S3"): string | undefined {
  return readUrl(reader, `AWS_ENDPOINT_URL_${service}`) ?? readUrl(reader, "AWS_ENDPOINT_URL");
}

type EndpointName = `AWS_ENDPOINT_URL${"" | "_FIREHOSE" | "_DYNAMODB" | "_S3"}`;

function readUrl(reader: EnvReader, name: EndpointName): string | undefined {
  const value = reader.text(name);
  if (value === undefined) return undefined;
  if (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) return value;
  reader.problem(name, `must be an http or https URL, got "${value}".`);
  return undefined;
}
