import type { IngestEvent } from "../../src/ports";
import { createObservability, type ObservabilityConfig } from "../../src/status/observability";
import { delivered, ManualClock, MINUTE, MONEY, memoryLogger, NOON, pass, scrub } from "./helpers";

const OFF: ObservabilityConfig = { checkpointKey: "search:cats", httpPort: 0, metricsNamespace: undefined };

function watch(config: Partial<ObservabilityConfig> = {}, meterSnapshot = () => MONEY) {
  const clock = new ManualClock();
  const { logger, output } = memoryLogger();
  const parts = { config: { ...OFF, ...config }, clock, logger, output, scrub, meterSnapshot };
  const metrics = () => output.lines.filter((line) => "_aws" in line);
  return { clock, output, parts, metrics, observability: createObservability(parts) };
}

describe("observability", () => {
  it("frames a run with a first and a last line", async () => {
    const { observability, output } = watch();
    await observability.start();
    pass(observability.observer, delivered(NOON, 3));
    await observability.stop();
    expect(output.lines).toMatchObject([
      { level: "info", event: "started", checkpoint_key: "search:cats" },
      { level: "info", event: "stopped", posts_read: 3, posts_delivered: 3, spent_usd: 12.34 },
    ]);
  });

  it("emits metrics each minute and once more at the end", async () => {
    const { observability, metrics, clock } = watch({ metricsNamespace: "Tweets" });
    await observability.start();
    pass(observability.observer, delivered(NOON, 3));
    await clock.advance(MINUTE - 1);
    expect(metrics()).toHaveLength(0);
    await clock.advance(1);
    await clock.advance(MINUTE);
    pass(observability.observer, delivered(NOON, 2));
    await observability.stop();
    expect(metrics().map(({ PostsDelivered }) => PostsDelivered)).toEqual([3, 0, 2]);
    await clock.advance(10 * MINUTE);
    expect(metrics()).toHaveLength(3);
  });

  it("emits no metrics without a namespace", async () => {
    const { observability, metrics, clock } = watch();
    await observability.start();
    await clock.advance(5 * MINUTE);
    await observability.stop();
    expect(metrics()).toEqual([]);
  });

  it("stops once, however often it is asked to", async () => {
    const { observability, output } = watch({ metricsNamespace: "Tweets" });
    await observability.start();
    await Promise.all([observability.stop(), observability.stop()]);
    expect(output.lines.filter(({ event }) => event === "stopped")).toHaveLength(1);
  });

  it("serves the status until it stops", async () => {
    const { parts } = watch();
    const observability = createObservability({ ...parts, listen: (server) => server.listen(0) });
    const port = await observability.start();
    pass(observability.observer, delivered(NOON, 3));
    const url = `http://127.0.0.1:${port}/readyz`;
    expect((await fetch(url)).status).toBe(200);
    observability.failed(new Error("a bug"));
    expect((await fetch(url)).status).toBe(503);
    await observability.stop();
    await expect(fetch(url)).rejects.toThrow();
  });

  it("has no server when the port is 0", async () => {
    const { observability } = watch();
    expect(await observability.start()).toBeUndefined();
    await observability.stop();
  });

  it("can be stopped, without a word, although it was never started", async () => {
    const { observability, output } = watch({ metricsNamespace: "Tweets" });
    await observability.stop();
    expect(output.lines).toEqual([]);
  });

  it("never throws into the loop, and says what it could not watch", () => {
    const { observability, output } = watch();
    const broken = { type: "gap_recorded", gap: undefined } as unknown as IngestEvent;
    expect(() => observability.observer(broken)).not.toThrow();
    expect(output.lines).toMatchObject([{ level: "warn", event: "observer_failed", of: "gap_recorded" }]);
  });

  it("goes on, and stops, although the meter cannot be read", async () => {
    const broken = () => {
      throw new Error("no meter");
    };
    const { observability, output, clock } = watch({ metricsNamespace: "Tweets" }, broken);
    await observability.start();
    await clock.advance(MINUTE);
    await clock.advance(MINUTE);
    await observability.stop();
    expect(output.lines.slice(1).map(({ event, of }) => [event, of])).toEqual([
      ["observer_failed", "metrics"],
      ["observer_failed", "metrics"],
      ["observer_failed", "metrics"],
      ["observer_failed", "stopped"],
    ]);
  });
});
