/** Processes that listen: stopped, two at once, other rules, long absences, a slow Firehose. */
import { nthRequest } from "../moments";
import { killScenarios } from "./kills";
import type { StreamScenario } from "./scenario";
import { RULES } from "./stage";

const DAY_SECONDS = 86_400;
const OTHER_RULES = [RULES[0], { value: "to", tag: "to" }].filter((rule) => rule !== undefined);
/** The reader's least buffer. */
const BUFFER_MIB = 8;

const stops: readonly StreamScenario[] = [
  {
    name: "SIGTERM, connected, and away for a minute",
    seconds: 100,
    async play(stage) {
      await stage.listen();
      await stage.pass(15);
      await stage.stop();
      await stage.pass(60);
    },
  },
  {
    name: "SIGTERM, while it waits to reconnect",
    async play(stage) {
      await stage.listen();
      await stage.pass(15);
      stage.x.stream.faults.enqueue({ kind: "rate-limit-window", resetSeconds: 600 });
      stage.inject({ kind: "abort" });
      await stage.until(() => stage.x.stream.faults.report().queued === 0);
      await stage.stop();
    },
  },
  {
    name: "SIGTERM, while it fills",
    async play(stage) {
      await stage.listen();
      await stage.pass(15);
      await stage.reconnect();
      await nthRequest(stage.x.faults, 1);
      await stage.stop();
    },
  },
  {
    name: "a rival of the same ledger is turned away",
    async play(stage) {
      await stage.listen();
      await stage.pass(10);
      const { connections } = stage;
      const { code } = await stage.rival();
      stage.expect(code === 4, `the rival ends with exit code 4, not ${code}`);
      stage.expect(stage.connections === connections, "the living connection is left alone");
    },
  },
  {
    name: "401 for good",
    async play(stage) {
      await stage.listen();
      await stage.pass(10);
      stage.x.stream.faults.enqueue(...Array(10).fill({ kind: "unauthorized" }));
      stage.inject({ kind: "abort" });
      await stage.ended(3);
    },
  },
];

/** A busy machine or a paused container: what lies in the socket is older than the moment in which it is read. */
const suspensions: readonly StreamScenario[] = [5, 12, 18, 30].map((seconds) => ({
  name: `suspended for ${seconds} s, and the connection breaks`,
  async play(stage) {
    await stage.listen();
    await stage.pass(15);
    await stage.suspend(seconds, () => stage.inject({ kind: "abort" }));
    await stage.pass(10);
  },
}));

const absences: readonly StreamScenario[] = [
  {
    name: "restarted with other rules",
    async play(stage) {
      await stage.listen();
      await stage.pass(15);
      await stage.stop();
      await stage.pass(10);
      await stage.listenWith(OTHER_RULES);
    },
  },
  {
    name: "killed, restarted with other rules, killed again",
    async play(stage) {
      await stage.listen();
      await stage.pass(10);
      await stage.kill();
      await stage.listenWith(OTHER_RULES);
      await stage.pass(10);
      await stage.kill();
    },
  },
  {
    name: "X is gone for a minute",
    async play(stage) {
      await stage.listen();
      await stage.pass(15);
      await stage.downX(60);
    },
  },
  {
    name: "stopped for three days",
    seconds: 40,
    async play(stage) {
      await stage.listen();
      await stage.untilMade();
      await stage.pass(40);
      await stage.stop();
      await stage.away({ posts: 400, seconds: 3 * DAY_SECONDS });
    },
  },
  {
    name: "stopped for nine days: the oldest are lost, and said",
    seconds: 40,
    async play(stage) {
      await stage.listen();
      await stage.untilMade();
      await stage.pass(40);
      await stage.stop();
      await stage.away({ posts: 400, seconds: 9 * DAY_SECONDS });
      await stage.connect();
      await stage.settle();
      await stage.stop();
      const { lost = [] } = (await stage.ledger.coverage()) ?? {};
      stage.expect(lost.length > 0, "what is older than seven days is recorded as lost");
      stage.expect(stage.logged("loss_recorded"), "the loss is logged");
    },
  },
  {
    name: "a hole that grows older than seven days",
    seconds: 30,
    environment: { STREAM_FILL: "false" },
    async play(stage) {
      await stage.listen();
      await stage.pass(10);
      await stage.reconnect();
      await stage.untilMade();
      await stage.pass(40);
      await stage.stop();
      await stage.away({ posts: 100, seconds: 8 * DAY_SECONDS });
      await stage.connect({ STREAM_FILL: "true" });
      await stage.settle();
      await stage.stop();
      stage.expect(stage.logged("loss_recorded"), "the loss is logged");
    },
  },
  {
    name: "holes are kept for a later start",
    environment: { STREAM_FILL: "false" },
    async play(stage) {
      await stage.listen();
      await stage.pass(15);
      await stage.reconnect();
      await stage.pass(90);
      stage.expect(stage.asked("search/recent") === 0, "nothing is searched for");
      await stage.stop();
    },
  },
];

const slow: readonly StreamScenario[] = [
  {
    name: "Firehose is away: the buffer is full, closed on purpose",
    environment: { STREAM_BUFFER_MIB: String(BUFFER_MIB) },
    noticeSeconds: 60,
    async play(stage) {
      await stage.listen();
      stage.world.firehose.faults.schedule({ seed: 1, share: 1, faults: [{ kind: "service-unavailable" }] });
      stage.inject({ kind: "oversize-post", records: 4 });
      const { connections } = stage;
      await stage.until(() => stage.x.stream.liveCount === 0);
      stage.world.firehose.faults.clear();
      await stage.until(() => stage.connections > connections);
    },
  },
  {
    name: "Firehose refuses entries while the connection breaks",
    async play(stage) {
      const faults = [{ kind: "fail-random-entries", share: 0.5 }, { kind: "throttling" }] as const;
      stage.world.firehose.faults.schedule({ seed: 3, share: 0.4, faults });
      await stage.listen();
      await stage.pass(15);
      await stage.reconnect();
      await stage.pass(15);
    },
  },
  {
    name: "search fails while holes are filled",
    async play(stage) {
      const faults = [{ kind: "server-error" }, { kind: "truncated-body", share: 0.5 }] as const;
      stage.x.faults.enqueue(...faults, ...faults);
      await stage.listen();
      await stage.pass(15);
      await stage.reconnect();
      await stage.until(() => stage.x.faults.report().queued === 0);
    },
  },
  {
    name: "a rule that search ignores words of",
    rules: [...RULES, { value: "to sample:50", tag: "sampled" }],
    async play(stage) {
      await stage.listen();
      await stage.pass(15);
      await stage.reconnect();
    },
  },
];

export function processScenarios(): readonly StreamScenario[] {
  return [...killScenarios, ...stops, ...suspensions, ...absences, ...slow];
}
