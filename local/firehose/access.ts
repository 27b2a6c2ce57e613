import type { IncomingMessage } from "node:http";
import { type Clock, systemClock } from "../support/clock";
import { AwsError } from "./aws-error";

/** AWS accepts a signature that is dated this far from its own time. */
const MAX_CLOCK_OFFSET_MS = 5 * 60_000;

const SIGNATURE = /^AWS4-HMAC-SHA256 /;
/** Credential=<key id>/<date>/<region>/<service>/aws4_request */
const CREDENTIAL = /Credential=([^/,\s]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/;

/**
 * Who may call the endpoint, when, and for what. As it starts, it takes every signature without checking whose it is; a
 * test changes that while the endpoint runs.
 */
export class Access {
  /** @param service that signatures must be for */
  constructor(
    private readonly service = "firehose",
    private readonly clock: Clock = systemClock,
  ) {}

  /** The only key ids that are known. @default - all are */
  knownKeys: readonly string[] | undefined;
  /** Key ids that have expired. */
  expiredKeys: readonly string[] = [];
  /** Operations that no caller may use, such as `DescribeDeliveryStream`. */
  deniedOperations: readonly string[] = [];
  /** AWS's clock minus the endpoint's, in milliseconds. */
  clockOffsetMs = 0;

  /** AWS's time, epoch milliseconds. */
  now(): number {
    return this.clock.now() + this.clockOffsetMs;
  }

  /**
   * Checks a request in AWS's order: its signature, its date, its credentials, then what they may do.
   * @throws AwsError
   */
  check({ headers }: IncomingMessage, operation: string): void {
    const authorization = String(headers.authorization ?? "");
    // A client that forgot to sign would fail only in AWS.
    if (!SIGNATURE.test(authorization)) {
      throw new AwsError(
        "MissingAuthenticationTokenException",
        "The request is not signed (AWS Signature V4).",
        403,
      );
    }
    const [, keyId = "", , service = this.service] = CREDENTIAL.exec(authorization) ?? [];
    if (service !== this.service) {
      throw refusedSignature(`Credential should be scoped to correct service: '${this.service}'. `);
    }
    this.checkDate(String(headers["x-amz-date"] ?? ""));
    this.checkKey(keyId);
    this.checkPermission(operation);
  }

  private checkDate(stamp: string): void {
    const sentMs = Date.parse(
      stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"),
    );
    if (Number.isNaN(sentMs)) return;
    const nowMs = this.now();
    if (Math.abs(sentMs - nowMs) <= MAX_CLOCK_OFFSET_MS) return;
    const [what, order, boundMs, sign] =
      sentMs < nowMs
        ? (["expired", "now earlier", nowMs - MAX_CLOCK_OFFSET_MS, "-"] as const)
        : (["not yet current", "still later", nowMs + MAX_CLOCK_OFFSET_MS, "+"] as const);
    const now = stampOf(nowMs);
    throw refusedSignature(
      `Signature ${what}: ${stamp} is ${order} than ${stampOf(boundMs)} (${now} ${sign} 5 min.)`,
    );
  }

  private checkKey(keyId: string): void {
    if (this.expiredKeys.includes(keyId)) {
      throw new AwsError("ExpiredTokenException", "The security token included in the request is expired");
    }
    if (this.knownKeys?.includes(keyId) === false) {
      throw new AwsError(
        "UnrecognizedClientException",
        "The security token included in the request is invalid.",
      );
    }
  }

  private checkPermission(operation: string): void {
    if (!this.deniedOperations.includes(operation)) return;
    throw new AwsError(
      "AccessDeniedException",
      `User: arn:aws:iam::111111111111:user/local is not authorized to perform: ${this.service}:${operation}`,
    );
  }
}

function refusedSignature(message: string): AwsError {
  return new AwsError("InvalidSignatureException", message);
}

/** As in X-Amz-Date: 20261123T120000Z. */
function stampOf(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d+/g, "");
}
