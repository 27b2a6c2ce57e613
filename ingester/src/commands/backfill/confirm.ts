/** The question that is asked in a terminal before much is bought. */
import type { RunCaps } from "../../config/budget";
import type { IngesterConfig } from "../../config/config";
import { NEW_ACCOUNT } from "../../ledger/account";
import { usedOf, useOfLimits } from "../../ledger/limits";
import { toUsd } from "../../ledger/prices";
import type { Goal } from "../../loop/task";
import { systemClock } from "../../runtime/clock";
import { XClient } from "../../x/client";
import type { CommandIo } from "../io";
import { withLedger } from "../store";
import { holesOf, type Price, priceHoles, questionFor } from "./priced-holes";

const NEVER = new AbortController().signal;

export interface Purchase {
  readonly config: IngesterConfig;
  readonly caps: RunCaps;
  readonly goal: Goal;
  /** Name of the command, under which the budget lists the counts requests. */
  readonly command: string;
}

/** What filling the holes of a goal would buy; the counts requests are booked. @throws SourceError */
export function priceOf({ config, goal, command }: Purchase): Promise<Price> {
  const client = new XClient(config.x, systemClock);
  const { store, budget, queries } = config;
  return withLedger({ store, cycleDay: budget.cycleDay, client }, async (access) => {
    const ledger = await access.refresh(NEVER);
    const holes = holesOf(queries, goal, { ledger, nowMs: client.now() });
    return priceHoles(holes, { client, metering: { access, terms: budget.terms, key: command } });
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
  const { confirmAboveUsd } = purchase.config;
  if (ask === undefined || yes || (await mostUsd(purchase)) <= confirmAboveUsd) return true;
  const price = await priceOf(purchase);
  return price.usd <= confirmAboveUsd || ask(questionFor(price));
}

/** What the limits leave at most. */
async function mostUsd({ config, caps }: Purchase): Promise<number> {
  const { store, budget } = config;
  const { prices } = budget.terms;
  const ledger = await withLedger({ store, cycleDay: budget.cycleDay }, (access) => access.refresh(NEVER));
  const left = useOfLimits({ budget: ledger.budget, run: NEW_ACCOUNT }, budget.terms).map((use) => {
    const rest = use.allowed - usedOf(use);
    return use.unit === "posts" ? rest * prices.posts : toUsd(rest);
  });
  const { maxPosts = Number.POSITIVE_INFINITY, maxUsd = Number.POSITIVE_INFINITY } = caps;
  return Math.min(...left, maxPosts * prices.posts, maxUsd);
}
