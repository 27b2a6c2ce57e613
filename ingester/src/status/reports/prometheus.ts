/** The status as Prometheus text. Loaded at the first scrape: prom-client must not delay the start. */
import { Counter, Gauge, Registry } from "prom-client";
import type { Counters } from "../counters";
import { PHASE_KINDS } from "../phase";
import type { QueryStatus } from "../query-status";
import type { Status } from "../status";
import type { FilteredStreamStatus } from "../stream/filtered-stream";

/** Name (without prefix and `_total`) and help of each counter. */
const COUNTERS: Readonly<Record<keyof Counters, readonly [name: string, help: string]>> = {
  postsRead: ["posts_read", "Posts that X returned and billed."],
  includedPostsRead: ["included_posts_read", "Posts that X returned beside the asked ones."],
  includedUsersRead: ["included_users_read", "Users that X returned beside the posts."],
  postsDelivered: ["posts_delivered", "Posts whose lines Firehose acknowledged."],
  deadLetters: ["dead_letters", "Posts delivered incomplete because they exceed a limit, or without an id."],
  replacedCharacters: ["replaced_characters", "Lone surrogates in posts that became U+FFFD."],
  partialErrors: ["partial_errors", "Problems that X reported beside the data."],
  losses: ["losses", "Ranges of posts that can no longer be read."],
  requests: ["firehose_requests", "PutRecordBatch calls."],
  records: ["firehose_records", "Firehose records, each of one or more lines."],
  bytes: ["firehose_bytes", "Bytes of the records."],
  resentRecords: ["firehose_resent_records", "Records sent again after a failure of their own."],
  deliveryRetries: ["delivery_retries", "Failed attempts to deliver."],
  sourceWaits: ["source_waits", "Waits that X imposed."],
};

type Reader = (status: Status) => number | undefined;

/** Name (without prefix), help and value; a value that is not known yet is left out. */
const GAUGES: readonly (readonly [name: string, help: string, read: Reader])[] = [
  ["ready", "1 while posts can arrive.", (status) => Number(status.ready)],
  [
    "caught_up",
    "1 while X has nothing newer and everything is delivered.",
    (status) => Number(status.caughtUp),
  ],
  ["spent_usd", "US dollars spent in this billing cycle.", ({ budget }) => budget?.spent.usd],
  ["spent_posts", "Post reads of this billing cycle.", ({ budget }) => budget?.spent.posts],
  ["at_risk_usd", "US dollars that lost answers may have cost.", ({ budget }) => budget?.atRisk.usd],
  ["reserved_usd", "US dollars reserved by requests under way.", ({ budget }) => budget?.reserved.usd],
  ["others_posts", "Post reads of other programs of the project.", ({ budget }) => budget?.others.posts],
  [
    "budget_runs_out_timestamp_seconds",
    "When the first limit is reached at the rate of the last hours.",
    runsOut,
  ],
  ["left_usd", "US dollars left under the monthly limit.", (status) => leftOf(status, "usd")],
  ["left_posts", "Post reads left under the monthly limit.", (status) => leftOf(status, "posts")],
  ["budget_used_ratio", "Share of the tightest monthly limit that is used.", usedRatio],
  [
    "last_error_timestamp_seconds",
    "When the last error happened.",
    (status) => seconds(status.lastError?.atMs),
  ],
];

/** Cheap reads alone: prom-client's own defaults watch the event loop and the garbage collector all the time. */
const PROCESS_GAUGES: readonly (readonly [name: string, help: string, read: Reader])[] = [
  ["process_resident_memory_bytes", "Resident memory size.", () => process.memoryUsage.rss()],
  ["process_start_time_seconds", "Start of the process.", ({ startedAtMs }) => seconds(startedAtMs)],
];

type QueryReader = (query: QueryStatus) => number | undefined;

/** For each query, with its name as the label `query`. */
const QUERY_COUNTERS: readonly (readonly [name: string, help: string, key: keyof Counters])[] = [
  ["query_posts_read", "Posts that X returned and billed.", "postsRead"],
  ["query_posts_delivered", "Posts whose lines Firehose acknowledged.", "postsDelivered"],
];

const QUERY_GAUGES: readonly (readonly [name: string, help: string, read: QueryReader])[] = [
  ["query_lag_seconds", "Age of the newest moment that has been read.", (query) => query.lagSeconds],
  ["query_holes_open", "Holes that are left to fill.", ({ holesOpen }) => holesOpen],
  [
    "query_complete_up_to_timestamp_seconds",
    "Everything up to this time is delivered or recorded as lost.",
    (query) => seconds(query.completeUpToMs),
  ],
];

/** In stream mode alone; the names are those of the CloudWatch metrics. */
const STREAM_COUNTERS: readonly StreamMetric[] = [
  ["stream_disconnects", "Connections of the filtered stream that ended.", (stream) => stream.disconnections],
];

const STREAM_GAUGES: readonly StreamMetric[] = [
  ["stream_connected", "1 while the filtered stream is connected.", (stream) => Number(stream.connected)],
  ["stream_holes_open", "Holes that search can still fill.", (stream) => stream.holesOpen],
  [
    "stream_oldest_hole_seconds",
    "Age of the oldest of them; 0 without one.",
    (stream) => stream.oldestHoleSeconds,
  ],
  [
    "stream_reconnect_wait_seconds",
    "Length of the wait before the next connection; 0 while connected.",
    (stream) => stream.reconnect.waitSeconds,
  ],
  [
    "stream_last_byte_timestamp_seconds",
    "When X last sent anything.",
    (stream) => seconds(stream.lastByteMs),
  ],
  [
    "stream_last_heartbeat_timestamp_seconds",
    "When X last sent a heartbeat.",
    (stream) => seconds(stream.lastHeartbeatMs),
  ],
  [
    "stream_posts_per_second",
    "Posts that X sent in the last minute, per second.",
    (stream) => stream.postsPerSecond,
  ],
  ["stream_held_bytes", "Bytes that wait for delivery.", (stream) => stream.heldBytes],
  [
    "stream_connects_in_window",
    "Connections attempted in the window of X's limit.",
    (stream) => stream.reconnect.attempts,
  ],
];

type StreamMetric = readonly [
  name: string,
  help: string,
  read: (stream: FilteredStreamStatus) => number | undefined,
];

const PREFIX = "ingester_";

/** Renders the status; keeps its own registry, so that nothing else can appear in it. */
export class PrometheusText {
  private readonly registry = new Registry();
  private readonly updates: ((status: Status) => void)[] = [];
  private hasStream = false;

  constructor() {
    for (const [key, [name, help]] of Object.entries(COUNTERS)) {
      this.counter(`${PREFIX}${name}_total`, help, (status) => status.counts[key as keyof Counters]);
    }
    for (const [name, help, read] of GAUGES) this.gauge(`${PREFIX}${name}`, help, read);
    for (const [name, help, key] of QUERY_COUNTERS) {
      this.queryCounter(`${PREFIX}${name}_total`, help, key);
    }
    for (const [name, help, read] of QUERY_GAUGES) this.queryGauge(`${PREFIX}${name}`, help, read);
    for (const [name, help, read] of PROCESS_GAUGES) this.gauge(name, help, read);
    this.counter("process_cpu_seconds_total", "User and system CPU time.", cpuSeconds);
    this.phases();
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  render(status: Status): Promise<string> {
    if (status.filteredStream !== undefined) this.addStream();
    for (const update of this.updates) update(status);
    return this.registry.metrics();
  }

  private addStream(): void {
    if (this.hasStream) return;
    this.hasStream = true;
    const of = (read: StreamMetric[2]) => (status: Status) =>
      status.filteredStream && read(status.filteredStream);
    for (const [name, help, read] of STREAM_COUNTERS) {
      this.counter(`${PREFIX}${name}_total`, help, (status) => of(read)(status) ?? 0);
    }
    for (const [name, help, read] of STREAM_GAUGES) this.gauge(`${PREFIX}${name}`, help, of(read));
  }

  /** The status is the source of truth, so each scrape sets the counter to it. */
  private counter(name: string, help: string, read: (status: Status) => number): void {
    const counter = new Counter({ name, help, registers: [this.registry] });
    this.updates.push((status) => {
      counter.reset();
      counter.inc(read(status));
    });
  }

  private gauge(name: string, help: string, read: Reader): void {
    const gauge = new Gauge({ name, help, registers: [this.registry] });
    this.updates.push((status) => {
      const value = read(status);
      if (value === undefined) gauge.remove();
      else gauge.set(value);
    });
  }

  private queryCounter(name: string, help: string, key: keyof Counters): void {
    const counter = new Counter({ name, help, labelNames: ["query"], registers: [this.registry] });
    this.updates.push(({ queries }) => {
      counter.reset();
      for (const query of queries) counter.inc({ query: query.name }, query.counts[key]);
    });
  }

  private queryGauge(name: string, help: string, read: QueryReader): void {
    const gauge = new Gauge({ name, help, labelNames: ["query"], registers: [this.registry] });
    this.updates.push(({ queries }) => {
      gauge.reset();
      for (const query of queries) {
        const value = read(query);
        if (value !== undefined) gauge.set({ query: query.name }, value);
      }
    });
  }

  private phases(): void {
    const state = new Gauge({
      name: `${PREFIX}state`,
      help: "1 for what the ingester is doing, 0 for everything else.",
      labelNames: ["state"],
      registers: [this.registry],
    });
    this.updates.push(({ phase }) => {
      for (const kind of PHASE_KINDS) state.set({ state: kind }, Number(kind === phase.kind));
    });
  }
}

function seconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1_000;
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Under the tightest monthly limit in this unit. */
function leftOf({ budget }: Status, unit: "posts" | "usd"): number | undefined {
  const left = budget?.limits.filter((limit) => limit.unit === unit).map((limit) => limit.left) ?? [];
  return left.length === 0 ? undefined : Math.min(...left);
}

function runsOut({ budget }: Status): number | undefined {
  const times = budget?.limits.flatMap(({ runsOutAtMs }) => runsOutAtMs ?? []) ?? [];
  return times.length === 0 ? undefined : Math.min(...times) / 1_000;
}

function usedRatio({ budget }: Status): number | undefined {
  return budget?.usedPercent === undefined ? undefined : budget.usedPercent / 100;
}
