/** What a client of the AWS SDK is made with. Import this file only with the first request: it loads the SDK. */
import { defaultProvider } from "@aws-sdk/credential-provider-node";
import type { Clock } from "../loop/ports";
import { type LoadCredentials, RenewableCredentials } from "./credentials";
import { ProxiedHttpHandler } from "./http-handler";

export interface SettingsOptions {
  readonly connectionTimeoutMs: number;
  readonly clock: Clock;
}

export interface Settings {
  readonly credentials: RenewableCredentials;
  readonly requestHandler: ProxiedHttpHandler;
}

export function createSettings({ connectionTimeoutMs, clock }: SettingsOptions): Settings {
  const requestHandler = new ProxiedHttpHandler({ connectionTimeout: connectionTimeoutMs });
  return { requestHandler, credentials: new RenewableCredentials(loader(requestHandler), clock) };
}

/**
 * A provider of its own for every search: one provider answers all callers with the same search, and would never answer
 * again after one that hung. Without `forceRefresh` it asks without an end where a clock that runs ahead makes every
 * expiration lie in the past (credential-provider-node 3.972.97, memoizeChain).
 */
function loader(requestHandler: ProxiedHttpHandler): LoadCredentials {
  return (askedBy) => {
    const search = defaultProvider({ ignoreCache: true, clientConfig: { requestHandler } });
    return search({ ...askedBy, forceRefresh: true });
  };
}
