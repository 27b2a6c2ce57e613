import { XSimulator } from "../../x-simulator/x-simulator";

/** What X's simulator matches posts with; a few of a hundred of its posts match. */
export const RULES = [
  { value: "(train OR harbour) lang:en", tag: "travel" },
  { value: "tomatoes OR bakery", tag: "kitchen" },
] as const;

/** Posts that all users of the simulated X write, matching or not. */
const POSTS_PER_SECOND = 50;
const PUBLISH_MS = 100;
/** A post reaches the stream up to so long after it was written; X's takes up to 7 s. */
export const DELIVERY_MS = 2_000;
/** Search finds a post so long after it was written; X's takes about 30 s. */
export const INDEXING_MS = 3_000;

/** X's simulator, with users who write while it runs, and a connection that can be broken. */
export class LiveX {
  readonly simulator = new XSimulator({
    ...{ posts: 0, matching: "query", rateLimits: "off", indexingLagMs: INDEXING_MS, heartbeatMs: 5_000 },
    deliveryDelay: { minMs: 0, maxMs: DELIVERY_MS },
  });
  private writing: NodeJS.Timeout | undefined;
  private url = "";

  async listen(): Promise<string> {
    this.url = (await this.simulator.listen()).url;
    return this.url;
  }

  startWriting(): void {
    this.writing ??= setInterval(
      () => this.simulator.publish((POSTS_PER_SECOND * PUBLISH_MS) / 1_000),
      PUBLISH_MS,
    );
  }

  stopWriting(): void {
    clearInterval(this.writing);
    this.writing = undefined;
  }

  /** Breaks the connection, and refuses the next attempt. */
  disconnect(): void {
    this.simulator.stream.faults.enqueue({ kind: "server-error" });
    this.simulator.stream.inject({ kind: "abort" });
  }

  /** How many of the posts that were written match a rule, as X's counts endpoint says. */
  async matchingPosts(): Promise<number> {
    const query = RULES.map(({ value }) => `(${value})`).join(" OR ");
    const response = await fetch(
      `${this.url}/2/tweets/counts/recent?${new URLSearchParams({ query, granularity: "day" })}`,
      { headers: { authorization: "Bearer local" } },
    );
    const body = (await response.json()) as {
      meta?: { total_tweet_count?: number; total_post_count?: number };
    };
    return body.meta?.total_tweet_count ?? body.meta?.total_post_count ?? Number.NaN;
  }

  async close(): Promise<void> {
    this.stopWriting();
    await this.simulator.close();
  }
}
