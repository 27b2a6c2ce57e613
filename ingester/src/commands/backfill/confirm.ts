/** The question that is asked in a terminal before much is bought. */
import type { RunCaps } from "../../config/budget";
import type { IngesterConfig } from "../../config/config";
import { NEW_ACCOUNT } from "../../ledger/account";
import { budgetAt } from "../../ledger/budget";
import type { Coverage } from "../../ledger/coverage";
import { coverageOf, type Ledger } from "../../ledger/ledger";
import { usedOf, useOfLimits } from "../../ledger/limits";
import { type Amounts, costInUsd, postReads, toUsd } from "../../ledger/prices";
import { heardThrough } from "../../ledger/stream";
import { type Goal, RECENT_SEARCH_MS } from "../../loop/task";
import { firstIdAt, timeOfId } from "../../posts/ids";
import { systemClock } from "../../runtime/clock";
import { XClient } from "../../x/client";
import { ENDPOINTS, searchLimits } from "../../x/search/source";
import type { CommandIo } from "../io";
import { withLedger } from "../store";
import { streamKeyOf } from "../stream-task";
import { holesOf, type Price, priceHoles, questionFor, questionForStream } from "./priced-holes";

const NEVER = new AbortController().signal;
/** A restart or a lost connection leaves less of a stream unheard. */
const SHORT_MS = 10 * 60_000;

export interface Purchase {
  readonly config: IngesterConfig;
  readonly caps: RunCaps;
  readonly goal: Goal;
  /** Name of the command, under which the budget lists the counts requests. */
  readonly command: string;
}

/** What filling the holes of a goal would buy; the counts requests are booked. @throws SourceError */
export function priceOf(purchase: Purchase): Promise<Price> {
  const { config, goal, command } = purchase;
  const client = new XClient(config.x, systemClock);
  const { store, budget, queries } = config;
  return withLedger({ store, cycleDay: budget.cycleDay, client }, async (access) => {
    const ledger = await access.refresh(NEVER);
    const holes = holesOf(queries, goal, { ledger, nowMs: client.now() });
    const metering = { access, terms: budget.terms, key: command };
    return priceHoles(holes, { client, metering, perPost: perPostOf(config) });
  });
}

/**
 * @returns false when the person at the terminal does not want to buy. Without a person, or where the limits leave no
 * more than CONFIRM_ABOVE_USD, nothing is counted and nothing asked.
 */
export async function isConfirmed(
  purchase: Purchase,
  { ask }: Pick<CommandIo, "ask">,
  yes: boolean,
): Promise<boolean> {
  const { store, budget, source, confirmAboveUsd } = purchase.config;
  if (ask === undefined || yes) return true;
  const ledger = await withLedger({ store, cycleDay: budget.cycleDay }, (access) => access.refresh(NEVER));
  const most = mostUsd(purchase, ledger);
  if (most <= confirmAboveUsd) return true;
  if (source.mode === "stream") {
    const unheardMs = source.fill ? unheard(coverageOf(ledger, streamKeyOf(source)), systemClock.now()) : 0;
    return unheardMs < SHORT_MS || ask(questionForStream(unheardMs, most));
  }
  const price = await priceOf(purchase);
  return price.mostUsd <= confirmAboveUsd || ask(questionFor(price));
}

/** What the limits leave at most; those of a new billing cycle where the ledger's has ended. */
function mostUsd({ config, caps }: Purchase, { budget }: Ledger): number {
  const { terms } = config.budget;
  const perPost = perPostOf(config);
  const usdPerRead = costInUsd(perPost, terms.prices) / postReads(perPost);
  const current = { budget: budgetAt(budget, systemClock.now()), run: NEW_ACCOUNT };
  const left = useOfLimits(current, terms).map((use) => {
    const rest = use.allowed - usedOf(use);
    return use.unit === "posts" ? rest * usdPerRead : toUsd(rest);
  });
  const { maxPosts = Number.POSITIVE_INFINITY, maxUsd = Number.POSITIVE_INFINITY } = caps;
  return Math.min(...left, maxPosts * usdPerRead, maxUsd);
}

function perPostOf({ search }: IngesterConfig): Amounts {
  return searchLimits(search.expansions, ENDPOINTS.recent.maxPosts).perPost;
}

/** What search will be asked for beside the stream: its open holes, and the time since it was heard. */
function unheard(coverage: Coverage | undefined, nowMs: number): number {
  if (coverage?.stream === undefined) return 0;
  const since = { after: heardThrough(coverage), through: firstIdAt(nowMs) };
  return [...coverage.stream.holes, since]
    .map(({ after, through }) => timeOfId(through) - Math.max(timeOfId(after), nowMs - RECENT_SEARCH_MS))
    .reduce((sum, ms) => sum + Math.max(0, ms), 0);
}
