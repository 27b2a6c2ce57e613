import type { Status } from "../../../ingester/src/status/status";

/** What the ingester says of itself, as a person sees it on the status page. */
export class StatusReader {
  /** Undefined before the first answer. */
  latest: Status | undefined;

  constructor(private readonly port: number) {}

  /** Keeps the last answer where there is none: the page starts late and ends early. */
  async refresh(): Promise<void> {
    try {
      const response = await fetch(`http://127.0.0.1:${this.port}/status.json`, {
        signal: AbortSignal.timeout(2_000),
      });
      this.latest = (await response.json()) as Status;
    } catch {
      // The next look may find it.
    }
  }
}
