/** Failures that only a person can end, in words for that person. */
import { AccessError, ConfigError, type IngesterError } from "../loop/errors";
import { CREDENTIALS_MISSING, type DeliveryTarget, type FirehoseFailure } from "./api";

/**
 * The error that ends the process for a failure that does not pass by itself.
 * @param undelivered posts that were paid for and are not delivered
 */
export function explain(failure: FirehoseFailure, target: DeliveryTarget, undelivered = 0): IngesterError {
  const lost =
    undelivered === 0 ? "" : ` Posts not delivered: ${undelivered}; the next run reads their page again.`;
  const message = wordsFor(failure, target) + lost;
  return isRefusal(failure)
    ? new AccessError(message, { cause: failure })
    : new ConfigError([message], { cause: failure });
}

function wordsFor(failure: FirehoseFailure, target: DeliveryTarget): string {
  if (failure.kind === "no_region") return REGION_MISSING;
  if (failure.code === CREDENTIALS_MISSING) return credentialsMissing(failure, target);
  if (isRefusal(failure)) return refused(failure, target);
  if (failure.kind === "missing") return unknownStream(target);
  if (failure.kind === "unreachable") return unreachable(failure, target);
  return notTaken(failure, target);
}

/** The stream under its name, with what decides where it is looked for. */
export function nameOf({ streamName, region, endpointUrl }: DeliveryTarget): string {
  const where = region === undefined ? "the SDK's region" : `region ${region}`;
  const at = endpointUrl === undefined ? "" : ` at ${shown(endpointUrl)}`;
  return `delivery stream "${streamName}" (FIREHOSE_STREAM_NAME) in ${where}${at}`;
}

const REGION_MISSING =
  "AWS_REGION is missing, so there is no telling where the delivery stream is. Set it, such as us-east-1.";

function isRefusal({ kind }: FirehoseFailure): boolean {
  return kind === "refused" || kind === "stale_credentials";
}

function credentialsMissing(failure: FirehoseFailure, target: DeliveryTarget): string {
  const custom =
    target.endpointUrl === undefined
      ? ""
      : " The endpoint is not AWS's own, but requests are signed all the same: any values do if it does not check them.";
  return (
    `No AWS credentials to write to ${nameOf(target)} (${failure.message}). ` +
    `Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or run with a task role.${custom}`
  );
}

function refused(failure: FirehoseFailure, target: DeliveryTarget): string {
  return (
    `AWS refuses access to ${nameOf(target)}: ${failure.code}: ${failure.message}. ` +
    "Check that the credentials are valid, not expired and of the right account, that this machine's clock is right, " +
    "and that they allow firehose:PutRecordBatch on the stream."
  );
}

function unknownStream(target: DeliveryTarget): string {
  return (
    `There is no ${nameOf(target)}. ` +
    "Deploy the data stack first, or correct FIREHOSE_STREAM_NAME, AWS_REGION or the account of the credentials."
  );
}

function unreachable(failure: FirehoseFailure, target: DeliveryTarget): string {
  const what = `(${failure.code}: ${failure.message})`;
  if (target.endpointUrl === undefined) {
    return `Firehose cannot be reached for ${nameOf(target)} ${what}. Check AWS_REGION and the way to the internet or to the VPC endpoint.`;
  }
  return (
    `No Firehose answers at AWS_ENDPOINT_URL_FIREHOSE (or AWS_ENDPOINT_URL), which is "${shown(target.endpointUrl)}" ${what}. ` +
    "Start the endpoint, correct the variable, or unset it to use AWS's own."
  );
}

function notTaken(failure: FirehoseFailure, target: DeliveryTarget): string {
  return (
    `Not a single record is taken by ${nameOf(target)}: ${failure.code}: ${failure.message}. ` +
    "Its source must be Direct PUT, and nothing between here and Firehose may set narrower limits."
  );
}

/** URLs can hold credentials. */
function shown(url: string): string {
  if (!URL.canParse(url)) return url;
  const parsed = new URL(url);
  parsed.username = "";
  parsed.password = "";
  parsed.search = "";
  return parsed.href;
}
