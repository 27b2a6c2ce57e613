/** The rate limits of one token, shared by all requests with that token. */
import type { Clock } from "../loop/ports";
import { rateLimited } from "./errors";
import { type UsedUp, usedUp, waitForLimit } from "./limit-headers";
import type { Headers } from "./transport";

/** docs.x.com, "Rate limits": full-archive search takes one request a second. */
const SPACING_MS: Readonly<Record<string, number>> = { "tweets/search/all": 1_000 };

interface Blocked {
  readonly untilMs: number;
  readonly limit: UsedUp["limit"];
}

export class RateLimits {
  private readonly blocked = new Map<string, Blocked>();
  private readonly lastRequestMs = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  /**
   * Resolves when the endpoint may be asked.
   * @param nowMs by X's clock
   * @throws SourceError when X would only refuse, because the limit is used up
   */
  async admit(path: string, nowMs: number): Promise<void> {
    const blocked = this.blocked.get(path);
    if (blocked !== undefined && blocked.untilMs > nowMs) {
      // Checked once: X may have raised the limit while the request waited.
      this.blocked.delete(path);
      throw rateLimited(path, blocked.limit, blocked.untilMs);
    }
    const freeAt = (this.lastRequestMs.get(path) ?? Number.NEGATIVE_INFINITY) + (SPACING_MS[path] ?? 0);
    const wait = freeAt - this.clock.elapsed();
    if (wait > 0) await this.clock.sleep(wait, NEVER);
    this.lastRequestMs.set(path, this.clock.elapsed());
  }

  /** Nothing remains: the next request would be refused. @param nowMs by X's clock */
  note(path: string, headers: Headers, nowMs: number): void {
    const limit = usedUp(headers);
    const waitMs = limit && waitForLimit(headers, limit, nowMs);
    if (limit !== undefined && waitMs !== undefined)
      this.blocked.set(path, { untilMs: nowMs + waitMs, limit: limit.limit });
  }
}

/** A wait of one second is not interrupted. */
const NEVER = new AbortController().signal;
