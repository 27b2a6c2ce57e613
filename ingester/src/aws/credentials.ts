/**
 * Credentials that can be replaced while the process runs. The SDK's own provider keeps what it has found for as long
 * as the process lives, except for credentials that state when they expire, and it caches shared files.
 */
import type { defaultProvider } from "@aws-sdk/credential-provider-node";
import type { Clock } from "../loop/ports";

/** Key id, secret, session token, and when they expire where that is known. */
export type Credentials = Awaited<ReturnType<ReturnType<typeof defaultProvider>>>;

/** What the SDK passes to a provider: the client that asks, whose region a nested client (STS) needs. */
export type AskedBy = Readonly<Record<string, unknown>> | undefined;
/** Looks for credentials anew, in the SDK's usual order, without any cache. @throws CredentialsProviderError */
export type LoadCredentials = (askedBy: AskedBy) => Promise<Credentials>;

/** Credentials are replaced so long before they expire. */
const EARLY_MS = 5 * 60_000;
/** Never looked for again sooner than this because of a date: a wrong clock makes every date look past. */
const RELOAD_MS = 30_000;

export class RenewableCredentials {
  private known: Credentials | undefined;
  private loadedAtMs = Number.NEGATIVE_INFINITY;
  private askedBy: AskedBy;

  constructor(
    private readonly load: LoadCredentials,
    private readonly clock: Clock,
  ) {}

  /** Those that requests are signed with now; undefined before the first request. */
  get current(): Credentials | undefined {
    return this.known;
  }

  /** To be passed to a client as its `credentials`. `memoized` keeps the SDK from remembering them itself. */
  readonly provide = Object.assign(
    async (askedBy?: AskedBy): Promise<Credentials> => {
      this.askedBy = askedBy;
      const { known } = this;
      if (known === undefined) return this.reload();
      // Where no new ones can be had, the old ones may still be good: AWS decides, not this machine's clock.
      return this.isDue(known) ? this.reload().catch(() => known) : known;
    },
    { memoized: true },
  );

  /**
   * Looks for other credentials than those that AWS has refused.
   * @returns whether there are any
   */
  async renew(refused: Credentials | undefined): Promise<boolean> {
    if (refused === undefined) return false;
    if (this.known === refused) await this.reload();
    return !isSame(refused, this.known);
  }

  private async reload(): Promise<Credentials> {
    this.loadedAtMs = this.clock.elapsed();
    const found = await this.load(this.askedBy);
    this.known = found;
    return found;
  }

  private isDue({ expiration }: Credentials): boolean {
    if (expiration === undefined) return false;
    const isNear = expiration.getTime() - this.clock.now() < EARLY_MS;
    return isNear && this.clock.elapsed() - this.loadedAtMs >= RELOAD_MS;
  }
}

function isSame(one: Credentials, other: Credentials | undefined): boolean {
  return (
    one.accessKeyId === other?.accessKeyId &&
    one.secretAccessKey === other.secretAccessKey &&
    one.sessionToken === other.sessionToken
  );
}
