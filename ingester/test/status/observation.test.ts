import { createServer } from "node:net";
import type { CollectEvent } from "../../src/loop/events";
import { createObservation, type ObservationOptions } from "../../src/status/observation";
import { delivered, pass, RETRYING, waiting } from "./events";
import { CATS, DOGS, ManualClock, MINUTE, memoryLogger, NOON, optionsWith, TOKEN } from "./helpers";

const HOST = "127.0.0.1";

/** A port that nothing listens on. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, HOST, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

function watch(parts: Partial<ObservationOptions> = {}) {
  const clock = new ManualClock();
  const { logger, output } = memoryLogger();
  const metrics = () => output.lines.filter((line) => "_aws" in line);
  const observation = createObservation({
    ...optionsWith({ clock }),
    ...{ logger, output, http: { port: 0, host: HOST }, metricsNamespace: undefined },
    ...parts,
  });
  return { clock, output, metrics, observation };
}

describe("observation", () => {
  it("frames a run with a first and a last line", async () => {
    const { observation, output } = watch();
    await observation.start();
    pass(observation.observer, delivered(NOON, 3));
    await observation.stop();
    expect(output.lines).toMatchObject([
      { level: "info", event: "started", queries: [CATS.key] },
      { level: "info", event: "stopped", posts_read: 3, posts_delivered: 3, spent_usd: 12.34 },
    ]);
  });

  it("emits metrics each minute and once more at the end", async () => {
    const { observation, metrics, clock } = watch({ metricsNamespace: "Tweets" });
    await observation.start();
    pass(observation.observer, delivered(NOON, 3));
    await clock.advance(MINUTE - 1);
    expect(metrics()).toHaveLength(0);
    await clock.advance(1);
    await clock.advance(MINUTE);
    pass(observation.observer, delivered(NOON, 2));
    await observation.stop();
    expect(metrics().map(({ PostsDelivered }) => PostsDelivered)).toEqual([3, 0, 2]);
    await clock.advance(10 * MINUTE);
    expect(metrics()).toHaveLength(3);
  });

  it("emits one metric line for each query", async () => {
    const { observation, metrics } = watch({ metricsNamespace: "Tweets", queries: [CATS, DOGS] });
    await observation.start();
    pass(observation.observer, delivered(NOON, 3, { query: DOGS }));
    await observation.stop();
    expect(metrics().map(({ CheckpointKey, PostsRead }) => [CheckpointKey, PostsRead])).toEqual([
      [CATS.key, 0],
      [DOGS.key, 3],
    ]);
  });

  it("emits no metrics without a namespace", async () => {
    const { observation, metrics, clock } = watch();
    await observation.start();
    await clock.advance(5 * MINUTE);
    await observation.stop();
    expect(metrics()).toEqual([]);
  });

  it("stops once, however often it is asked to", async () => {
    const { observation, output } = watch({ metricsNamespace: "Tweets" });
    await observation.start();
    await Promise.all([observation.stop(), observation.stop()]);
    expect(output.lines.filter(({ event }) => event === "stopped")).toHaveLength(1);
  });

  it("serves the status at the configured address, until it stops", async () => {
    const port = await freePort();
    const { observation } = watch({ http: { port, host: HOST } });
    expect(await observation.start()).toBe(port);
    const url = `http://${HOST}:${port}/readyz`;
    pass(observation.observer, delivered(NOON, 3));
    expect((await fetch(url)).status).toBe(200);
    observation.failed(new Error("a bug"));
    expect((await fetch(url)).status).toBe(503);
    await observation.stop();
    await expect(fetch(url)).rejects.toThrow();
  });

  it("writes no secret into log lines and answers", async () => {
    const { observation, output } = watch({ listen: (server) => server.listen(0, HOST) });
    const port = await observation.start();
    observation.observer({ ...waiting(NOON), message: `Bearer ${TOKEN} was refused` });
    observation.observer({ ...RETRYING, message: `signed with ${TOKEN}` });
    const answers = ["/status.json", "/readyz", "/healthz", "/metrics"].map(async (path) =>
      (await fetch(`http://${HOST}:${port}${path}`)).text(),
    );
    const texts = [...output.written, ...(await Promise.all(answers))].join("");
    await observation.stop();
    expect(texts).toContain("[redacted]");
    expect(texts).not.toContain(TOKEN);
  });

  it("has no server when the port is 0", async () => {
    const { observation } = watch();
    expect(await observation.start()).toBeUndefined();
    await observation.stop();
  });

  it("can be stopped, without a word, although it was never started", async () => {
    const { observation, output } = watch({ metricsNamespace: "Tweets" });
    await observation.stop();
    expect(output.lines).toEqual([]);
  });

  it("never throws into the loop, and says what it could not watch", () => {
    const { observation, output } = watch();
    const broken = { type: "loss_recorded", key: CATS.key, loss: undefined } as unknown as CollectEvent;
    expect(() => observation.observer(broken)).not.toThrow();
    expect(output.lines).toMatchObject([{ level: "warn", event: "observer_failed", of: "loss_recorded" }]);
  });

  it("goes on, and stops, although the ledger cannot be read", async () => {
    const ledger = () => {
      throw new Error("no ledger");
    };
    const { observation, output, clock } = watch({ metricsNamespace: "Tweets", ledger });
    await observation.start();
    await clock.advance(MINUTE);
    await clock.advance(MINUTE);
    await observation.stop();
    expect(output.lines.slice(1).map(({ event, of }) => [event, of])).toEqual([
      ["observer_failed", "metrics"],
      ["observer_failed", "metrics"],
      ["observer_failed", "metrics"],
      ["observer_failed", "stopped"],
    ]);
  });
});
