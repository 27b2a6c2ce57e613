/** Failures in words for a person: what happened, and what to do about it. */

import { shownUrl, urlOf } from "../aws/endpoint";
import { AccessError, ConfigError, DeliveryError, type IngesterError } from "../loop/errors";
import type { FailureKind } from "../runtime/failures";
import { viaProxy } from "../runtime/network/proxy";
import { pluralIs, sentence } from "../runtime/words";
import { CREDENTIALS_MISSING, type DeliveryTarget, type FirehoseFailure } from "./api";

/** What happened, and what to do, both as sentences. */
interface Words {
  readonly what: string;
  readonly action: string;
}

/** Failures that only a person can end; the others pass by themselves. */
const LASTING: ReadonlySet<FailureKind> = new Set([
  "invalid",
  "misdirected",
  "missing",
  "no_region",
  "refused",
  "skewed_clock",
  "stale_credentials",
]);

export function isLasting({ kind }: FirehoseFailure): boolean {
  return LASTING.has(kind);
}

/** What a person should do about a failure; for those that pass by themselves, what to do if they do not. */
export function actionFor(failure: FirehoseFailure, target: DeliveryTarget): string {
  return wordsFor(failure, target).action;
}

/**
 * The error that ends the process.
 * @param undelivered posts that were paid for and are not delivered
 */
export function explain(failure: FirehoseFailure, target: DeliveryTarget, undelivered = 0): IngesterError {
  const { what, action } = wordsFor(failure, target);
  const lost =
    undelivered === 0
      ? ""
      : ` ${pluralIs(undelivered, "post")} not delivered; the next run reads their page again.`;
  return errorOf(failure, `${what} ${action}${lost}`, undelivered);
}

function errorOf(cause: FirehoseFailure, message: string, undelivered: number): IngesterError {
  switch (cause.kind) {
    case "refused":
    case "stale_credentials":
    case "skewed_clock":
      return new AccessError(message, { cause });
    case "throttled":
    case "transient":
    case "conflict":
      return new DeliveryError(message, undelivered, { cause });
    default:
      return new ConfigError([message], { cause });
  }
}

function wordsFor(failure: FirehoseFailure, target: DeliveryTarget): Words {
  const name = nameOf(target);
  const said = `${failure.code}: ${failure.message}`;
  switch (failure.kind) {
    case "no_region":
      return {
        what: `AWS_REGION is missing or names no region, and the delivery stream lives in a region (${said}).`,
        action: "Set it, such as us-east-1.",
      };
    case "refused":
      return refusal(failure, target);
    case "stale_credentials":
      return {
        what: `AWS refuses access to ${name}: ${said}.`,
        action:
          "Check that the credentials are valid, not expired and of the right account, and renew them: those of shared files, " +
          "tasks and instances are read again at the next attempt, those of environment variables need a restart.",
      };
    case "skewed_clock":
      return {
        what: `AWS refuses access to ${name}: ${said}.`,
        action: "Set this machine's clock (NTP): AWS accepts requests that are at most 5 minutes off.",
      };
    case "misdirected":
      return {
        what: `What answers is not Firehose, or not of this region, for ${name}: ${said}.`,
        action: "Correct AWS_ENDPOINT_URL_FIREHOSE, AWS_ENDPOINT_URL or AWS_REGION.",
      };
    case "missing":
      return {
        what: `There is no ${name}.`,
        action:
          "Deploy the data stack first, or correct FIREHOSE_STREAM_NAME, AWS_REGION or the account of the credentials.",
      };
    case "invalid":
      return {
        what: `Not a single record is taken by ${name}: ${said}.`,
        action:
          "Its source must be Direct PUT, and nothing between here and Firehose may set narrower limits.",
      };
    case "unreachable":
      return unreachable(said, target);
    case "throttled":
      return {
        what: `The stream is busy: ${name}: ${said}.`,
        action:
          "What was refused is sent again. If this lasts, find other producers of the stream, or ask AWS for higher quotas.",
      };
    case "transient":
    case "conflict":
      return {
        what: `Firehose fails or does not answer in time for ${name}${viaProxy(urlOf("firehose", target))}: ${said}.`,
        action: "The same records are sent again. If this lasts, check AWS's health and the network.",
      };
  }
}

/** The stream under its name, with what decides where it is looked for. */
export function nameOf({ streamName, region, endpointUrl }: DeliveryTarget): string {
  const where = region === undefined ? "the SDK's region" : `region ${region}`;
  const at = endpointUrl === undefined ? "" : ` at ${shownUrl(endpointUrl)}`;
  return `delivery stream "${streamName}" (FIREHOSE_STREAM_NAME) in ${where}${at}`;
}

function refusal(failure: FirehoseFailure, target: DeliveryTarget): Words {
  const what = `AWS refuses access to ${nameOf(target)}: ${failure.code}: ${sentence(failure.message)}`;
  if (failure.code === CREDENTIALS_MISSING) return credentialsMissing(failure, target);
  if (/kms/i.test(`${failure.code} ${failure.message}`)) {
    const rights = "kms:GenerateDataKey and kms:Decrypt";
    return {
      what,
      action: `The stream is encrypted with a key of AWS KMS: enable the key, and allow ${rights} on it to these credentials.`,
    };
  }
  if (/Signature/.test(failure.code)) {
    return { what, action: "Check that AWS_SECRET_ACCESS_KEY belongs to the key id, and is set whole." };
  }
  return {
    what,
    action:
      "Check that the credentials are of the right account, and that they allow firehose:PutRecordBatch on the stream.",
  };
}

function credentialsMissing(failure: FirehoseFailure, target: DeliveryTarget): Words {
  const custom =
    target.endpointUrl === undefined
      ? ""
      : " The endpoint is not AWS's own, but requests are signed all the same: any values do if it does not check them.";
  return {
    what: `No AWS credentials to write to ${nameOf(target)} (${failure.message}).`,
    action: `Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or run with a task role.${custom}`,
  };
}

function unreachable(said: string, target: DeliveryTarget): Words {
  const via = viaProxy(urlOf("firehose", target));
  const proxy = via === "" ? "" : " Check the proxy, and whether NO_PROXY should except this host.";
  if (target.endpointUrl === undefined) {
    return {
      what: `Firehose cannot be reached for ${nameOf(target)}${via} (${said}).`,
      action: `Check AWS_REGION and the way to the internet or to the VPC endpoint.${proxy}`,
    };
  }
  const variable = "AWS_ENDPOINT_URL_FIREHOSE (or AWS_ENDPOINT_URL)";
  return {
    what: `No Firehose answers at ${variable}, which is "${shownUrl(target.endpointUrl)}"${via} (${said}).`,
    action: `Start the endpoint, correct the variable, or unset it to use AWS's own.${proxy}`,
  };
}
