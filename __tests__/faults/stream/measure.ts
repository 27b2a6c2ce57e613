/** Reads what a stream has done from X's account, the endpoint, the bucket and the ledger. */
import type { DeliveredIds } from "../../../local/delivered-ids";
import { PostGenerator } from "../../../local/x-simulator/posts/post-generator";
import { Matching } from "../../../local/x-simulator/query/matching";
import { timeOfId } from "../../../local/x-simulator/snowflake";
import { countDamaged } from "../lines";
import type { StreamScenario } from "./scenario";
import type { RulesInForce, StreamStage } from "./stage";
import type { StreamMeasures } from "./verdict";

/** As documented: a hole begins so long before the last byte, and ends so long after the next connection. */
const EDGE_MS = 10_000;
/** X dates its answers in whole seconds, and each end notes a connection at a moment of its own. */
const CLOCKS_MS = 3_000;
/** The end of a silent connection is noticed so late; without a post, a byte comes every 20 s. */
const NOTICE_SECONDS = 25;
const CONNECT_WINDOW_MS = 15 * 60_000;
const SEED = 1;

interface Piece {
  readonly after: bigint;
  readonly through: bigint;
}

export async function measureStream(stage: StreamStage, scenario: StreamScenario): Promise<StreamMeasures> {
  const { world, x } = stage;
  const delivered = await world.delivered();
  const coverage = await stage.ledger.coverage();
  const { holes = [], bySearch = [] } = coverage?.stream ?? {};
  const skipped = bySearch.filter((hole) => hole.skipped > 0);
  const reported = [...holes, ...skipped, ...(coverage?.lost ?? [])].map(pieceOf);
  const known = [...reported, ...bySearch.map(pieceOf)];
  const bill = x.ledger.report();
  const repeated = [...x.ledger.repeated().keys()].map((index) => x.timeline.idAt(index));
  return {
    lost: [...x.billedIds()].filter((id) => !delivered.has(id) && !isWithin(reported, id)).length,
    unexplained: countUnexplained(stage, scenario, {
      delivered,
      reported,
      start: BigInt(coverage?.start ?? 0),
    }),
    damagedLines: await countDamaged(world, scenario.x?.seed ?? SEED),
    reRead: bill.posts - bill.distinctPosts,
    reReadOutside: Math.max(0, repeated.filter((id) => !isWithin(known, id)).length - stage.sentTwice),
    wideHoles: countWide(known, stage, (scenario.noticeSeconds ?? NOTICE_SECONDS) * 1_000),
    // A connection that broke after the last post was made has left nothing to be found.
    openHoles: holes.filter(({ after }) => timeOfId(BigInt(after)) < x.timeline.endMs).length,
    filledHoles: bySearch.length,
    duplicates: delivered.total - delivered.distinct,
    duplicatesOutside: delivered.repeated().filter((id) => !isWithin(known, id)).length,
    unacknowledgedLines: world.firehose.stats.unacknowledgedLines,
    starts: stage.starts,
    connects: mostInWindow(stage.connectTimes),
  };
}

function pieceOf({ after, through }: { readonly after: string; readonly through: string }): Piece {
  return { after: BigInt(after), through: BigInt(through) };
}

function isWithin(pieces: readonly Piece[], id: bigint): boolean {
  return pieces.some(({ after, through }) => id > after && id <= through);
}

/** Posts made since the stream's start that its rules match, and that are nowhere. */
function countUnexplained(
  { x, rulesInForce }: StreamStage,
  scenario: StreamScenario,
  {
    delivered,
    reported,
    start,
  }: { readonly delivered: DeliveredIds; readonly reported: readonly Piece[]; readonly start: bigint },
): number {
  const generator = new PostGenerator(scenario.x?.seed ?? SEED, x.timeline, scenario.x?.repostShare ?? 0);
  const matching = new Matching(scenario.x?.matching ?? "query", generator);
  const matches = (index: number, { rules }: RulesInForce) =>
    rules.some(({ value }) => matching.testOf(value, "search")(index));
  let unexplained = 0;
  for (let index = 0; index < x.timeline.size; index += 1) {
    const id = x.timeline.idAt(index);
    const isExpected =
      id > start && rulesAt(rulesInForce, timeOfId(id)).every((rules) => matches(index, rules));
    if (isExpected && !delivered.has(id) && !isWithin(reported, id)) unexplained += 1;
  }
  return unexplained;
}

/** After a change there is an edge in which either set can miss a post. */
function rulesAt(changes: readonly RulesInForce[], ms: number): readonly RulesInForce[] {
  const at = Math.max(
    0,
    changes.findLastIndex(({ fromMs }) => fromMs <= ms),
  );
  const { fromMs = 0 } = changes[at] ?? {};
  return changes.slice(at > 0 && ms < fromMs + EDGE_MS + CLOCKS_MS ? at - 1 : at, at + 1);
}

/** Holes that reach further than the disconnections that X has seen, and their documented edges. */
function countWide(known: readonly Piece[], { x, clock }: StreamStage, noticeMs: number): number {
  const seen = x.stream.connections.list().toReversed();
  const gaps = [...seen, undefined].map((next, at) => ({
    fromMs: (at === 0 ? 0 : (seen[at - 1]?.disconnectedMs ?? clock.now())) - EDGE_MS - CLOCKS_MS - noticeMs,
    toMs: (next?.connectedMs ?? clock.now()) + EDGE_MS + CLOCKS_MS,
  }));
  const isOutside = (id: bigint) =>
    !gaps.some(({ fromMs, toMs }) => timeOfId(id) >= fromMs && timeOfId(id) <= toMs);
  return known.filter(({ after, through }) => isOutside(after) || isOutside(through)).length;
}

function mostInWindow(times: readonly number[]): number {
  const counts = times.map(
    (from) => times.filter((at) => at >= from && at < from + CONNECT_WINDOW_MS).length,
  );
  return Math.max(0, ...counts);
}
