/** Where a service of AWS is, for messages and for the choice of a proxy. */
export interface Address {
  /** Undefined: the SDK looks for it. */
  readonly region?: string | undefined;
  /** Undefined: AWS's own endpoint of the region. */
  readonly endpointUrl?: string | undefined;
}

export function urlOf(
  service: "firehose" | "dynamodb",
  { region = "us-east-1", endpointUrl }: Address,
): string {
  return endpointUrl ?? `https://${service}.${region}.amazonaws.com`;
}

/** A URL as a message may show it: URLs can hold credentials. */
export function shownUrl(url: string): string {
  if (!URL.canParse(url)) return url;
  const parsed = new URL(url);
  parsed.username = "";
  parsed.password = "";
  parsed.search = "";
  return parsed.href;
}
