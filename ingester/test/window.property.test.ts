import fc from "fast-check";
import {
  afterPage,
  afterStaleSince,
  afterStaleUntil,
  type Bounds,
  boundsOf,
  compareIds,
  type Position,
} from "../src/window";

/** What happens around one page, beside the reading itself. */
interface Turn {
  /** How many posts are made before the page is asked for. */
  readonly made: number;
  /** How many posts X puts on the page: fewer than asked, even none, is not the end. */
  readonly size: number;
  readonly crash: "no" | "before delivery" | "after delivery";
  /** How many of its oldest posts X forgets before the page is asked for. */
  readonly forgotten: number;
}

const anyTurn = fc.record<Turn>({
  made: fc.nat({ max: 7 }),
  size: fc.nat({ max: 5 }),
  crash: fc.constantFrom("no", "no", "no", "before delivery", "after delivery"),
  forgotten: fc.constant(0),
});
const anyForgetfulTurn = fc.record<Turn>({
  made: fc.nat({ max: 7 }),
  size: fc.nat({ max: 5 }),
  crash: fc.constantFrom("no", "no", "no", "before delivery", "after delivery"),
  forgotten: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 9 }) }),
});
/** Distances between neighbouring ids: wide enough that ids change their number of digits. */
const anySteps = fc.array(fc.bigInt({ min: 1n, max: 40n }), { minLength: 1, maxLength: 30 });

type Answer = { ids: readonly string[]; last: boolean } | "stale_since" | "stale_until";

/** X: posts with random ids, answered newest first from a result that is fixed when its first page is asked for. */
class Source {
  readonly ids: string[] = [];
  /** Posts up to here are forgotten. No post has this id. */
  floor = "0";
  private rest: string[] | undefined;
  private lastId = 7n;

  constructor(private readonly steps: readonly bigint[]) {}

  make(count: number): void {
    for (let i = 0; i < count; i += 1) {
      // Odd, so that the even ids between them can serve as floors.
      this.lastId += 2n * (this.steps[this.ids.length % this.steps.length] ?? 1n);
      this.ids.push(this.lastId.toString());
    }
  }

  forget(count: number): void {
    const known = this.ids.filter((id) => compareIds(id, this.floor) > 0);
    const newestForgotten = known[count - 1];
    if (newestForgotten === undefined) return;
    this.floor = (BigInt(newestForgotten) + 1n).toString();
    this.rest = undefined;
  }

  /** A reader that crashed knows no token any more. */
  dropToken(): void {
    this.rest = undefined;
  }

  read({ sinceId = "0", untilId }: Bounds, size: number): Answer {
    if (compareIds(sinceId, this.floor) < 0) return "stale_since";
    if (untilId !== undefined && compareIds(untilId, this.floor) < 0) return "stale_until";
    this.rest ??= this.ids
      .filter((id) => compareIds(id, sinceId) > 0 && (untilId === undefined || compareIds(id, untilId) < 0))
      .reverse();
    const ids = this.rest.splice(0, size);
    const last = this.rest.length === 0;
    if (last) this.rest = undefined;
    return { ids, last };
  }
}

/** The ingester reduced to what matters here: read, deliver, persist the position, and crash in between. */
class Reader {
  position: Position = { sinceId: "1", gaps: [] };
  readonly delivered: string[] = [];
  readonly reread: string[] = [];
  readonly sinceIds: string[] = ["1"];

  constructor(private readonly source: Source) {}

  /** @returns true when the page closed a window */
  turn({ size, crash }: Pick<Turn, "size" | "crash">): boolean {
    const answer = this.source.read(boundsOf(this.position), size);
    if (typeof answer === "string") {
      this.persist(
        answer === "stale_since"
          ? afterStaleSince(this.position, this.source.floor, 0)
          : afterStaleUntil(this.position, 0),
      );
      return false;
    }
    if (crash !== "before delivery") this.delivered.push(...answer.ids);
    if (crash !== "no") {
      this.reread.push(...answer.ids);
      this.source.dropToken();
      return false;
    }
    this.persist(afterPage(this.position, spanOf(answer.ids), answer.last));
    return answer.last;
  }

  /** As from the store: through JSON. */
  private persist(position: Position): void {
    this.position = JSON.parse(JSON.stringify(position));
    this.sinceIds.push(position.sinceId ?? "0");
  }
}

function spanOf(ids: readonly string[]) {
  const [newestId] = ids;
  const oldestId = ids.at(-1);
  return newestId === undefined || oldestId === undefined ? undefined : { newestId, oldestId };
}

/** Plays the turns, then reads without disturbance until two windows in a row have closed. */
function play(steps: readonly bigint[], turns: readonly Turn[]): { source: Source; reader: Reader } {
  const source = new Source(steps);
  const reader = new Reader(source);
  for (const { made, forgotten, ...turn } of turns) {
    source.make(made);
    if (forgotten > 0) source.forget(forgotten);
    reader.turn(turn);
  }
  for (let closed = 0; closed < 2; ) closed += reader.turn({ size: 5, crash: "no" }) ? 1 : 0;
  return { source, reader };
}

function countOf(ids: readonly string[], wanted: string): number {
  return ids.filter((id) => id === wanted).length;
}

describe("windows under crashes, empty pages and new posts", () => {
  it("lose no post and deliver none twice, except those of a page whose reader crashed", () => {
    fc.assert(
      fc.property(anySteps, fc.array(anyTurn, { maxLength: 40 }), (steps, turns) => {
        const { source, reader } = play(steps, turns);

        for (const id of source.ids) {
          const deliveries = countOf(reader.delivered, id);
          expect(deliveries).toBeGreaterThanOrEqual(1);
          expect(deliveries).toBeLessThanOrEqual(1 + countOf(reader.reread, id));
        }
        expect(reader.position.window).toBeUndefined();
        expect(reader.position.gaps).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("never move since_id backwards", () => {
    fc.assert(
      fc.property(anySteps, fc.array(anyForgetfulTurn, { maxLength: 40 }), (steps, turns) => {
        const { sinceIds } = play(steps, turns).reader;

        expect([...sinceIds].sort(compareIds)).toEqual(sinceIds);
      }),
      { numRuns: 200 },
    );
  });

  it("record every post that X forgot before it was read as part of a gap", () => {
    fc.assert(
      fc.property(anySteps, fc.array(anyForgetfulTurn, { maxLength: 40 }), (steps, turns) => {
        const { source, reader } = play(steps, turns);
        const delivered = new Set(reader.delivered);
        const isInGap = (id: string) =>
          reader.position.gaps.some(
            ({ afterId, beforeId }) => compareIds(afterId, id) < 0 && compareIds(id, beforeId) < 0,
          );

        expect(source.ids.filter((id) => !delivered.has(id) && !isInGap(id))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
