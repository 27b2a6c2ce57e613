/** `ingester run`: reads what is new, for as long as it is allowed to. */
import type { Command } from "../cli";
import { type IngesterConfig, loadConfig } from "../config/config";
import { collect } from "../loop/collect";
import { humanOutput } from "./human-log";
import type { CommandIo } from "./io";
import { runLive } from "./live";
import { withSession } from "./session";

export type RunOptions = Omit<Extract<Command, { name: "run" }>, "name">;

export async function runCommand({ caps, json }: RunOptions, io: CommandIo): Promise<void> {
  const config = loadConfig(io.env, { caps });
  const { once, source } = config;
  const logTo = io.isTty && !json ? { logTo: humanOutput(io.write) } : {};
  const { start, pollMs } = config.search;
  const goal = { type: "ongoing", start, pollMs } as const;
  await withSession({ config, caps, once, goal, io, command: "run", ...logTo }, async (session) => {
    const { ports, signals, logger } = session;
    warnAboutMoney(config, (fields) => logger.warn(fields));
    const { terms } = config.budget;
    if (source.mode === "stream") await runLive(config, source, session);
    else
      await collect(ports, { tasks: session.tasks, terms, once, stop: signals.stop, abort: signals.abort });
  });
}

/** The bill must never surprise. */
export function warnAboutMoney({ budget, search }: IngesterConfig, warn: (fields: object) => void): void {
  const { limits, prices } = budget.terms;
  if (Object.keys(limits).length === 0) {
    const message = "MONTHLY_USD_LIMIT=none: only X's own cap limits what is bought.";
    warn({ event: "no_limit", message });
  }
  const { expansions } = search;
  if (expansions.length === 0) return;
  const message = "X may bill included posts and users beside the posts; limits count them as billed.";
  const { includedPosts: included_post_usd, includedUsers: included_user_usd } = prices;
  warn({ event: "expansions_on", message, expansions, included_post_usd, included_user_usd });
}
