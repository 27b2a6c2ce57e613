/** Everything that watches the loop, behind one factory: log lines, status, HTTP server, CloudWatch metrics. */
import type { LineOutput, Logger } from "../logger";
import type { Clock, IngestEvent, Observer } from "../ports";
import type { Scrubber } from "../scrub";
import type { Position } from "../window";
import { EmfWriter } from "./emf";
import { LogObserver, progressFields } from "./log-observer";
import type { MeterSnapshotProvider } from "./money";
import { StatusServer } from "./server";
import { type Status, StatusTracker } from "./state";

/** How often CloudWatch gets metrics: its own resolution. */
export const METRICS_INTERVAL_MS = 60_000;

export interface ObservabilityConfig {
  readonly checkpointKey: string;
  /** 0: no server. */
  readonly httpPort: number;
  /** Undefined: no CloudWatch metrics. */
  readonly metricsNamespace: string | undefined;
}

export interface ObservabilityOptions {
  readonly config: ObservabilityConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Where metric lines go: the logger's own output. */
  readonly output: LineOutput;
  readonly scrub: Scrubber;
  readonly meterSnapshot: MeterSnapshotProvider;
  /** @default httpPort of the config; a test passes a listener of its own choice */
  readonly listen?: (server: StatusServer) => Promise<number>;
}

export interface Observability {
  /** Never throws into the loop. */
  readonly observer: Observer;
  readonly status: () => Status;
  /**
   * Starts the server and the metrics, and says so in the log.
   * @returns the port of the status page; undefined when it is off
   * @throws ConfigError when the port cannot be had
   */
  start(): Promise<number | undefined>;
  /** Tells what the checkpoint held, before anything is read. */
  resumed(position: Position): void;
  /** The process is on its way out, on purpose. */
  stopping(): void;
  /** The loop ended by this error: /healthz answers 503 from now on. Logging it is up to the caller. */
  failed(error: unknown): void;
  /** Writes the last metrics and the last line, and closes the server. */
  stop(): Promise<void>;
}

export function createObservability(options: ObservabilityOptions): Observability {
  return new Watch(options);
}

class Watch implements Observability {
  private readonly tracker: StatusTracker;
  private readonly log: LogObserver;
  private readonly emf: EmfWriter | undefined;
  private readonly ending = new AbortController();
  private server: StatusServer | undefined;
  private started = false;

  constructor(private readonly options: ObservabilityOptions) {
    const { clock, logger, output, scrub, meterSnapshot } = options;
    const { checkpointKey, metricsNamespace: namespace } = options.config;
    this.tracker = new StatusTracker({ clock, checkpointKey, meterSnapshot, scrub });
    this.log = new LogObserver({ logger, clock, status: this.status });
    this.emf = namespace === undefined ? undefined : new EmfWriter({ namespace, checkpointKey, output });
  }

  readonly status = (): Status => this.tracker.snapshot();

  readonly observer: Observer = (event: IngestEvent) =>
    this.harmlessly(event.type, () => {
      this.tracker.apply(event);
      this.log.observe(event);
    });

  async start(): Promise<number | undefined> {
    const port = await this.listen();
    this.started = true;
    if (this.emf !== undefined) void this.emitRegularly();
    this.options.logger.info({
      event: "started",
      checkpoint_key: this.options.config.checkpointKey,
      http_port: port,
    });
    return port;
  }

  resumed(position: Position): void {
    this.tracker.resumed(position);
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
    const { config, logger, scrub, listen } = this.options;
    if (config.httpPort === 0 && listen === undefined) return undefined;
    const server = new StatusServer({ status: this.status, scrub, logger });
    const port = await (listen?.(server) ?? server.listen(config.httpPort));
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
    this.harmlessly("metrics", () => this.emf?.emit(this.status()));
  }

  /** Watching must never cost a post. */
  private harmlessly(what: string, watch: () => void): void {
    try {
      watch();
    } catch (error) {
      this.options.logger.warn({ event: "observer_failed", of: what, error });
    }
  }
}
