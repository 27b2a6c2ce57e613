/** Every way in which Firehose fails a delivery, one at a time. */
import type { FirehoseFault } from "../../local/firehose/faults";
import { CredentialsFile } from "../ingest/credential-sources";
import type { Environment } from "../ingest/world";
import type { Scenario } from "./scenario";
import type { Stage } from "./stage";

const POSTS = 600;
const none: FirehoseFault = { kind: "none" };

interface Row {
  readonly name: string;
  readonly faults: readonly FirehoseFault[];
  readonly environment?: Environment;
}

/** The first page, one in the middle, and two attempts in a row meet it. */
function scattered(fault: FirehoseFault): readonly FirehoseFault[] {
  return [fault, none, none, fault, fault, none];
}

const ROWS: readonly Row[] = [
  { name: "entry refused, ServiceUnavailable", faults: scattered({ kind: "fail-entries", entries: [0] }) },
  {
    name: "entry refused, InternalFailure",
    faults: scattered({ kind: "fail-entries", entries: [0], code: "InternalFailure" }),
  },
  { name: "request refused, ServiceUnavailable", faults: scattered({ kind: "service-unavailable" }) },
  { name: "request refused, InternalFailure", faults: scattered({ kind: "internal-failure" }) },
  { name: "throttled", faults: scattered({ kind: "throttling" }) },
  {
    name: "access denied, for a moment",
    faults: [none, { kind: "access-denied" }, { kind: "access-denied" }],
  },
  {
    name: "session expired, for a moment",
    faults: [none, { kind: "expired-token" }, { kind: "expired-token" }],
  },
  {
    name: "unknown key, for a moment",
    faults: [none, { kind: "unrecognized-client" }, { kind: "unrecognized-client" }],
  },
  {
    name: "the stream's key refused, for a moment",
    faults: [none, { kind: "invalid-kms-resource" }, { kind: "invalid-kms-resource" }],
  },
  { name: "reset before anything is taken", faults: scattered({ kind: "reset-before-accept" }) },
  { name: "reset after everything is taken", faults: scattered({ kind: "reset-after-accept" }) },
  { name: "500 after everything is taken", faults: scattered({ kind: "internal-failure-after-accept" }) },
  // The SDK's request time-out is 30 s.
  { name: "no answer, nothing taken", faults: [none, { kind: "hang-before-accept" }] },
  { name: "no answer, everything taken", faults: [none, { kind: "hang-after-accept" }] },
];

const single: readonly Scenario[] = ROWS.map(({ name, faults, environment }) => ({
  name: `Firehose: ${name}`,
  idle: true,
  x: { posts: POSTS },
  limits: { posts: 450 },
  ...(environment === undefined ? {} : { environment }),
  async play(stage) {
    stage.world.firehose.faults.enqueue(...faults);
    await stage.runTo(0);
    const { queued } = stage.world.firehose.faults.report();
    stage.expect(queued === 0, `every fault has been met, ${queued} have not`);
  },
}));

/** Faults that do not end while the scenario lasts. */
const lasting: readonly Scenario[] = [
  {
    name: "Firehose: access denied, for good",
    idle: true,
    x: { posts: POSTS },
    limits: { posts: 450 },
    async play(stage) {
      stage.world.firehose.faults.enqueue(none, none);
      refuseEverything(stage, "access-denied");
      await stage.runTo(3);
      stage.crashes += 1;
      stage.kills += 1;
      stage.expect(stage.world.x.ledger.report().posts === 300, "reading stops with the page in hand");
    },
  },
  {
    name: "Firehose: unavailable beyond the shutdown deadline",
    idle: true,
    x: { posts: POSTS },
    environment: { SHUTDOWN_SECONDS: "2" },
    async play(stage) {
      refuseEverything(stage, "service-unavailable");
      const { child, finished } = stage.start();
      await stage.until(() => stage.world.x.ledger.report().posts > 0);
      child.kill("SIGTERM");
      const { code } = await finished;
      stage.crashes += 1;
      stage.expect(code === 1, `gives up with exit code 1, not ${code}`);
      stage.expect(stage.world.x.ledger.report().posts === 100, "reading stops with the page in hand");
    },
  },
  {
    name: "Firehose: the session expires in the middle of a page",
    idle: true,
    x: { posts: POSTS },
    async play(stage) {
      const { firehose, x } = stage.world;
      const file = new CredentialsFile("OLD");
      // The rate bounds a batch, too: the large post travels alone, and the rest of its page a second and a half later.
      x.faults.enqueue({ kind: "none" }, { kind: "oversize-post", bytes: 300_000 });
      const running = stage.start({ ...file.environment, FIREHOSE_MAX_BYTES_PER_SECOND: "200000" });
      await stage.until(() => firehose.stats.lines === 101);
      firehose.access.expiredKeys = ["OLD"];
      await stage.until(() => firehose.stats.refusedRequests > 1);
      stage.expect(x.ledger.report().posts === 200, "nothing is bought while the page waits");
      file.write("NEW");
      const { code } = await running.finished;
      stage.expect(code === 0, `goes on with the new credentials, and ends with exit code 0, not ${code}`);
      firehose.access.expiredKeys = [];
      file.remove();
    },
  },
  {
    name: "Firehose: this machine's clock is an hour off",
    idle: true,
    x: { posts: POSTS },
    async play(stage) {
      stage.world.firehose.access.clockOffsetMs = -3_600_000;
      await stage.runTo(0);
      stage.world.firehose.access.clockOffsetMs = 0;
    },
  },
  {
    name: "Firehose: an oversize post among refused entries",
    idle: true,
    x: { posts: POSTS },
    async play(stage) {
      stage.world.x.faults.enqueue({ kind: "none" }, { kind: "oversize-post", bytes: 5_000_000 });
      stage.world.firehose.faults.schedule({
        seed: 5,
        share: 0.5,
        faults: [{ kind: "fail-random-entries", share: 0.5 }],
      });
      await stage.runTo(0);
    },
  },
];

function refuseEverything(stage: Stage, kind: "access-denied" | "service-unavailable"): void {
  stage.world.firehose.faults.schedule({ seed: 1, share: 1, faults: [{ kind }] });
}

export function firehoseFaultScenarios(): readonly Scenario[] {
  return [...single, ...lasting];
}
