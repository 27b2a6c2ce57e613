/** `ingester backfill`: reads the posts of a time range once, resumably. */
import type { Command } from "../cli";
import { type IngesterConfig, loadConfig } from "../config";
import { ConfigError } from "../errors";
import { ingest, type Outcome } from "../ingest";
import type { Observer } from "../ports";
import { ARCHIVE_QUERY_MAX_CHARACTERS, RECENT_QUERY_MAX_CHARACTERS } from "../query";
import { type Position, rangeOf, timeOfId } from "../window";
import { SearchSource } from "../x/search-source";
import { humanOutput } from "./human-log";
import type { CommandIo } from "./io";
import { warnAboutMoney } from "./run";
import { withSession } from "./session";
import { count, progressBar, usd } from "./terminal";

export type BackfillOptions = Omit<Extract<Command, { name: "backfill" }>, "name">;

const DAY_MS = 24 * 60 * 60_000;
/** docs.x.com, "Recent search". */
const RECENT_SEARCH_DAYS = 7;

/** What a backfill has done, for people and for machines. */
export interface BackfillReport {
  readonly event: "backfill";
  readonly outcome: Outcome | "already_complete";
  /** Percent of the time range that is delivered, 0 to 100. */
  readonly percent: number;
  /** Of this run. */
  readonly posts: number;
  /** Of this run: what X bills for it. */
  readonly usd: number;
}

export async function backfillCommand(options: BackfillOptions, io: CommandIo): Promise<void> {
  const config = loadBackfillConfig(options, io);
  const human = io.isTty && !options.json;
  const progress = new Progress(options, human ? io.write : undefined);
  const setup = {
    config: human ? { ...config, logLevel: quieter(config.logLevel) } : config,
    caps: options.caps,
    checkpointKey: checkpointKeyOf(config.checkpointKey, options),
    endsByItself: true,
    observe: progress.observe,
    ...(human ? { logTo: humanOutput((line) => io.write(`\r\x1b[K${line}`)) } : {}),
  };
  const report = await withSession(setup, async (session): Promise<BackfillReport> => {
    const { ports, client, signals, logger, meter } = session;
    warnAboutMoney(config, options.caps, (fields) => logger.warn(fields));
    const position = session.stored ?? rangeOf(options.fromMs, options.toMs);
    progress.at(position);
    if (position.window === undefined) return progress.report("already_complete", 0);
    const endpoint = options.fullArchive ? "all" : "recent";
    const { search } = config;
    const source = new SearchSource({ client, clock: ports.clock, search, endpoint, singleWindow: true });
    const outcome = await ingest(
      { ...ports, source },
      {
        position,
        runOnce: true,
        pollMs: 0,
        origin: { source: `search/${endpoint}`, query: search.query },
        stop: signals.stop,
        abort: signals.abort,
      },
    );
    return progress.report(outcome, runUsd(config, meter.snapshot().run));
  });
  if (report !== undefined) io.write(human ? `\n${describe(report)}\n` : `${JSON.stringify(report)}\n`);
}

function loadBackfillConfig({ fullArchive, fromMs }: BackfillOptions, { env }: CommandIo): IngesterConfig {
  const maxQueryCharacters = fullArchive ? ARCHIVE_QUERY_MAX_CHARACTERS : RECENT_QUERY_MAX_CHARACTERS;
  const config = loadConfig(env, { maxQueryCharacters });
  if (fullArchive || fromMs >= Date.now() - RECENT_SEARCH_DAYS * DAY_MS) return config;
  const got = new Date(fromMs).toISOString();
  throw new ConfigError([
    `--from lies more than ${RECENT_SEARCH_DAYS} days back, where recent search ends, got ${got}. Add --full-archive.`,
  ]);
}

/** A range is its own checkpoint, so that it can run beside the service and go on after an interruption. */
function checkpointKeyOf(base: string, { fromMs, toMs, openEnd }: BackfillOptions): string {
  const to = openEnd ? "now" : new Date(toMs).toISOString();
  return `${base}#backfill:${new Date(fromMs).toISOString()}/${to}`;
}

function quieter(level: IngesterConfig["logLevel"]): IngesterConfig["logLevel"] {
  return level === "info" ? "warn" : level;
}

function runUsd(
  { prices }: IngesterConfig,
  run: { posts: number; includedPosts: number; includedUsers: number },
): number {
  return (
    run.posts * prices.postUsd +
    run.includedPosts * prices.includedPostUsd +
    run.includedUsers * prices.includedUserUsd
  );
}

/** How far a window has been eaten, by the time that ids carry: a percentage that costs no request. */
class Progress {
  private posts = 0;
  private fraction = 0;
  private newestMs: number;

  constructor(
    private readonly range: Pick<BackfillOptions, "fromMs" | "toMs">,
    private readonly draw: ((text: string) => void) | undefined,
  ) {
    this.newestMs = range.toMs;
  }

  readonly observe: Observer = (event) => {
    if (event.type !== "page_delivered") return;
    this.posts += event.page.posts.length;
    this.at(event.page.position);
  };

  at({ window }: Position): void {
    if (window !== undefined) this.newestMs = Math.min(this.newestMs, timeOfId(window.newestId));
    const reachedMs = window === undefined ? this.range.fromMs : timeOfId(window.oldestDeliveredId);
    const wholeMs = Math.max(1, this.newestMs - this.range.fromMs);
    this.fraction = Math.min(1, Math.max(0, (this.newestMs - reachedMs) / wholeMs));
    this.draw?.(`\r${progressBar(this.fraction, `${count(this.posts)} posts`)}`);
  }

  report(outcome: BackfillReport["outcome"], spentUsd: number): BackfillReport {
    const complete = outcome === "caught_up" || outcome === "already_complete";
    const percent = complete ? 100 : Math.floor(this.fraction * 1_000) / 10;
    return { event: "backfill", outcome, percent, posts: this.posts, usd: spentUsd };
  }
}

const SENTENCES: Readonly<Record<BackfillReport["outcome"], string>> = {
  caught_up: "The range is complete.",
  already_complete: "The range was complete already; nothing was bought.",
  limit: "A limit is reached. Run the same command again when it renews, or with a higher one, to go on.",
  stopped: "Stopped. Run the same command again to go on.",
};

function describe({ outcome, percent, posts, usd: spent }: BackfillReport): string {
  return `${SENTENCES[outcome]} ${count(posts)} posts in this run (${usd(spent)}), ${percent} % of the range delivered.`;
}
