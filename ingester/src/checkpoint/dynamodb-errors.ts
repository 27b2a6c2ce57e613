import { AccessError, ConfigError } from "../errors";

/** Names of AWS errors that mean: not with these credentials. */
const ACCESS_ERRORS = new Set([
  "AccessDeniedException",
  "CredentialsProviderError",
  "ExpiredTokenException",
  "IncompleteSignatureException",
  "InvalidClientTokenId",
  "InvalidSignatureException",
  "MissingAuthenticationTokenException",
  "NotAuthorized",
  "OptInRequired",
  "TokenProviderError",
  "UnrecognizedClientException",
]);

/** Node's codes for: nobody answers at that address. */
const UNREACHABLE = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
]);

/** docs.aws.amazon.com, "Error handling with DynamoDB": errors to retry. */
const THROTTLED = new Set([
  "LimitExceededException",
  "ProvisionedThroughputExceededException",
  "ReplicatedWriteConflictException",
  "RequestLimitExceeded",
  "ThrottlingException",
  "TransactionConflictException",
]);

export interface TableContext {
  readonly table: string;
  /** As configured; undefined: the region's own endpoint. */
  readonly endpoint: string | undefined;
}

/** What a user can act on; undefined for errors that may pass by themselves. */
export function permanentError(error: unknown, context: TableContext): ConfigError | AccessError | undefined {
  const { name, message } = error as Error;
  if (ACCESS_ERRORS.has(name)) {
    return new AccessError(
      `AWS refused access to the table ${context.table} (CHECKPOINT_TABLE): ${name}: ${message}. ` +
        "Check the credentials and that they allow dynamodb:GetItem, PutItem and UpdateItem on that table.",
      { cause: error },
    );
  }
  const problem = configurationProblem(name, message, context);
  return problem === undefined ? undefined : new ConfigError([problem], { cause: error });
}

function configurationProblem(name: string, message: string, { table }: TableContext): string | undefined {
  if (name === "ResourceNotFoundException") {
    return (
      `CHECKPOINT_TABLE names a table that does not exist in this account and region: ${table}. ` +
      "Create it with a partition key pk (string) and no sort key, or correct the name or AWS_REGION."
    );
  }
  if (name === "ValidationException") {
    return `CHECKPOINT_TABLE ${table} cannot be used: ${message}. It needs a partition key pk (string) and no sort key.`;
  }
  if (message === "Region is missing")
    return "AWS_REGION is not set: CHECKPOINT_TABLE lives in a region. Set AWS_REGION.";
  return undefined;
}

/** For the first contact, where waiting would hide a wrong address. */
export function unreachableError(error: unknown, { table, endpoint }: TableContext): ConfigError | undefined {
  if (!isUnreachable(error)) return undefined;
  const { name, message, code } = error as CodedError;
  const where = endpoint ?? "the region's endpoint";
  return new ConfigError(
    [
      `DynamoDB cannot be reached at ${where} for the table ${table} (CHECKPOINT_TABLE): ${message || code || name}. ` +
        "Check AWS_ENDPOINT_URL_DYNAMODB or AWS_ENDPOINT_URL, AWS_REGION, and the network's route to DynamoDB.",
    ],
    { cause: error },
  );
}

/** Worth trying again: nobody answered, or DynamoDB said that it could not now. */
export function isTransient(error: unknown): boolean {
  const { name, $metadata, $retryable } = error as CodedError;
  const isServerFault = ($metadata?.httpStatusCode ?? 0) >= 500;
  return isUnreachable(error) || isServerFault || $retryable !== undefined || THROTTLED.has(name);
}

function isUnreachable(error: unknown): boolean {
  const { name, code } = error as CodedError;
  return name === "TimeoutError" || UNREACHABLE.has(code ?? "");
}

type CodedError = Error & {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $retryable?: object;
};

export function isConditionFailed(error: unknown): boolean {
  return (error as Error).name === "ConditionalCheckFailedException";
}
