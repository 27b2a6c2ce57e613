/** `ingester run`: reads what is new, for as long as it is allowed to. */
import type { OptionsOf } from "../cli/command";
import { type IngesterConfig, loadConfig } from "../config/config";
import { costInUsd } from "../ledger/prices";
import { collect } from "../loop/collect";
import { isConfirmed } from "./backfill/confirm";
import { FillProgress } from "./backfill/fill-progress";
import { holesOf } from "./backfill/priced-holes";
import type { CommandIo } from "./io";
import { runLive } from "./live";
import { type Session, withSession } from "./session";
import { humanOutput } from "./terminal/human-log";
import { LiveLine } from "./terminal/live-line";
import { RunLine } from "./terminal/run-line";

export type RunOptions = OptionsOf<"run">;

export async function runCommand({ caps, yes, json }: RunOptions, io: CommandIo): Promise<void> {
  const config = loadConfig(io.env, { caps });
  const { once, source } = config;
  const { start, pollMs } = config.search;
  const goal = { type: "ongoing", start, pollMs } as const;
  const isHuman = io.isTty && !json;
  if (isHuman && !(await isConfirmed({ config, caps, goal, command: "run" }, io, yes))) {
    return io.say("Nothing was bought.\n");
  }
  let parts: () => readonly string[] = () => ["Starting"];
  const line = new LiveLine(io, () => parts());
  const logTo = isHuman ? { logTo: humanOutput(line.say) } : {};
  try {
    await withSession({ config, caps, once, goal, io, command: "run", ...logTo }, async (session) => {
      const { ports, signals, logger } = session;
      warnAboutMoney(config, (fields) => logger.warn(fields));
      parts = partsOf(session, { config, maxPosts: caps.maxPosts });
      if (isHuman) line.start();
      const { terms } = config.budget;
      if (source.mode === "stream") await runLive(config, source, session);
      else
        await collect(ports, { tasks: session.tasks, terms, once, stop: signals.stop, abort: signals.abort });
      line.stop();
    });
  } finally {
    line.stop();
  }
}

/** What is open at the start is a fill with an end; what comes later is not. */
function partsOf(
  { status, ports, tasks }: Session,
  { config, maxPosts }: { readonly config: IngesterConfig; readonly maxPosts: number | undefined },
): () => readonly string[] {
  const startMs = ports.now();
  const open = () =>
    tasks.flatMap(({ goal }) =>
      holesOf(config.queries, goal, { ledger: ports.membership.ledger, nowMs: startMs }).map(
        ({ interval }) => interval,
      ),
    );
  const { prices } = config.budget.terms;
  const spent = () => costInUsd({ posts: status().counts.postsRead }, prices);
  const fill = new FillProgress(open, spent, ports.clock.elapsed);
  const line = new RunLine(maxPosts);
  return () => line.parts(status(), fill.outlook());
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
