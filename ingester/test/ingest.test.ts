import { DeliveryError, SourceError } from "../src/errors";
import { type IngestOptions, type IngestPorts, ingest } from "../src/ingest";
import type { IngestEvent, PostPage } from "../src/ports";
import { START } from "../src/window";
import { FakeClock } from "./helpers/fake-clock";
import { FakeCheckpoints, FakeMeter, FakeSink, page, ScriptedSource } from "./helpers/fake-ports";

type Script = (PostPage | Error | (() => PostPage))[];

interface Overrides {
  readonly sink?: FakeSink;
  readonly checkpoints?: FakeCheckpoints;
  readonly meter?: FakeMeter;
  readonly clock?: FakeClock;
  readonly stop?: AbortController;
  readonly options?: Partial<IngestOptions>;
}

function setUp(script: Script, { options: given, stop = new AbortController(), ...fakes }: Overrides = {}) {
  const events: IngestEvent[] = [];
  const abort = new AbortController();
  const ports = {
    source: new ScriptedSource(script),
    sink: new FakeSink(),
    checkpoints: new FakeCheckpoints(),
    meter: new FakeMeter(),
    clock: new FakeClock(),
    observe: (event: IngestEvent) => void events.push(event),
    random: () => 0.5,
    ...fakes,
  } satisfies IngestPorts;
  const options: IngestOptions = {
    position: START,
    runOnce: true,
    pollMs: 60_000,
    origin: { source: "search/recent", query: "from:nasa" },
    stop: stop.signal,
    abort: abort.signal,
    ...given,
  };
  return { ...ports, events, run: () => ingest(ports, options) };
}

const transient = (mayBeBilled: boolean) =>
  new SourceError("X answered 503", { kind: "transient", mayBeBilled });
const idsOf = (sink: FakeSink) => sink.delivered.map(({ post }) => post.id);

describe("the ingest loop", () => {
  it("delivers every page, and moves the checkpoint only afterwards", async () => {
    const order: string[] = [];
    const first = page(["30", "20"]);
    const last = page(["10"], { caughtUp: true });
    const sink = new FakeSink();
    const checkpoints = new FakeCheckpoints();
    const deliver = sink.deliver.bind(sink);
    sink.deliver = async (lines) => {
      order.push(`deliver ${lines.length}`);
      return deliver(lines);
    };
    checkpoints.save = async (position) => void order.push(`save ${position.sinceId}`);
    const { run } = setUp([first, last], { sink, checkpoints });
    await expect(run()).resolves.toBe("caught_up");
    expect(order).toEqual(["deliver 2", "save 30", "deliver 1", "save 10"]);
  });

  it("goes on from the position of the page before", async () => {
    const first = page(["30"], {
      position: { sinceId: "5", window: { newestId: "30", oldestDeliveredId: "30" }, gaps: [] },
    });
    const { run, source } = setUp([first, page([], { caughtUp: true })]);
    await run();
    expect(source.asked.map(({ position }) => position)).toEqual([START, first.position]);
  });

  it("does not move the checkpoint when delivery fails", async () => {
    const sink = new FakeSink();
    sink.deliver = async () => {
      throw new DeliveryError("the stream is gone", 1);
    };
    const { run, checkpoints } = setUp([page(["1"])], { sink });
    await expect(run()).rejects.toThrow(DeliveryError);
    expect(checkpoints.saved).toEqual([]);
  });

  it("polls again after a pause when it runs as a service", async () => {
    const stop = new AbortController();
    const third = () => {
      stop.abort();
      return page([], { caughtUp: true });
    };
    const set = setUp([page(["2"], { caughtUp: true }), page([], { caughtUp: true }), third], {
      stop,
      options: { runOnce: false },
    });
    await expect(set.run()).resolves.toBe("stopped");
    expect(set.clock).toMatchObject({ sleeps: [60_000, 60_000] });
  });

  it("delivers and saves the page in hand when it is asked to stop", async () => {
    const stop = new AbortController();
    const stopAndAnswer = () => {
      stop.abort();
      return page(["9"]);
    };
    const set = setUp([stopAndAnswer], { stop });
    await expect(set.run()).resolves.toBe("stopped");
    expect(idsOf(set.sink)).toEqual(["9"]);
    expect(set.checkpoints.saved).toHaveLength(1);
  });

  it("reports a gap once", async () => {
    const gap = { afterId: "1", beforeId: "9", reason: "too old", recordedAt: "2026-11-23T12:00:00.000Z" };
    const position = { sinceId: "9", gaps: [gap] };
    const { run, events } = setUp([
      page([], { position }),
      page([], { position: { ...position }, caughtUp: true }),
    ]);
    await run();
    expect(events.filter(({ type }) => type === "gap_recorded")).toEqual([{ type: "gap_recorded", gap }]);
  });

  it("confirms that it holds the checkpoint before each purchase", async () => {
    const checkpoints = new FakeCheckpoints();
    let confirmations = 0;
    checkpoints.confirm = async () => {
      confirmations += 1;
    };
    const { run } = setUp([page(["2"]), page(["1"], { caughtUp: true })], { checkpoints });
    await run();
    expect(confirmations).toBe(2);
  });
});

describe("money", () => {
  it("keeps a reservation spent when its answer may have been billed, and buys again with a new one", async () => {
    const { run, meter } = setUp([transient(true), page(["1"], { caughtUp: true })]);
    await run();
    expect(meter).toMatchObject({ log: ["reserve 100", "settle unknown", "reserve 100", "settle 1"] });
  });

  it("gives a reservation back when X refused the request", async () => {
    const { run, meter } = setUp([transient(false), page(["1"], { caughtUp: true })]);
    await run();
    expect(meter).toMatchObject({ log: ["reserve 100", "settle 0", "reserve 100", "settle 1"] });
  });

  it("asks for no more posts than the limit leaves", async () => {
    const meter = new FakeMeter(25);
    const { run, source } = setUp(
      [page(["3"], { billed: { posts: 25, includedPosts: 0, includedUsers: 0 } })],
      { meter },
    );
    await expect(run()).resolves.toBe("limit");
    expect(source.asked.map(({ maxPosts }) => maxPosts)).toEqual([25]);
  });

  it("does not ask at all below X's smallest page", async () => {
    const { run, source } = setUp([], { meter: new FakeMeter(9) });
    await expect(run()).resolves.toBe("limit");
    expect(source.asked).toEqual([]);
  });

  it("pauses at a limit until it renews, and says so once", async () => {
    const clock = new FakeClock();
    const renewsAtMs = clock.now() + 5 * 3_600_000;
    const meter = new FakeMeter(0, renewsAtMs);
    const reserve = meter.reserve.bind(meter);
    meter.reserve = async (limits) => {
      if (clock.now() >= renewsAtMs) meter.left = 100;
      return reserve(limits);
    };
    const stop = new AbortController();
    const bought = () => {
      stop.abort();
      return page(["1"], { caughtUp: true });
    };
    const set = setUp([bought], { clock, meter, stop, options: { runOnce: false } });
    await expect(set.run()).resolves.toBe("stopped");
    expect(clock.now()).toBeGreaterThanOrEqual(renewsAtMs);
    expect(set.events.map(({ type }) => type)).toEqual([
      "limit_reached",
      "limit_renewed",
      "page_read",
      "page_delivered",
      "caught_up",
    ]);
  });
});

describe("failures of X", () => {
  const failure = (kind: SourceError["kind"], retryAtMs?: number) =>
    new SourceError(`failed: ${kind}`, { kind, ...(retryAtMs === undefined ? {} : { retryAtMs }) });
  const done = () => page([], { caughtUp: true });

  it("waits for the time X names, with jitter", async () => {
    const clock = new FakeClock();
    const { run } = setUp([failure("window_limit", clock.now() + 90_000), done], { clock });
    await expect(run()).resolves.toBe("caught_up");
    expect(clock.sleeps).toEqual([91_000]);
  });

  it("backs off further with each passing failure, and starts anew after a success", async () => {
    const script = [
      transient(false),
      transient(false),
      transient(false),
      page(["5"]),
      transient(false),
      done,
    ];
    const { run, clock } = setUp(script);
    await run();
    expect(clock).toMatchObject({ sleeps: [500, 1_000, 2_000, 500] });
  });

  it.each<[SourceError["kind"], number]>([
    ["access", 3],
    ["invalid_request", 2],
    ["credits_depleted", 3],
  ])("ends a single run on %s, with exit code %i", async (kind, exitCode) => {
    await expect(setUp([failure(kind)]).run()).rejects.toMatchObject({ kind, exitCode });
  });

  it.each<SourceError["kind"]>(["usage_cap", "spending_limit"])(
    "ends a single run cleanly at X's own limit (%s)",
    async (kind) => {
      await expect(setUp([failure(kind)]).run()).resolves.toBe("limit");
    },
  );

  it.each<[SourceError["kind"], number]>([
    ["usage_cap", 3_600_000],
    ["spending_limit", 3_600_000],
    ["credits_depleted", 900_000],
  ])("probes slowly while a service is stopped by %s", async (kind, atLeastMs) => {
    const stop = new AbortController();
    const lastPoll = () => {
      stop.abort();
      return done();
    };
    const set = setUp([failure(kind), lastPoll], { stop, options: { runOnce: false } });
    await set.run();
    expect(set.clock.sleeps[0]).toBeGreaterThanOrEqual(atLeastMs);
    expect(set.events[0]).toMatchObject({ type: "source_waiting", reason: kind });
  });

  it("takes an address that never answered for a configuration problem", async () => {
    const script = Array.from({ length: 5 }, () => failure("unreachable"));
    await expect(setUp(script, { options: { runOnce: false } }).run()).rejects.toMatchObject({ exitCode: 2 });
  });

  it("gives up a single run when failures last", async () => {
    await expect(setUp(Array.from({ length: 8 }, () => transient(false))).run()).rejects.toThrow(SourceError);
  });
});
