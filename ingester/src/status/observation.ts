/** Everything that watches the loop, behind one factory: log lines, status, HTTP server, CloudWatch metrics. */
import type { CollectEvent, Observer } from "../loop/events";
import type { LineOutput, Logger } from "../runtime/logger";
import { StatusServer } from "./http/server";
import { LogObserver } from "./reports/log-observer";
import { MetricsWriter } from "./reports/metrics";
import { progressFields } from "./reports/progress-fields";
import type { Status, StatusOptions } from "./status";
import { StatusTracker } from "./tracker";

/** How often CloudWatch gets metrics: its own resolution. */
export const METRICS_INTERVAL_MS = 60_000;

export interface ObservationOptions extends StatusOptions {
  readonly logger: Logger;
  /** Where metric lines go: the logger's own output. */
  readonly output: LineOutput;
  /** Port 0: no server. */
  readonly http: { readonly port: number; readonly host: string };
  /** Undefined: no CloudWatch metrics. */
  readonly metricsNamespace: string | undefined;
  /** @default - listens where `http` says; a test passes a listener of its own choice */
  readonly listen?: (server: StatusServer) => Promise<number>;
}

export interface Observation {
  /** Never throws into the loop. */
  readonly observer: Observer;
  readonly status: () => Status;
  /**
   * Starts the server and the metrics, and says so in the log.
   * @returns the port of the status page; undefined when it is off
   * @throws ConfigError when it cannot listen on the port
   */
  start(): Promise<number | undefined>;
  /** A stop was requested. */
  stopping(): void;
  /** The loop ended by this error: /healthz answers 503 from now on. Logging it is up to the caller. */
  failed(error: unknown): void;
  /** Writes the last metrics and the last line, and closes the server. */
  stop(): Promise<void>;
}

export function createObservation(options: ObservationOptions): Observation {
  return new Watch(options);
}

class Watch implements Observation {
  private readonly tracker: StatusTracker;
  private readonly log: LogObserver;
  private readonly metrics: MetricsWriter | undefined;
  private readonly ending = new AbortController();
  private server: StatusServer | undefined;
  private started = false;

  constructor(private readonly options: ObservationOptions) {
    const { clock, logger, output, ledger, metricsNamespace: namespace } = options;
    const { prices } = options.terms;
    this.tracker = new StatusTracker(options);
    this.log = new LogObserver({ logger, clock, status: this.status });
    this.metrics =
      namespace === undefined ? undefined : new MetricsWriter({ namespace, prices, ledger, output });
  }

  readonly status = (): Status => this.tracker.snapshot();

  readonly observer: Observer = (event: CollectEvent) =>
    this.harmlessly(event.type, () => {
      this.tracker.apply(event);
      this.log.observe(event);
    });

  async start(): Promise<number | undefined> {
    const port = await this.listen();
    this.started = true;
    if (this.metrics !== undefined) void this.emitRegularly();
    this.options.logger.info({
      event: "started",
      queries: this.options.queries.map(({ key }) => key),
      http_port: port,
    });
    return port;
  }

  stopping(): void {
    this.tracker.stopping();
  }

  failed(error: unknown): void {
    this.tracker.failed(error instanceof Error ? error.message : String(error));
  }

  async stop(): Promise<void> {
    if (this.ending.signal.aborted) return;
    this.ending.abort();
    this.tracker.stopping();
    if (this.started) this.sayGoodbye();
    await this.server?.close();
  }

  private sayGoodbye(): void {
    this.emit();
    this.harmlessly("stopped", () => {
      this.options.logger.info({ event: "stopped", ...progressFields(this.status()) });
    });
  }

  private async listen(): Promise<number | undefined> {
    const { http, logger, scrub, listen } = this.options;
    if (http.port === 0 && listen === undefined) return undefined;
    const server = new StatusServer({ status: this.status, scrub, logger });
    const port = await (listen?.(server) ?? server.listen(http.port, http.host));
    this.server = server;
    return port;
  }

  private async emitRegularly(): Promise<void> {
    const { signal } = this.ending;
    while (!signal.aborted) {
      await this.options.clock.sleep(METRICS_INTERVAL_MS, signal);
      if (!signal.aborted) this.emit();
    }
  }

  private emit(): void {
    this.harmlessly("metrics", () => this.metrics?.emit(this.status()));
  }

  /** An error while watching must not stop the loop. */
  private harmlessly(what: string, watch: () => void): void {
    try {
      watch();
    } catch (error) {
      this.options.logger.warn({ event: "observer_failed", of: what, error });
    }
  }
}
