/**
 * A client of the AWS SDK that outlives its credentials and this machine's clock: when AWS refuses a request because of
 * either, the request is sent once more with other credentials, or dated by AWS's clock. Everything else is up to the
 * caller, who knows what may be repeated, and when.
 *
 * The SDK is loaded with the first request: it costs a start 60 ms.
 */
import type { Clock } from "../loop/ports";
import { awsFailureOf } from "../runtime/failures";
import type { Credentials, RenewableCredentials } from "./credentials";
import { type Bounds, withDeadline } from "./deadline";
import type { ProxiedHttpHandler } from "./http-handler";

/** Settings that every client is made with. */
export interface ClientSettings {
  readonly credentials: RenewableCredentials["provide"];
  readonly requestHandler: ProxiedHttpHandler;
}

interface Closable {
  destroy(): void;
}

export interface ConnectionOptions<Client extends Closable> {
  readonly create: (settings: ClientSettings) => Client | Promise<Client>;
  /** Milliseconds until a connection stands. */
  readonly connectionTimeoutMs: number;
  readonly clock: Clock;
}

interface Opened<Client> {
  readonly client: Client;
  readonly credentials: RenewableCredentials;
}

/** @param signal ends the request; its reason is not passed on */
export type Call<Client, T> = (client: Client, http: { readonly abortSignal: AbortSignal }) => Promise<T>;

export class AwsConnection<Client extends Closable> {
  private opened: Promise<Opened<Client>> | undefined;

  constructor(private readonly options: ConnectionOptions<Client>) {}

  /**
   * Runs one request, within a deadline that covers the search for credentials and the last byte of the answer.
   * @throws whatever the SDK rejects with (see awsFailureOf); an error named `Timeout` after the deadline
   */
  async call<T>(run: Call<Client, T>, bounds: Bounds): Promise<T> {
    this.opened ??= this.open();
    const { client, credentials } = await this.opened;
    for (const tried = new Set<Remedy>(); ; ) {
      const used = credentials.current;
      try {
        return await withDeadline((abortSignal) => run(client, { abortSignal }), bounds);
      } catch (error) {
        const remedy = remedyFor(error);
        if (remedy === undefined || tried.has(remedy) || bounds.signal.aborted) throw error;
        tried.add(remedy);
        const refused = used ?? credentials.current;
        const isRemedied = remedy === "clock" || (await renewed(credentials, refused, bounds));
        if (!isRemedied) throw error;
      }
    }
  }

  close(): void {
    void this.opened?.then(({ client }) => client.destroy()).catch(() => undefined);
  }

  private async open(): Promise<Opened<Client>> {
    const { createSettings } = await import("./settings");
    const { credentials, requestHandler } = createSettings(this.options);
    const client = await this.options.create({ credentials: credentials.provide, requestHandler });
    return { client, credentials };
  }
}

/** What stands in the way of a request, and is different when it is sent again. */
type Remedy = "clock" | "credentials";

/**
 * The SDK compares every answer's `Date` with this machine's clock, and dates the next request of the same client by
 * AWS's; it marks the error whose answer made the difference known.
 *
 * Other credentials are looked for whenever AWS refuses those in use, for whatever reason: a file that is being
 * rewritten can hold a new key with an old secret, and a person who is refused may put another user's keys there.
 */
function remedyFor(error: unknown): Remedy | undefined {
  const { kind } = awsFailureOf(error);
  const { $metadata } = error as { readonly $metadata?: { readonly clockSkewCorrected?: boolean } };
  if ($metadata?.clockSkewCorrected === true && isSigningTrouble(error, kind)) return "clock";
  return kind === "stale_credentials" || kind === "refused" ? "credentials" : undefined;
}

/** A wrong date is refused as such, or as a signature that does not match. */
function isSigningTrouble(error: unknown, kind: string): boolean {
  return kind === "skewed_clock" || /Signature/.test(String((error as { readonly name?: string }).name));
}

async function renewed(
  credentials: RenewableCredentials,
  refused: Credentials | undefined,
  bounds: Bounds,
): Promise<boolean> {
  return withDeadline(() => credentials.renew(refused), bounds).catch(() => false);
}
