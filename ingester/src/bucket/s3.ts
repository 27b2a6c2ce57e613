/** The only file that knows S3's client of the AWS SDK. It only lists and reads. */
import type { S3Client } from "@aws-sdk/client-s3";
import { AwsConnection, type Call } from "../aws/connection";
import { withDeadline } from "../aws/deadline";
import { AccessError, ConfigError, IngesterError } from "../loop/errors";
import { systemClock } from "../runtime/clock";
import { awsFailureOf } from "../runtime/failures";
import type { Bucket, BucketObject } from "./bucket";

export interface S3Place {
  readonly bucket: string;
  readonly region: string | undefined;
  /** @default - AWS's own of the region */
  readonly endpointUrl: string | undefined;
}

const CONNECTION_TIMEOUT_MS = 5_000;
/** To the last byte of a page of keys, to the first of an object, and to each further piece of it. */
const REQUEST_TIMEOUT_MS = 60_000;
/** Of one request, the first try included: S3 asks clients to repeat what it answers with 500, 503 or not at all. */
const MAX_ATTEMPTS = 5;

type Sdk = typeof import("./libraries");
interface Loaded {
  readonly sdk: Sdk;
  readonly client: S3Client;
  destroy(): void;
}

export function openS3(place: S3Place, signal: AbortSignal): Bucket {
  const name = `s3://${place.bucket}`;
  const connection = new AwsConnection<Loaded>({
    ...{ clock: systemClock, connectionTimeoutMs: CONNECTION_TIMEOUT_MS },
    create: (settings) => load(place, settings),
  });
  const call = <T>(run: Call<Loaded, T>, doing: string): Promise<T> =>
    connection.call(run, { timeoutMs: REQUEST_TIMEOUT_MS, signal }).catch((error: unknown) => {
      throw explained(error, `${doing} in ${name}`);
    });
  const get = (object: BucketObject, range?: string) =>
    call(async ({ sdk, client }) => {
      const input = { Bucket: place.bucket, Key: object.key, Range: range };
      // Not with the deadline's signal: that ends with this call, and the body comes after it.
      const { Body } = await client.send(new sdk.GetObjectCommand(input));
      if (Body === undefined) throw new IngesterError(`${name}/${object.key} came without a body.`);
      return Body;
    }, `reading ${object.key}`);
  return {
    name,
    async *list(prefix, after) {
      let token: string | undefined;
      do {
        const input = { Bucket: place.bucket, Prefix: prefix, StartAfter: after, ContinuationToken: token };
        const page = await call(
          ({ sdk, client }, http) => client.send(new sdk.ListObjectsV2Command(input), http),
          `listing ${prefix}`,
        );
        for (const { Key = "", Size = 0 } of page.Contents ?? []) yield { key: Key, bytes: Size };
        token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
      } while (token !== undefined);
    },
    async *read(object) {
      let offset = 0;
      for (let failures = 0; offset < object.bytes; ) {
        try {
          const body = (await get(object, `bytes=${offset}-`)) as AsyncIterable<Uint8Array>;
          for await (const chunk of timed(body, signal)) {
            offset += chunk.length;
            yield chunk;
          }
          return;
        } catch (error) {
          failures += 1;
          // What was refused stays refused; a connection that broke is taken up where it broke.
          if (error instanceof IngesterError || failures === MAX_ATTEMPTS)
            throw explained(error, `reading ${object.key} in ${name}`);
        }
      }
    },
    async slice(object, start, end) {
      return (await get(object, `bytes=${start}-${end - 1}`)).transformToByteArray();
    },
    close: () => connection.close(),
  };
}

/** Each piece has to come in time. */
async function* timed(body: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]();
  const bounds = { timeoutMs: REQUEST_TIMEOUT_MS, signal };
  try {
    for (;;) {
      const next = await withDeadline(() => chunks.next(), bounds);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    void chunks.return?.();
  }
}

async function load({ region, endpointUrl }: S3Place, settings: object): Promise<Loaded> {
  const sdk = await import("./libraries");
  const client = new sdk.S3Client({
    maxAttempts: MAX_ATTEMPTS,
    // A bucket of another region than AWS_REGION answers with its own.
    followRegionRedirects: true,
    ...(region !== undefined && { region }),
    // Emulators rarely have a name for each bucket.
    ...(endpointUrl !== undefined && { endpoint: endpointUrl, forcePathStyle: true }),
    ...settings,
  });
  return { sdk, client, destroy: () => client.destroy() };
}

const FIXES: Readonly<Record<string, string>> = {
  NoSuchBucket: "Check the name after s3://.",
  AccessDenied:
    "Allow s3:ListBucket on the bucket and s3:GetObject on its objects, and kms:Decrypt where a key of yours encrypts it.",
};

function explained(error: unknown, doing: string): IngesterError {
  if (error instanceof IngesterError) return error;
  const { kind, code, message } = awsFailureOf(error);
  const fix = FIXES[code] ?? (kind === "no_region" ? "Set AWS_REGION." : "");
  const text = `Failed ${doing}: ${code}: ${message} ${fix}`.trim();
  if (kind === "refused" || kind === "stale_credentials") return new AccessError(text, { cause: error });
  if (code === "NoSuchBucket" || kind === "no_region") return new ConfigError([text], { cause: error });
  return new IngesterError(text, { cause: error });
}
