import type { CollectEvent } from "../../../src/loop/events";
import { MetricsWriter, STREAM_METRIC_NAMES } from "../../../src/status/reports/metrics";
import { PrometheusText } from "../../../src/status/reports/prometheus";
import type { Status } from "../../../src/status/status";
import { caughtUp, disconnected, idAt, interval, pass, streamed, waiting } from "../events";
import {
  CATS,
  CONNECTS,
  coverageOf,
  DAY,
  HOUR,
  LIVE,
  ledgerWith,
  ManualClock,
  MemoryOutput,
  MINUTE,
  NOON,
  SECOND,
  TERMS,
  type TrackerParts,
  tracker,
} from "../helpers";

const { key } = LIVE;
const WATCHED = { key, rules: 2, fill: true, bufferBytes: 1_000 };
const CONNECTING: CollectEvent = { type: "stream_connecting", key, limit: CONNECTS };
const CONNECTED: CollectEvent = { type: "stream_connected", key, atMs: NOON };

/** Heard up to a minute ago, with a hole that began an hour ago. */
const HEARD = ledgerWith({
  coverage: [
    coverageOf(LIVE, {
      owned: [interval(NOON - DAY, NOON - HOUR), interval(NOON - 59 * MINUTE, NOON - MINUTE)],
      stream: {
        set: "s",
        sets: [{ id: "s", rules: ["a", "b"] }],
        texts: [{ rule: "b", value: "cats sample:10", tag: "cats" }],
        holes: [
          {
            ...{ ...interval(NOON - HOUR, NOON - 59 * MINUTE), set: "s", searched: 1, skipped: 1 },
            skippedRules: [{ rule: "b", why: "ignored_operators" }],
          },
        ],
        bySearch: [],
      },
    }),
  ],
});

function watched(parts: TrackerParts = {}) {
  const clock = new ManualClock();
  const status = tracker({ clock, queries: [LIVE], filteredStream: WATCHED, ledger: () => HEARD, ...parts });
  const stream = () => status.snapshot().filteredStream ?? never();
  const apply = (...events: readonly CollectEvent[]) => {
    for (const event of events) status.apply(event);
  };
  return { clock, status, stream, apply };
}

describe("the connection in the status", () => {
  it("is connected since it was made, and then not, with the reason", async () => {
    const { clock, status, stream, apply } = watched();
    apply(CONNECTING, CONNECTED);
    await clock.advance(MINUTE);
    expect(stream()).toMatchObject({ connected: true, connectedSinceMs: NOON, disconnections: 0 });
    expect(status.snapshot()).toMatchObject({ headline: "Listening", light: "green", sinceMs: NOON });
    apply(disconnected("the connection broke"));
    expect(stream()).toMatchObject({
      ...{ connected: false, disconnectedSinceMs: NOON + MINUTE, disconnections: 1 },
      lastDisconnection: { atMs: NOON + MINUTE, reason: "the connection broke" },
    });
    expect(stream()).not.toHaveProperty("connectedSinceMs");
    expect(status.snapshot()).toMatchObject({ headline: "Connecting", light: "amber", caughtUp: false });
  });

  it("does not count the end that this process was told to make", () => {
    const { stream, apply } = watched();
    apply(CONNECTING, CONNECTED, { ...disconnected("stopped"), stopped: true });
    expect(stream()).toMatchObject({ connected: false, disconnections: 0 });
  });

  it("says what it waits for and until when, and nothing once connected", async () => {
    const { clock, status, stream, apply } = watched();
    apply(CONNECTING, { type: "stream_reconnecting", key, reason: "X answered 503", waitMs: 5_000 });
    apply(waiting(NOON + 5_000, "stream"));
    expect(stream().reconnect).toMatchObject({
      ...{ waitSeconds: 5, reason: "X answered 503", nextAttemptMs: NOON + 5_000 },
    });
    expect(status.snapshot().headline).toBe("Not connected until 2026-11-23 12:00:05 UTC");
    await clock.advance(5_000);
    apply(CONNECTING, CONNECTED);
    expect(stream().reconnect).toEqual({ waitSeconds: 0, attempts: 2, limits: CONNECTS });
    expect(status.snapshot().headline).toBe("Listening");
  });

  it("counts connection attempts of the last 15 minutes alone", async () => {
    const { clock, stream, apply } = watched();
    apply(CONNECTING);
    await clock.advance(10 * MINUTE);
    apply(CONNECTING);
    expect(stream().reconnect.attempts).toBe(2);
    await clock.advance(5 * MINUTE);
    expect(stream().reconnect.attempts).toBe(1);
  });

  it("names the limit that leaves too little for a connection, until one is attempted", () => {
    const { stream, apply } = watched();
    apply({ type: "limit_reached", limit: "MONTHLY_USD_LIMIT", renewsAtMs: NOON + DAY });
    expect(stream().reconnect).toMatchObject({ limit: "MONTHLY_USD_LIMIT", renewsAtMs: NOON + DAY });
    apply(CONNECTING);
    expect(stream().reconnect).not.toHaveProperty("limit");
  });

  it("knows heartbeats, posts a second and what waits, while delivery hangs too", async () => {
    const { clock, stream, apply } = watched();
    apply(CONNECTING, CONNECTED);
    await clock.advance(10 * SECOND);
    apply({ type: "stream_received", key, posts: 50, heartbeat: true, heldBytes: 400 });
    await clock.advance(10 * SECOND);
    apply({ type: "stream_received", key, posts: 50, heartbeat: false, heldBytes: 900 });
    expect(stream()).toMatchObject({
      ...{ lastHeartbeatMs: NOON + 10 * SECOND, lastByteMs: NOON + 20 * SECOND },
      ...{ postsPerSecond: 5, heldBytes: 900 },
    });
    await clock.advance(2 * MINUTE);
    expect(stream().postsPerSecond).toBe(0);
  });
});

describe("the lag of a stream", () => {
  it("is how long the slowest post of the last minute took to arrive, by posts of the stream alone", async () => {
    const { clock, status, apply } = watched();
    const lag = () => status.snapshot().lagSeconds;
    apply(CONNECTING, CONNECTED, caughtUp(NOON, LIVE));
    expect(lag()).toBeUndefined();
    pass((event) => apply(event), streamed(NOON, { posts: 3, tookMs: 4_000 }));
    pass((event) => apply(event), streamed(NOON, { posts: 3, tookMs: 2_000 }));
    // When a post without an id of X's was made is not known.
    const { page } = streamed(NOON, { posts: 1, tookMs: 0 });
    apply({ type: "page_read", key, page: { ...page, posts: [{ id: "no-id-0123456789ab" }] } });
    apply({ ...streamed(NOON, { posts: 3, tookMs: 2 * HOUR }), page: searched() });
    expect(lag()).toBe(4);
    await clock.advance(MINUTE);
    apply(caughtUp(NOON + MINUTE, LIVE));
    expect(lag()).toBeUndefined();
  });

  it("grows while nothing is delivered, whether by a lost connection or by a delivery that hangs", async () => {
    const { clock, status, apply } = watched();
    apply(CONNECTING, CONNECTED, caughtUp(NOON, LIVE), disconnected("the connection broke"));
    await clock.advance(10 * MINUTE);
    expect(status.snapshot().lagSeconds).toBe(600);
  });
});

describe("holes in the status", () => {
  it("are those of the ledger, with what was skipped and why", () => {
    const { stream, apply } = watched();
    apply(CONNECTING, CONNECTED);
    expect(stream()).toMatchObject({ holesOpen: 1, oldestHoleSeconds: 3_600 });
    expect(stream().holes.open).toMatchObject([
      {
        ...{ fromMs: NOON - HOUR, rules: 2, searched: 1, skipped: 1 },
        skippedRules: [{ name: "cats", why: "ignored_operators", reason: expect.stringMatching(/ignores/) }],
      },
    ]);
  });

  it("hold what is being left while there is no connection", async () => {
    const ledger = ledgerWith({
      coverage: [coverageOf(LIVE, { owned: [interval(NOON - DAY, NOON - 10 * SECOND)] })],
    });
    const { clock, stream, apply } = watched({ ledger: () => ledger });
    apply(CONNECTING, CONNECTED);
    expect(stream()).toMatchObject({ holesOpen: 0, oldestHoleSeconds: 0 });
    apply(disconnected("the connection broke"));
    await clock.advance(6 * HOUR);
    expect(stream()).toMatchObject({ holesOpen: 1, holes: { open: [], leftAtMs: NOON - 10 * SECOND } });
    expect(Math.round(stream().oldestHoleSeconds)).toBe(6 * 3_600 + 10);
  });

  it("and a lost connection send a person to their sections of the runbook", async () => {
    const { clock, status, apply } = watched();
    apply(CONNECTING, CONNECTED, disconnected("the connection broke"), waiting(NOON + DAY, "stream"));
    await clock.advance(HOUR);
    const { actions, lastError } = status.snapshot();
    expect(actions.map(({ runbook }) => runbook)).toEqual(["disconnected", "holes-stay-open"]);
    expect(lastError?.runbook).toBe("reconnect-waits");
  });

  it("are listed as not filled where STREAM_FILL is false, with the time at which X forgets them", () => {
    const { status, apply } = watched({ filteredStream: { ...WATCHED, fill: false } });
    apply(CONNECTING, CONNECTED);
    expect(status.snapshot().actions.map(({ text }) => text)).toContain(
      "1 hole is not filled, because STREAM_FILL is false. X's recent search reaches the oldest until 2026-11-30 11:00 UTC. Start with STREAM_FILL=true to fill it.",
    );
  });

  it("leave a process that is not connected unready where nothing fills them", () => {
    for (const [fill, ready] of [
      [true, true],
      [false, false],
    ] as const) {
      const { status, apply } = watched({ filteredStream: { ...WATCHED, fill } });
      apply(CONNECTING, CONNECTED, caughtUp(NOON, LIVE), disconnected("the connection broke"));
      expect([fill, status.snapshot().ready]).toEqual([fill, ready]);
    }
  });

  it("make a timeline of what was heard, filled, left and is not owned yet", () => {
    const filled = { ...interval(NOON - 2 * HOUR, NOON - HOUR), rules: 1, skipped: 0 };
    const stream = { set: "s", sets: [], texts: [], holes: [], bySearch: [filled] };
    const owned = [interval(NOON - DAY, NOON - 10 * SECOND)];
    const ledger = ledgerWith({ coverage: [coverageOf(LIVE, { owned, stream })] });
    const { status, apply } = watched({ ledger: () => ledger });
    apply(CONNECTING, CONNECTED);
    const states = () => status.snapshot().queries[0]?.coverage.map(({ state }) => state);
    expect(states()).toEqual(["owned", "searched", "owned", "heard"]);
    apply(disconnected("the connection broke"));
    expect(states()).toEqual(["owned", "searched", "owned", "hole"]);
  });
});

describe("metrics of a stream", () => {
  function written(status: Status, metrics: MetricsWriter, output: MemoryOutput) {
    metrics.emit(status);
    return JSON.parse(output.written.at(-1) ?? "") as Readonly<Record<string, unknown>>;
  }
  function writer() {
    const output = new MemoryOutput();
    const { prices } = TERMS;
    return { output, metrics: new MetricsWriter({ namespace: "N", prices, ledger: () => HEARD, output }) };
  }

  it("are written beside the others in stream mode, and disconnections count since the line before", () => {
    const { status, apply } = watched();
    const { output, metrics } = writer();
    apply(CONNECTING, CONNECTED, disconnected("one"), CONNECTING, CONNECTED, disconnected("two"));
    apply({ type: "stream_reconnecting", key, reason: "X answered 503", waitMs: 320_000 });
    expect(written(status.snapshot(), metrics, output)).toMatchObject({
      ...{ CheckpointKey: key, StreamConnected: 0, StreamDisconnects: 2, StreamHolesOpen: 2 },
      ...{ StreamOldestHoleSeconds: 3_600, StreamReconnectWaitSeconds: 320 },
      _aws: {
        CloudWatchMetrics: [
          {
            Metrics: expect.arrayContaining(
              STREAM_METRIC_NAMES.map((Name) => expect.objectContaining({ Name })),
            ),
          },
        ],
      },
    });
    apply(CONNECTING, CONNECTED);
    const next = { StreamConnected: 1, StreamDisconnects: 0, StreamReconnectWaitSeconds: 0 };
    expect(written(status.snapshot(), metrics, output)).toMatchObject(next);
  });

  it("are not written for searches", () => {
    const { output, metrics } = writer();
    expect(Object.keys(written(tracker().snapshot(), metrics, output)).join()).not.toContain("Stream");
  });

  it("are in the Prometheus text in stream mode alone, with disconnections as a counter", async () => {
    const { status, apply } = watched();
    apply(CONNECTING, CONNECTED, disconnected("one"), CONNECTING, CONNECTED);
    const text = await new PrometheusText().render(status.snapshot());
    expect(text).toMatch(/^ingester_stream_connected 1$/m);
    expect(text).toMatch(
      /^# TYPE ingester_stream_disconnects_total counter\ningester_stream_disconnects_total 1$/m,
    );
    expect(text).toMatch(/^ingester_stream_holes_open 1$/m);
    expect(text).toMatch(/^ingester_stream_oldest_hole_seconds 3600$/m);
    expect(text).toMatch(/^ingester_stream_reconnect_wait_seconds 0$/m);
    const search = await new PrometheusText().render(tracker({ queries: [CATS] }).snapshot());
    expect(search).not.toContain("ingester_stream_");
  });
});

function searched() {
  const { page } = streamed(NOON, { posts: 3, tookMs: 2 * HOUR });
  const provenance = { source: "search/recent", query: "cats", received_at: "" } as const;
  return { ...page, posts: [{ id: idAt(NOON - 2 * HOUR), text: "found" }], provenance };
}

function never(): never {
  throw new Error("There is no stream in the status.");
}
