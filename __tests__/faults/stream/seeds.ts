/** Seeds of random disconnections, kills, stops, stalls, ghosts and refusals, half of them under a limit. */
import type { FirehoseFault } from "../../../local/firehose/faults";
import { randomSequence } from "../../../local/support/random";
import type { XFault } from "../../../local/x-simulator/faults/kinds";
import type { InStreamFault, StreamFault } from "../../../local/x-simulator/stream/fault-kinds";
import type { StreamScenario } from "./scenario";
import type { StreamStage } from "./stage";

const IN_STREAM: readonly InStreamFault[] = [
  { kind: "abort" },
  { kind: "abort", reset: true },
  { kind: "close" },
  { kind: "silence" },
  { kind: "ghost" },
  { kind: "ghost", lingerMs: 20_000 },
  { kind: "operational-disconnect", spelling: "upstream" },
  { kind: "operational-disconnect", spelling: "older" },
  { kind: "stream-error", closes: true },
  { kind: "duplicate", records: 5 },
  { kind: "split-bytes", records: 3 },
  { kind: "bare-newlines", records: 5 },
  { kind: "unknown-message" },
  { kind: "burst", heldMs: 5_000 },
];
const CONNECT: readonly StreamFault[] = [
  { kind: "server-error" },
  { kind: "rate-limit-window", resetSeconds: 5 },
  { kind: "too-many-connections" },
  { kind: "reset" },
  { kind: "close" },
  { kind: "non-json", status: 503 },
  { kind: "empty-body" },
  { kind: "hang" },
  { kind: "no-rules" },
];
const SEARCH: readonly XFault[] = [
  { kind: "server-error" },
  { kind: "truncated-body", share: 0.6 },
  { kind: "short-page", count: 7 },
  { kind: "expired-token" },
  { kind: "empty-page" },
];
const FIREHOSE: readonly FirehoseFault[] = [
  { kind: "service-unavailable" },
  { kind: "throttling" },
  { kind: "fail-random-entries", share: 0.5 },
  { kind: "reset-before-accept" },
  { kind: "reset-after-accept" },
  { kind: "internal-failure-after-accept" },
];

type Act =
  | { readonly do: "kill" | "stop"; readonly awaySeconds: number }
  | { readonly do: "disturb"; readonly fault: InStreamFault; readonly refusals: readonly StreamFault[] };

/** What a seed decides. */
interface SeedPlan {
  readonly posts: number | undefined;
  readonly postsPerSecond: number;
  readonly searchShare: number;
  readonly firehoseShare: number;
  readonly acts: readonly (Act & { readonly afterSeconds: number })[];
}

/** Each seed with either store. */
export function seedScenarios(count: number): readonly StreamScenario[] {
  return Array.from({ length: count }, (_, index) => seedScenario(index + 1));
}

function seedScenario(seed: number): StreamScenario {
  const plan = planOf(seed);
  const { posts, postsPerSecond } = plan;
  return {
    name: `seed ${String(seed).padStart(3, "0")}`,
    seconds: 60,
    postsPerSecond,
    x: { seed },
    ...(posts !== undefined && { limits: { posts } }),
    // A batch that Firehose refuses for a while is written down late.
    noticeSeconds: plan.firehoseShare > 0 ? 60 : 30,
    play: (stage) => playSeed(stage, seed, plan),
  };
}

async function playSeed(
  stage: StreamStage,
  seed: number,
  { searchShare, firehoseShare, acts }: SeedPlan,
): Promise<void> {
  const { x, firehose } = stage.world;
  if (searchShare > 0) x.faults.schedule({ seed, share: searchShare, faults: SEARCH });
  if (firehoseShare > 0) firehose.faults.schedule({ seed, share: firehoseShare, faults: FIREHOSE });
  await stage.listen();
  for (const act of acts) {
    await stage.pass(act.afterSeconds);
    if (act.do === "disturb") {
      x.stream.faults.enqueue(...act.refusals);
      stage.inject(act.fault);
    } else {
      if (act.do === "kill") await stage.kill();
      else await stage.stop();
      await stage.pass(act.awaySeconds);
      stage.start();
    }
  }
}

function planOf(seed: number): SeedPlan {
  const random = randomSequence(5_000 + seed);
  const between = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
  const share = (chance: number) => (random() < chance ? 0.05 + random() * 0.3 : 0);
  const oneOf = <T>(list: readonly T[]): T => list[between(0, list.length - 1)] as T;
  const fault = (): InStreamFault =>
    random() < 0.2 ? { kind: "cut-record", atByte: between(1, 1_200) } : oneOf(IN_STREAM);
  const act = (): Act => {
    const kind = random();
    if (kind < 0.25) return { do: "kill", awaySeconds: between(0, 20) };
    if (kind < 0.35) return { do: "stop", awaySeconds: between(0, 20) };
    return { do: "disturb", fault: fault(), refusals: random() < 0.4 ? [oneOf(CONNECT)] : [] };
  };
  return {
    posts: random() < 0.5 ? between(60, 200) : undefined,
    postsPerSecond: between(4, 14),
    searchShare: share(0.3),
    firehoseShare: share(0.3),
    acts: Array.from({ length: between(2, 5) }, () => ({ ...act(), afterSeconds: between(8, 22) })),
  };
}
