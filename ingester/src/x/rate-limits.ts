/** The rate limits of one token, shared by everything that asks X with it. */
import type { Clock } from "../loop/ports";
import { headerNumber, rateLimited, resetTime, type XFailure } from "./errors";

/** docs.x.com, "Rate limits": full-archive search takes one request a second. */
const SPACING_MS: Readonly<Record<string, number>> = { "tweets/search/all": 1_000 };

export class RateLimits {
  private readonly blockedUntilMs = new Map<string, number>();
  private readonly lastRequestMs = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  /**
   * Resolves when the endpoint may be asked.
   * @param nowMs by X's clock
   * @throws SourceError when X would only refuse, because the limit is used up
   */
  async admit(path: string, nowMs: number): Promise<void> {
    const until = this.blockedUntilMs.get(path) ?? 0;
    if (until > nowMs) {
      // Once: a limit that was raised meanwhile must not be waited for.
      this.blockedUntilMs.delete(path);
      throw rateLimited(path, until, nowMs);
    }
    const freeAt = (this.lastRequestMs.get(path) ?? Number.NEGATIVE_INFINITY) + (SPACING_MS[path] ?? 0);
    const wait = freeAt - this.clock.elapsed();
    if (wait > 0) await this.clock.sleep(wait, NEVER);
    this.lastRequestMs.set(path, this.clock.elapsed());
  }

  /** Remaining 0: the next request would be refused. */
  note(path: string, headers: XFailure["headers"]): void {
    const reset = resetTime(headers);
    if (headerNumber(headers, "x-rate-limit-remaining") === 0 && reset !== undefined) {
      this.blockedUntilMs.set(path, reset);
    }
  }
}

/** Waits of a second are not worth interrupting. */
const NEVER = new AbortController().signal;
