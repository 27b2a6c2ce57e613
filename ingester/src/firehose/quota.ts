import { DEFAULT_QUOTA, type Quota, REGION_QUOTAS } from "./limits";

/** Hosts of Firehose itself: public, dual-stack, FIPS and VPC endpoints, in every partition. */
const AWS_HOSTS = [".amazonaws.com", ".amazonaws.com.cn", ".api.aws"];

export interface QuotaQuestion {
  /** Undefined when the SDK finds the region elsewhere; the smaller quota is assumed then. */
  readonly region: string | undefined;
  /** Undefined for AWS's own endpoint. */
  readonly endpointUrl: string | undefined;
  /** The user's own figure (FIREHOSE_MAX_BYTES_PER_SECOND), for quotas that AWS has raised or that are shared. */
  readonly maxBytesPerSecond: number | undefined;
}

/**
 * The quota to keep to; undefined for endpoints that are not AWS's and for which the user named none. AWS raises the
 * three figures of a stream in proportion, so the user's figure scales all of them.
 */
export function quotaFor({ region, endpointUrl, maxBytesPerSecond }: QuotaQuestion): Quota | undefined {
  const regional = REGION_QUOTAS[region ?? ""] ?? DEFAULT_QUOTA;
  if (maxBytesPerSecond !== undefined) return scaled(regional, maxBytesPerSecond / regional.bytesPerSecond);
  return isAwsEndpoint(endpointUrl) ? regional : undefined;
}

function isAwsEndpoint(endpointUrl: string | undefined): boolean {
  if (endpointUrl === undefined) return true;
  if (!URL.canParse(endpointUrl)) return false;
  const { hostname } = new URL(endpointUrl);
  return AWS_HOSTS.some((suffix) => hostname.endsWith(suffix));
}

function scaled(quota: Quota, factor: number): Quota {
  return {
    recordsPerSecond: quota.recordsPerSecond * factor,
    requestsPerSecond: quota.requestsPerSecond * factor,
    bytesPerSecond: quota.bytesPerSecond * factor,
  };
}
