/** `ingester backfill`: fills the holes of a time range, and of nothing else. */
import type { OptionsOf } from "../../cli/command";
import { type IngesterConfig, loadConfig } from "../../config/config";
import { holesIn, type Target } from "../../ledger/coverage";
import { describeInterval, type Interval, type Intervals } from "../../ledger/intervals";
import { coverageFor, type Ledger } from "../../ledger/ledger";
import { type Amounts, costInUsd, plus } from "../../ledger/prices";
import type { Outcome } from "../../loop/buy";
import { describeWorker, type Held } from "../../loop/claim";
import { collect } from "../../loop/collect";
import { ConfigError } from "../../loop/errors";
import type { CollectEvent } from "../../loop/events";
import { RECENT_SEARCH_MS } from "../../loop/task";
import { lastIdBefore, timeOfId } from "../../posts/ids";
import { systemClock } from "../../runtime/clock";
import { duration, plural, usd } from "../../runtime/words";
import { EDGE_MS } from "../counted-range";
import type { CommandIo } from "../io";
import { warnAboutMoney } from "../run";
import { type Session, withSession } from "../session";
import { progressBar } from "../terminal/draw";
import { humanOutput } from "../terminal/human-log";
import { LiveLine } from "../terminal/live-line";
import { isConfirmed, priceOf } from "./confirm";
import { FillProgress } from "./fill-progress";
import { describePrice, type Price } from "./priced-holes";

export type BackfillOptions = OptionsOf<"backfill">;

/** What a backfill has done, for people and for machines. */
export interface BackfillReport {
  readonly event: "backfill";
  /** `left_to_others`: complete but for what living workers are buying. */
  readonly outcome: Outcome | "already_complete" | "left_to_others";
  /** Percent of the time range that is delivered, 0 to 100. */
  readonly percent: number;
  /** Of this run. */
  readonly posts: number;
  /** Of this run: what X bills for it. */
  readonly usd: number;
  /** What other workers are buying of the range. */
  readonly left: readonly {
    readonly query: string;
    readonly ranges: readonly string[];
    readonly workers: readonly string[];
  }[];
}

export async function backfillCommand(options: BackfillOptions, io: CommandIo): Promise<void> {
  const config = loadBackfillConfig(options, io);
  const { caps, fullArchive: archive } = options;
  const range = { after: lastIdBefore(options.fromMs), through: lastIdBefore(options.toMs) };
  const goal = { type: "range", range, archive } as const;
  const purchase = { config, caps, goal, command: "backfill" };
  const human = io.isTty && !options.json;
  if (options.dryRun) return showPrice(await priceOf(purchase), io, options.json);
  if (human && !(await isConfirmed(purchase, io, options.yes))) return io.say("Nothing was bought.\n");
  const progress = new Progress(config, { range, archive }, io.columns);
  const line = new LiveLine(io, () => progress.parts());
  const setup = {
    config: human ? { ...config, logLevel: quieter(config.logLevel) } : config,
    command: `backfill ${describeInterval(range)}`,
    ...{ caps, goal, io },
    once: true,
    observe: progress.observe,
    ...(human ? { logTo: humanOutput(line.say) } : {}),
  };
  try {
    const report = await withSession(setup, async (session) => {
      warnAboutMoney(config, (fields) => session.logger.warn(fields));
      progress.watch(() => session.ports.membership.ledger);
      if (human) line.start();
      return fill(session, { config, progress });
    });
    line.stop();
    if (report === undefined) return;
    if (human) io.say(`${describe(report)}\n`);
    else io.write(`${JSON.stringify(report)}\n`);
  } finally {
    line.stop();
  }
}

function showPrice(price: Price, io: CommandIo, json: boolean): void {
  if (json) io.write(`${JSON.stringify(priceReport(price))}\n`);
  else io.say(describePrice(price));
}

function priceReport(price: Price): object {
  const holes = price.holes.map(({ key, interval, posts, usd: dollars }) => ({
    ...{ query: key, after: interval.after, through: interval.through },
    from: new Date(timeOfId(interval.after)).toISOString(),
    to: new Date(timeOfId(interval.through)).toISOString(),
    ...{ posts, usd: dollars },
  }));
  const { posts, usd: dollars, mostUsd: most_usd, requestUsd: request_usd } = price;
  return { event: "dry_run", holes, posts, usd: dollars, most_usd, request_usd };
}

async function fill(
  { ports, tasks, signals, held }: Session,
  { config, progress }: { readonly config: IngesterConfig; readonly progress: Progress },
): Promise<BackfillReport> {
  const isComplete = progress.open().length === 0;
  const { terms } = config.budget;
  const outcome = await collect(ports, {
    ...{ tasks, terms, once: true, stop: signals.stop, abort: signals.abort },
  });
  return progress.report(isComplete ? "already_complete" : outcome, held);
}

function loadBackfillConfig(
  { fullArchive, fromMs, caps }: BackfillOptions,
  { env }: CommandIo,
): IngesterConfig {
  const config = loadConfig(env, { fullArchive, caps });
  if (config.source.mode === "stream") {
    throw new ConfigError([
      "INGEST_MODE is stream, and backfill searches. Set INGEST_MODE=search with SEARCH_QUERY for this command.",
    ]);
  }
  // An age such as 7d was subtracted from the time at which the command line was read.
  if (fullArchive || fromMs >= Date.now() - RECENT_SEARCH_MS - EDGE_MS) return config;
  const got = new Date(fromMs).toISOString();
  throw new ConfigError([
    `--from lies more than 7 days back, where recent search ends, got ${got}. Add --full-archive.`,
  ]);
}

function quieter(level: IngesterConfig["logLevel"]): IngesterConfig["logLevel"] {
  return level === "info" ? "warn" : level;
}

/** How much of a range is filled, by the time that ids carry: a percentage that costs no request. */
class Progress {
  private billed: Amounts = {};
  private waitsUntilMs: number | undefined;
  private ledger: (() => Ledger) | undefined;
  private readonly fill = new FillProgress(
    () => this.open(),
    () => this.usd(),
    systemClock.elapsed,
  );

  constructor(
    private readonly config: IngesterConfig,
    private readonly target: Target,
    private readonly columns: () => number,
  ) {}

  watch(ledger: () => Ledger): void {
    this.ledger = ledger;
  }

  readonly observe = (event: CollectEvent): void => {
    if (event.type === "source_waiting") this.waitsUntilMs = event.untilMs;
    if (event.type !== "page_read") return;
    this.waitsUntilMs = undefined;
    this.billed = plus(this.billed, event.page.billed);
  };

  /** For the last line of a terminal, the most important first. */
  parts(): readonly string[] {
    const posts = this.billed.posts ?? 0;
    const waitMs = (this.waitsUntilMs ?? 0) - systemClock.now();
    return [
      progressBar(this.fraction(), this.columns()),
      waitMs > 0 ? `waits ${duration(waitMs)}` : "",
      plural(posts, "post"),
      usd(this.usd()),
      waitMs > 0 ? "" : (this.fill.outlook() ?? ""),
    ];
  }

  /** What is left of the range, of all queries. */
  open(): Intervals {
    const ledger = this.ledger?.();
    const { range, archive } = this.target;
    if (ledger === undefined) return [range];
    return this.config.queries.flatMap(({ key, query }) =>
      holesIn(coverageFor(ledger, key, query), range, archive),
    );
  }

  report(outcome: BackfillReport["outcome"], held: readonly Held[]): BackfillReport {
    const isWhole = outcome === "caught_up" || outcome === "already_complete";
    const left = held.map(({ task, intervals, workers }) => ({
      query: task.query,
      ranges: intervals.map(describeInterval),
      workers: workers.map(describeWorker),
    }));
    return {
      event: "backfill",
      outcome: isWhole && left.length > 0 ? "left_to_others" : outcome,
      percent: isWhole && left.length === 0 ? 100 : Math.floor(this.fraction() * 1_000) / 10,
      posts: this.billed.posts ?? 0,
      usd: this.usd(),
      left,
    };
  }

  private usd(): number {
    return costInUsd(this.billed, this.config.budget.terms.prices);
  }

  private fraction(): number {
    const whole = this.config.queries.length * lengthMs(this.target.range);
    const open = this.open().reduce((sum, hole) => sum + lengthMs(hole), 0);
    return Math.min(1, Math.max(0, 1 - open / Math.max(1, whole)));
  }
}

function lengthMs({ after, through }: Interval): number {
  return timeOfId(through) - timeOfId(after);
}

const SENTENCES: Readonly<Record<BackfillReport["outcome"], string>> = {
  caught_up: "The range is complete.",
  already_complete: "The range was complete already; nothing was bought.",
  left_to_others: "The range is complete but for what other workers are buying.",
  limit: "A limit is reached. Run the same command again when it renews, or with a higher one, to go on.",
  stopped: "Stopped. Run the same command again to go on.",
};

function describe({ outcome, percent, posts, usd: spent, left }: BackfillReport): string {
  const others = left.map(
    ({ ranges, workers }) => `\nLeft to ${workers.join(" and ")}: ${ranges.join(", ")}.`,
  );
  const figures = `${plural(posts, "post")} in this run (${usd(spent)}), ${percent} % of the range delivered.`;
  return `${SENTENCES[outcome]}\n${figures}${others.join("")}`;
}
