/** X and Firehose fail together, at random, for a whole run with a limit. */
import type { FirehoseFault } from "../../local/firehose/faults";
import { randomSequence } from "../../local/support/random";
import type { XFault } from "../../local/x-simulator/faults/kinds";
import type { Scenario } from "./scenario";

const SEEDS = 24;
const MORE_THAN_A_DAY_MS = 25 * 3_600_000;

const X_FAULTS: readonly XFault[] = [
  { kind: "rate-limit-window", resetSeconds: 1 },
  { kind: "server-error", status: 500 },
  { kind: "server-error", status: 502 },
  { kind: "non-json", status: 200 },
  { kind: "non-json", status: 503 },
  { kind: "non-json", status: 403 },
  { kind: "empty-body", status: 401 },
  { kind: "redirect" },
  { kind: "unauthorized" },
  { kind: "compressed", encoding: "br" },
  { kind: "stale-since-id" },
  { kind: "expired-token" },
  { kind: "rejected-parameter" },
  { kind: "reset" },
  { kind: "truncated-body", share: 0.3 },
  { kind: "stalled-body" },
  { kind: "hang" },
  { kind: "slow", milliseconds: 200 },
  { kind: "split-utf8" },
  { kind: "empty-page" },
  { kind: "short-page", count: 23 },
  { kind: "partial-errors" },
  { kind: "oversize-post" },
];

const FIREHOSE_FAULTS: readonly FirehoseFault[] = [
  { kind: "fail-entries", entries: [0] },
  { kind: "fail-random-entries", share: 0.5 },
  { kind: "service-unavailable" },
  { kind: "internal-failure" },
  { kind: "throttling" },
  { kind: "access-denied" },
  { kind: "reset-before-accept" },
  { kind: "reset-after-accept" },
  { kind: "internal-failure-after-accept" },
];

export function mixtureScenarios(): readonly Scenario[] {
  return Array.from({ length: SEEDS }, (_, index) => mixture(index + 1));
}

function mixture(seed: number): Scenario {
  const random = randomSequence(1_000 + seed);
  const posts = 300 + Math.floor(random() * 500);
  const limit = 150 + Math.floor(random() * posts);
  const limits = seed % 3 === 0 ? {} : seed % 3 === 1 ? { posts: limit } : { usd: limit / 200 };
  const [xShare, firehoseShare] = [0.1 + random() * 0.25, 0.1 + random() * 0.4];
  return {
    name: `mixture of X's and Firehose's faults, seed ${String(seed).padStart(3, "0")}`,
    idle: true,
    x: { posts, seed },
    limits,
    // Older than every post: a since_id that X can call stale.
    environment: {
      X_REQUEST_TIMEOUT_SECONDS: "4",
      SEARCH_START: new Date(Date.now() - MORE_THAN_A_DAY_MS).toISOString(),
    },
    async play(stage) {
      stage.world.x.faults.schedule({ seed, share: xShare, faults: X_FAULTS });
      stage.world.firehose.faults.schedule({ seed, share: firehoseShare, faults: FIREHOSE_FAULTS });
      await stage.runUntilDone();
    },
  };
}
