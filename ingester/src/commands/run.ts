/** `ingester run`: reads what is new, for as long as it is allowed to. */
import type { Command } from "../cli";
import { type IngesterConfig, loadConfig } from "../config";
import { ingest } from "../ingest";
import { type Position, START, startingAt } from "../window";
import { SearchSource } from "../x/search-source";
import { humanOutput } from "./human-log";
import type { CommandIo } from "./io";
import { withSession } from "./session";

export type RunOptions = Omit<Extract<Command, { name: "run" }>, "name">;

export async function runCommand({ caps, json }: RunOptions, io: CommandIo): Promise<void> {
  const config = loadConfig(io.env);
  const { runOnce, search, checkpointKey } = config;
  const logTo = io.isTty && !json ? { logTo: humanOutput(io.write) } : {};
  await withSession({ config, caps, checkpointKey, endsByItself: runOnce, ...logTo }, async (session) => {
    const { ports, client, signals, logger } = session;
    warnAboutMoney(config, caps, (fields) => logger.warn(fields));
    const source = new SearchSource({ client, clock: ports.clock, search, endpoint: "recent" });
    await ingest(
      { ...ports, source },
      {
        position: session.stored ?? startOf(search.start, ports.clock.now()),
        runOnce,
        pollMs: search.pollMs,
        origin: { source: "search/recent", query: search.query },
        stop: signals.stop,
        abort: signals.abort,
      },
    );
  });
}

function startOf(start: IngesterConfig["search"]["start"], nowMs: number): Position {
  if (start === "window") return START;
  return startingAt(start === "now" ? nowMs : start);
}

/** The bill must never surprise. */
export function warnAboutMoney(
  config: IngesterConfig,
  caps: RunOptions["caps"],
  warn: (fields: object) => void,
): void {
  const { monthlyPosts, monthlyUsd } = config.limits;
  const limits = [monthlyPosts, monthlyUsd, caps.maxPosts, caps.maxUsd];
  if (limits.every((limit) => limit === undefined)) {
    const message =
      "No MONTHLY_POST_LIMIT or MONTHLY_USD_LIMIT is set: only X's own cap limits what is bought.";
    warn({ event: "no_limit", message });
  }
  const { expansions } = config.search;
  if (expansions.length === 0) return;
  const { includedPostUsd, includedUserUsd } = config.prices;
  const message = "X may bill included posts and users beside the posts; limits count them as billed.";
  warn({
    event: "expansions_on",
    message,
    expansions,
    included_post_usd: includedPostUsd,
    included_user_usd: includedUserUsd,
  });
}
