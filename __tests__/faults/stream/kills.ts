/** Processes that listen, killed in each state. */
import { nthRequest } from "../moments";
import type { StreamScenario } from "./scenario";
import type { StreamStage } from "./stage";

export const killScenarios: readonly StreamScenario[] = [
  {
    name: "kill -9, connected",
    async play(stage) {
      await stage.listen();
      await stage.pass(20);
      await stage.kill();
      await stage.pass(10);
    },
  },
  {
    name: "kill -9, while it reconnects",
    async play(stage) {
      await stage.listen();
      await stage.pass(15);
      stage.x.stream.faults.enqueue({ kind: "server-error" }, { kind: "server-error" });
      stage.inject({ kind: "abort" });
      await stage.until(() => stage.x.stream.faults.report().queued === 0);
      await stage.kill();
    },
  },
  {
    name: "kill -9, while it fills",
    async play(stage) {
      await stage.listen();
      await stage.pass(15);
      await stage.reconnect();
      await nthRequest(stage.x.faults, 1);
      await stage.kill();
    },
  },
  {
    name: "kill -9, in the middle of the second rule's search",
    async play(stage) {
      await stage.listen();
      await stage.pass(15);
      await stage.reconnect();
      await nthRequest(stage.x.faults, 2);
      await stage.pass(0.5);
      await stage.kill();
    },
  },
  ...[0, 2, 10, 30].map(
    (ms): StreamScenario => ({
      name: `kill -9, ${ms} ms after Firehose was asked`,
      async play(stage) {
        await stage.listen();
        await stage.pass(15);
        await nthRequest(stage.world.firehose.faults, 1);
        await new Promise((done) => setTimeout(done, ms));
        await stage.kill();
      },
    }),
  ),
  {
    name: "kill -9, while Firehose holds a batch",
    // What was heard meanwhile has not been written down.
    noticeSeconds: 60,
    async play(stage) {
      await killWithBatch(stage);
    },
  },
  {
    name: "kill -9, while Firehose holds a batch of a rule that search skips",
    noticeSeconds: 60,
    rules: [{ value: "the sample:50", tag: "the" }],
    async play(stage) {
      await killWithBatch(stage);
      stage.start();
      await stage.settle();
      const { billedPosts } = stage.x.ledger.report();
      const counted = await stage.ledger.counted();
      stage.expect(counted >= billedPosts, `the budget counts ${counted} posts, X bills ${billedPosts}`);
    },
  },
  {
    name: "kill -9, three times",
    async play(stage) {
      for (const seconds of [8, 12, 16]) {
        await stage.listen();
        await stage.pass(seconds);
        await stage.kill();
      }
    },
  },
];

/** Firehose takes nothing, and what has come is billed and not delivered when the process is killed. */
async function killWithBatch(stage: StreamStage): Promise<void> {
  await stage.listen();
  await stage.pass(10);
  stage.world.firehose.faults.schedule({ seed: 1, share: 1, faults: [{ kind: "service-unavailable" }] });
  await stage.pass(20);
  await stage.kill();
  stage.world.firehose.faults.clear();
}
