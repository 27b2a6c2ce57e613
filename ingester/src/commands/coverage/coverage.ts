/** `ingester coverage`: what is owned of each query, which holes are left, what is lost. */
import type { OptionsOf } from "../../cli/command";
import { readStore, type StoreConfig } from "../../config/aws";
import { type BudgetConfig, readBudget } from "../../config/budget";
import { EnvReader } from "../../config/reader";
import { readSearch, readX } from "../../config/x";
import type { Claim, Coverage } from "../../ledger/coverage";
import { holesIn } from "../../ledger/coverage";
import { describeInterval, type Interval } from "../../ledger/intervals";
import { coverageOf, type Ledger, workerOf } from "../../ledger/ledger";
import { costInUsd } from "../../ledger/prices";
import { describeWorker } from "../../loop/claim";
import { ConfigError, IngesterError } from "../../loop/errors";
import type { LedgerAccess } from "../../loop/ledger-access";
import { MAX_ID } from "../../posts/ids";
import { systemClock } from "../../runtime/clock";
import { plural, usd } from "../../runtime/words";
import { XClient, type XOptions } from "../../x/client";
import { RECENT_QUERY_MAX_CHARACTERS } from "../../x/query";
import { ENDPOINTS, searchLimits } from "../../x/search/source";
import { countedRange } from "../counted-range";
import type { CommandIo } from "../io";
import { countMetered } from "../metered-counts";
import { withLedger } from "../store";
import { timeline } from "../terminal/draw";
import { describeHoles, type StreamCoverage, streamReport, streamStretches } from "./stream-coverage";
import { type Stretch, stretch } from "./stretch";

export type CoverageOptions = OptionsOf<"coverage">;

export interface QueryCoverage {
  readonly key: string;
  readonly query: string;
  /** Oldest first. */
  readonly stretches: readonly Stretch[];
  /** Of a filtered stream. */
  readonly stream?: StreamCoverage;
}

export async function coverageCommand(options: CoverageOptions, io: CommandIo): Promise<void> {
  const settings = readSettings(options, io);
  const client = settings.x && new XClient(settings.x, systemClock);
  const { store, budget } = settings;
  await withLedger({ store, cycleDay: budget.cycleDay, client }, async (access) => {
    if (options.forget !== undefined) await forget(access, options.forget);
    const ledger = await access.refresh(NEVER);
    const plain = ledger.coverage.map((coverage) => coverageReport(coverage, ledger));
    const pricer = client && new Pricer({ client, access, budget });
    const queries: QueryCoverage[] = [];
    for (const query of plain) queries.push((await pricer?.priced(query)) ?? query);
    const stopped = pricer?.stopped;
    if (options.json) io.write(`${JSON.stringify({ event: "coverage", queries, not_priced: stopped })}\n`);
    else
      io.say(describeAll(queries, io.columns()) + (stopped === undefined ? "" : `\n${notPriced(stopped)}`));
  });
}

interface Settings {
  readonly store: StoreConfig;
  readonly budget: BudgetConfig;
  /** Undefined: X is not asked. */
  readonly x: XOptions | undefined;
}

/** @throws ConfigError */
function readSettings({ price }: CoverageOptions, io: CommandIo): Settings {
  const reader = new EnvReader(io.env);
  const read = searchLimits(readSearch(reader).expansions, ENDPOINTS.recent.maxPosts);
  const budget = readBudget(reader, read, undefined);
  const settings = { store: readStore(reader), budget, x: price ? readX(reader) : undefined };
  if (reader.problems.length > 0) throw new ConfigError(reader.problems);
  return settings;
}

const NEVER = new AbortController().signal;

/** What a query owns is bought again once it is forgotten, so a living worker's is not. */
async function forget(access: LedgerAccess, key: string): Promise<void> {
  await access.once((ledger) => {
    const coverage = coverageOf(ledger, key);
    if (coverage === undefined) {
      const known = ledger.coverage.map((one) => `"${one.key}"`).join(", ") || "none";
      throw new ConfigError([`--forget: the ledger knows no coverage "${key}". It knows: ${known}.`]);
    }
    if (coverage.claims.length > 0) {
      const who = coverage.claims.map((claim) => claimant(claim, ledger)).join(" and ");
      throw new ConfigError([`--forget: "${key}" is being collected by ${who}. Stop that first.`]);
    }
    const rest = ledger.coverage.filter((one) => one !== coverage);
    return { ledger: { ...ledger, coverage: rest }, result: undefined };
  }, NEVER);
}

/** Everything from where the query began to the newest post that is owned, oldest first. */
export function coverageReport(coverage: Coverage, ledger: Ledger): QueryCoverage {
  const { key, query, owned, lost, claims, start, stream } = coverage;
  if (stream !== undefined) {
    return { key, query, stretches: streamStretches(coverage), stream: streamReport(coverage) };
  }
  const range = { after: start ?? owned[0]?.after ?? "0", through: owned.at(-1)?.through ?? "0" };
  const isEdge = ({ through }: Interval) => through === MAX_ID;
  const stretches = [
    ...owned.map((one) => stretch("owned", one)),
    ...lost.map((one) => stretch("lost", one, LOST_NOTES[one.reason])),
    ...claims
      .filter((claim) => !isEdge(claim))
      .map((claim) => stretch("claimed", claim, claimant(claim, ledger))),
    ...holesIn(coverage, range, false)
      .filter((hole) => !claims.some(({ after }) => after === hole.after))
      .map((hole) => stretch("hole", hole)),
  ];
  return { key, query, stretches: stretches.sort((a, b) => Date.parse(a.from) - Date.parse(b.from)) };
}

const LOST_NOTES = {
  search_window: "older than recent search reaches; backfill --full-archive can fill it",
  details_dropped: "partly delivered; its details are no longer kept",
} as const;

function claimant({ fence }: Claim, ledger: Ledger): string {
  const worker = workerOf(ledger, fence);
  return worker === undefined ? "a worker that is gone" : describeWorker(worker);
}

interface Pricing {
  readonly client: XClient;
  readonly access: LedgerAccess;
  readonly budget: BudgetConfig;
}

/** Counts until X or a limit refuses: what has been paid for is shown. @throws IngesterError when the first is refused */
class Pricer {
  /** Why no more is counted; undefined: everything is. */
  stopped: string | undefined;
  private isPaid = false;

  constructor(private readonly pricing: Pricing) {}

  async priced({ stretches, ...query }: QueryCoverage): Promise<QueryCoverage> {
    const priced: Stretch[] = [];
    for (const one of stretches) priced.push(await this.withPrice(one, queriesFor(query, one)));
    return { ...query, stretches: priced };
  }

  private async withPrice(one: Stretch, queries: readonly string[]): Promise<Stretch> {
    const { terms } = this.pricing.budget;
    let posts = 0;
    for (const query of queries) {
      const counted = await this.count(query, one);
      if (counted === undefined) return one;
      posts += counted;
    }
    return queries.length === 0 ? one : { ...one, posts, usd: costInUsd({ posts }, terms.prices) };
  }

  private async count(query: string, range: Stretch): Promise<number | undefined> {
    if (this.stopped !== undefined) return undefined;
    const { client, access, budget } = this.pricing;
    const question = { query, ...countedRange(range, client.now()) };
    try {
      const buckets = await countMetered(client, question, { access, terms: budget.terms, key: "coverage" });
      this.isPaid = true;
      return buckets.reduce((sum, bucket) => sum + bucket.posts, 0);
    } catch (error) {
      if (!(error instanceof IngesterError) || !this.isPaid) throw error;
      this.stopped = error.message;
      return undefined;
    }
  }
}

/** What is counted to price a stretch: of a stream's hole, the rules that are left, but for those that counts do not take. */
export function queriesFor(
  { query, stream }: Pick<QueryCoverage, "query" | "stream">,
  { state, after }: Stretch,
): readonly string[] {
  if (state === "owned" || state === "searched" || state === "claimed") return [];
  if (stream === undefined) return [query];
  const rules = stream.holes.find((hole) => hole.state === "open" && hole.after === after)?.byRule ?? [];
  return rules.flatMap((rule) => {
    const isLeft = rule.state === "waiting" || rule.state === "searching";
    const { value = "" } = rule;
    return isLeft && value !== "" && [...value].length <= RECENT_QUERY_MAX_CHARACTERS ? [value] : [];
  });
}

function notPriced(why: string): string {
  return `Stretches without a price were not counted: ${why}\n`;
}

function describeAll(queries: readonly QueryCoverage[], columns: number): string {
  if (queries.length === 0) return "The ledger knows no query yet: nothing has been collected.\n";
  return `${queries.map((query) => describe(query, columns)).join("\n\n")}\n`;
}

function describe({ key, query, stretches, stream }: QueryCoverage, columns: number): string {
  const head = key.endsWith(query) ? key : `${key}: ${query}`;
  if (stretches.length === 0) return `${head}\n  nothing delivered yet`;
  const bar = timeline(
    STATES.flatMap((drawn) => stretches.filter(({ state }) => state === drawn)).map(
      ({ state, from, to }) => ({
        mark: MARKS[state],
        fromMs: Date.parse(from),
        toMs: Date.parse(to),
      }),
    ),
    columns - 2,
  );
  const [first, last] = [stretches[0], stretches.at(-1)];
  const scale = `  ${first?.from.slice(0, 16)}Z${" ".repeat(Math.max(1, bar.length - 34))}${last?.to.slice(0, 16)}Z`;
  const legend = stream === undefined ? LEGEND : STREAM_LEGEND;
  const lines = [head, `  ${bar}`, scale, `  ${legend}`, ...stretches.map(describeStretch)];
  return [...lines, ...(stream === undefined ? [] : describeHoles(stream))].join("\n");
}

/** In the order of drawing: what is missing must be seen. */
const STATES = ["owned", "searched", "claimed", "hole", "lost"] as const;
/** Distinguishable without colour. */
const MARKS = { owned: "█", searched: "▓", claimed: "▒", hole: "·", lost: "×" } as const;
const LEGEND = "█ owned  ▒ being bought  · hole  × lost";
const STREAM_LEGEND = "█ heard  ▓ filled by search  · hole  × lost";

function describeStretch({ state, note, posts, usd: price, ...interval }: Stretch): string {
  const cost = posts === undefined ? "" : `  ${plural(posts, "post")}, ${usd(price ?? 0)}`;
  const words = note === undefined ? "" : `  (${note})`;
  return `  ${state.padEnd(8)} ${describeInterval(interval)}${cost}${words}`;
}
