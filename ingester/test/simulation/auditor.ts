/** Watches a world, and says what was promised and does not hold. */
import { totalSpent } from "../../src/ledger/account";
import { cycleAt } from "../../src/ledger/billing-cycle";
import { holds } from "../../src/ledger/intervals";
import { coverageOf, type Ledger } from "../../src/ledger/ledger";
import { LEASE } from "../../src/loop/membership";
import { countedPosts, forgotten, problemOfClaims } from "../model/promises";
import type { Act } from "./scenario";
import { SEARCHED, STREAMED } from "./scenario";
import { STREAM_KEY } from "./simulated-process";
import type { SimulatedPost } from "./simulated-x";
import type { World } from "./world";

const PAGE = 100;
const DAY_MS = 86_400_000;
/** The longest standstill between booking a request and making it. */
const STRADDLE_MS = 10 * 60_000 + 1_000;
/** The slowest swap. */
const STORE_MS = 500;
/** Around the ends of a connection, the stream and search may both bring a post: edges, delays and an unwritten batch. */
const OVERLAP_MS = 45_000;

export class Auditor {
  readonly breaches: string[] = [];
  /** Pages that may be bought again: kills, suspensions, answers that got lost, deliveries that failed. */
  private pagesAgain = 0;
  private limit = Number.POSITIVE_INFINITY;
  private billedBefore = 0;
  private beganMs = 0;
  private hadLosses = false;
  /** The budget takes a repeated request for the same posts, which it is not where X's pages have no order. */
  private otherPosts = 0;
  /** A page may be asked for again: lost answers, kills, suspensions, deliveries that failed. */
  private isInterrupted = false;

  /** When workers left the ledger, by pid: by themselves, or dismissed by others. */
  private readonly goneAt = new Map<number, number>();
  private present: ReadonlySet<number> = new Set();

  constructor(private readonly world: World) {
    world.store.onSwap = (ledger) => this.inspect(ledger);
    world.onSearch = (pid) => this.checkFence(pid);
  }

  breach(what: string): void {
    if (!this.breaches.includes(what)) this.breaches.push(what);
  }

  /** @param act with the highest limit of its processes */
  begin(act: Act & { readonly limit: number }): void {
    const { clock, x, cycleDay } = this.world;
    this.limit = act.limit;
    this.beganMs = clock.nowMs;
    this.billedBefore = x.billedSince(cycleAt(clock.nowMs, cycleDay).startMs);
    for (const actor of act.actors) this.expectAgain(actor);
  }

  end(kills: number): void {
    const { clock, x, cycleDay } = this.world;
    this.pagesAgain += kills;
    this.checkCount();
    if (kills > 0) this.hadLosses = true;
    const { startMs } = cycleAt(clock.nowMs, cycleDay);
    const before = startMs > this.beganMs ? 0 : this.billedBefore;
    const billed = x.billedSince(startMs);
    if (billed > Math.max(this.limit, before) + this.otherPosts)
      this.breach(
        `${billed} posts billed in the billing cycle, ${before} before, under a limit of ${this.limit}`,
      );
  }

  /** @param actor what the process was to meet */
  ended(ending: string, { suspend }: Pick<Act["actors"][number], "suspend">): void {
    if (ending === "DismissedError" && suspend === undefined)
      this.breach("a process that never stood still was dismissed");
  }

  expectEnding(ending: string, wanted: string): void {
    if (ending !== wanted) this.breach(`a healthy process ended with "${ending}", not "${wanted}"`);
  }

  /** Once the world is healthy again. */
  conclude(): void {
    this.checkDelivery();
    this.checkCoverage();
    this.checkBoughtAgain();
    this.checkBudget();
    this.checkCount();
  }

  /** At every write of the ledger. */
  private inspect(ledger: Ledger): void {
    const pids = new Set(ledger.workers.map(({ process }) => process.pid));
    // A process whose joining was answered by nothing joins again.
    for (const pid of pids) this.goneAt.delete(pid);
    for (const pid of this.present) if (!pids.has(pid)) this.goneAt.set(pid, this.world.clock.nowMs);
    this.present = pids;
    const problem = problemOfClaims(ledger);
    if (problem !== undefined) this.breach(problem);
    this.checkForgotten(ledger);
    this.checkCounts(ledger);
    this.checkCount(ledger);
  }

  /** The price of a request for counts is booked before it is made. */
  private checkCounts({ budget }: Ledger): void {
    const { x, clock, cycleDay } = this.world;
    const { startMs } = cycleAt(clock.nowMs, cycleDay);
    // A request that was booked just before is billed in the new cycle.
    const billed = x.countsBilledAt.filter((atMs) => atMs > startMs + STRADDLE_MS).length;
    const { recentCounts = 0 } = totalSpent(budget);
    if (recentCounts < billed) this.breach(`${recentCounts} counts are spent, X bills ${billed}`);
  }

  private checkForgotten(ledger: Ledger): void {
    const { bucket, x } = this.world;
    const delivered = new Set(bucket);
    for (const [key, query] of [
      ...SEARCHED.map((name) => [name, name]),
      [STREAM_KEY, STREAMED[0]],
    ] as const) {
      const billed = x.posts
        .filter((post) => post.query === query && x.reads.has(post.id))
        .map(({ id }) => id);
      if (forgotten(ledger, key ?? "", { billed, delivered }).length > 0)
        this.breach(`a post of ${key} is billed, not delivered, and in no hole`);
    }
  }

  /** Nothing may be bought by a worker that has not been known to live for a beat. */
  private checkFence(pid: number): void {
    const goneAt = this.goneAt.get(pid);
    if (goneAt !== undefined && this.world.clock.nowMs - goneAt > LEASE.beatMs + STORE_MS)
      this.breach("a worker that was dismissed goes on buying");
  }

  private expectAgain({ command, kill, faults, deliveryFaults, suspend }: Act["actors"][number]): void {
    if (command === "estimate") return;
    const count = (kinds: readonly string[], met: readonly (string | undefined)[]) =>
      met.filter((fault) => fault !== undefined && kinds.includes(fault)).length;
    const failed = count(["partly", "refused"], deliveryFaults);
    const lost = count(["lost"], faults);
    const unsorted = count(["unsorted"], faults);
    this.otherPosts += unsorted * PAGE;
    const isInterrupted = failed + lost > 0 || suspend !== undefined || kill !== undefined;
    if (isInterrupted && command !== "stream") this.isInterrupted = true;
    if (failed + lost > 0 || suspend !== undefined) this.hadLosses = true;
    // A lost answer is asked for again, and may have ended on a page that is not full.
    this.pagesAgain +=
      failed + 2 * lost + count(["ignored token"], faults) + 2 * unsorted + (suspend === undefined ? 0 : 1);
  }

  /** Billed, and neither delivered nor recorded as lost: an answer can be older than X's window when it is asked again. */
  private checkDelivery(): void {
    const { bucket, x, ledger } = this.world;
    const delivered = new Set(bucket);
    const isLost = (id: string) => ledger?.coverage.some(({ lost }) => holds(lost, id)) === true;
    const missing = [...x.returnedIds].filter((id) => !delivered.has(id) && !isLost(id));
    if (missing.length > 0) this.breach(`${missing.length} posts were billed and not delivered`);
  }

  /** What is owned has been delivered, and what has been delivered is owned. */
  private checkCoverage(): void {
    const { bucket, x, ledger } = this.world;
    const delivered = new Set(bucket);
    if (ledger === undefined) return;
    for (const [key, query] of [
      ...SEARCHED.map((name) => [name, name]),
      [STREAM_KEY, STREAMED[0]],
    ] as const) {
      const { owned = [], lost = [], claims = [], stream } = coverageOf(ledger, key ?? "") ?? {};
      const posts = x.posts.filter((post) => post.query === query);
      const absent = posts.filter(({ id }) => holds(owned, id) && !delivered.has(id) && !holds(lost, id));
      if (absent.length > 0) this.breach(`${absent.length} posts of ${key} are owned and not delivered`);
      const unowned = posts.filter(({ id }) => delivered.has(id) && !holds(owned, id) && !holds(lost, id));
      if (key !== STREAM_KEY && unowned.length > 0)
        this.breach(`${unowned.length} posts of ${key} are delivered and not owned`);
      if (claims.length > 0) this.breach(`${claims.length} claims of ${key} are left`);
      if (stream !== undefined && stream.holes.length > 0)
        this.breach(`${stream.holes.length} holes of the stream are left`);
    }
  }

  private checkBoughtAgain(): void {
    const { x } = this.world;
    const edges = x.stream.connections.flatMap(({ openedMs, lastByteMs }) => [openedMs, lastByteMs]);
    let searched = 0;
    let streamed = 0;
    for (const { id, madeMs, query } of x.posts) {
      const again = (x.reads.get(id) ?? 1) - 1;
      if ((SEARCHED as readonly string[]).includes(query)) searched += again;
      else if (!edges.some((edge) => Math.abs(edge - madeMs) <= OVERLAP_MS)) streamed += again;
    }
    if (searched > this.pagesAgain * PAGE)
      this.breach(`${searched} posts were bought again, ${this.pagesAgain} pages at most were to be`);
    if (streamed > 0 && this.pagesAgain === 0)
      this.breach(`${streamed} posts of the stream were bought again, away from every end of a connection`);
  }

  /** What got lost may be counted too high, until it is read again; once its day is over, it stays at risk. */
  private checkBudget(): void {
    const { ledger, x, clock, cycleDay } = this.world;
    if (ledger === undefined) return;
    const { reservations, risks } = ledger.budget;
    if (reservations.length > 0) this.breach(`${reservations.length} reservations are left`);
    const isOfToday = ({ atMs }: { readonly atMs: number }) =>
      Math.floor(atMs / DAY_MS) === Math.floor(clock.nowMs / DAY_MS);
    const stays = risks.filter((risk) => !isOfToday(risk)).map(({ amounts }) => amounts.posts ?? 0);
    const settled = totalSpent(ledger.budget).posts ?? 0;
    const spent = stays.reduce((sum, posts) => sum + posts, settled);
    const billed = x.billedSince(cycleAt(clock.nowMs, cycleDay).startMs);
    if (!this.hadLosses && spent < billed) this.breach(`${spent} posts are spent, X bills ${billed}`);
  }

  /** The budget never counts less than X bills. */
  private checkCount(ledger = this.world.ledger): void {
    const { x, clock, cycleDay } = this.world;
    if (ledger === undefined) return;
    const counted = countedPosts(ledger, clock.nowMs);
    const billed = x.billedSince(cycleAt(clock.nowMs, cycleDay).startMs);
    if (counted + this.otherPosts + this.youngPosts < billed)
      this.breach(`the budget counts ${counted} posts of this billing cycle, X bills ${billed}`);
  }

  /**
   * An answer that got lost and reached into the newest minute counts once, although search can have found other posts
   * when it is asked for again: docs/promises.md.
   */
  private get youngPosts(): number {
    if (!this.isInterrupted) return 0;
    const { posts, openSearches } = this.world.x;
    const isYoung = ({ query, foundMs }: SimulatedPost) =>
      openSearches.some((at) => at.query === query && foundMs > at.atMs);
    return Math.min(PAGE, posts.filter(isYoung).length);
  }
}
