import { type Address, shownUrl, urlOf } from "../aws/endpoint";
import { AccessError, ConfigError, type IngesterError } from "../loop/errors";
import type { AwsFailure } from "../runtime/failures";
import { viaProxy } from "../runtime/network/proxy";
import { sentence } from "../runtime/words";

export interface TableAddress extends Address {
  readonly table: string;
}

/** A failure of DynamoDB that a person has to act on, in words; undefined for those that may pass by themselves. */
export function explainDynamoFailure(
  { kind, code, message }: AwsFailure,
  address: TableAddress,
  cause: unknown,
): IngesterError | undefined {
  const { table, endpointUrl } = address;
  const name = `table ${table} (CHECKPOINT_TABLE)`;
  const said = `${code}: ${message}`;
  switch (kind) {
    case "refused":
    case "stale_credentials":
      return new AccessError(
        `AWS refuses access to the ${name}: ${said}. ` +
          "Check that the credentials are valid, and that they allow dynamodb:GetItem and dynamodb:PutItem on that table.",
        { cause },
      );
    case "skewed_clock":
      return new AccessError(`AWS refuses access to the ${name}: ${said}. Set this machine's clock (NTP).`, {
        cause,
      });
    case "missing":
      return configError(
        `There is no ${name} in this account and region.`,
        "Create it with a partition key pk (string) and no sort key, or correct its name or AWS_REGION.",
      );
    case "invalid":
      return configError(
        `CHECKPOINT_TABLE ${table} cannot be used: ${sentence(message)}`,
        "It needs a partition key pk (string) and no sort key.",
      );
    case "misdirected":
      return configError(
        `What answers is not DynamoDB, or not of this region, for the ${name}: ${said}.`,
        "Correct AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL or AWS_REGION.",
      );
    case "no_region":
      return configError(
        `AWS_REGION is missing or names no region, and CHECKPOINT_TABLE lives in a region (${said}).`,
        "Set it, such as us-east-1.",
      );
    case "unreachable": {
      const via = viaProxy(urlOf("dynamodb", address));
      const at = endpointUrl === undefined ? "the region's endpoint" : shownUrl(endpointUrl);
      return configError(
        `DynamoDB cannot be reached at ${at}${via} for the ${name}: ${said}.`,
        "Check AWS_ENDPOINT_URL_DYNAMODB or AWS_ENDPOINT_URL, AWS_REGION, and the network's route to DynamoDB.",
      );
    }
    default:
      return undefined;
  }

  function configError(what: string, fix: string): ConfigError {
    return new ConfigError([`${what} ${fix}`], { cause });
  }
}
