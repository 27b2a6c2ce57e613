/** Variables about money. */

import type { LimitScope } from "../ledger/budget";
import { type Limits, type ReadLimits, smallestPurchase, type Terms } from "../ledger/limits";
import { DEFAULT_PRICES, type Prices } from "../ledger/prices";
import { plural } from "../runtime/words";
import type { EnvReader } from "./reader";
import type { NO_LIMIT } from "./variables/money";

/** Limits of one process, from its command line. */
export interface RunCaps {
  readonly maxPosts: number | undefined;
  readonly maxUsd: number | undefined;
}

export interface BudgetConfig {
  readonly terms: Terms;
  /**
   * Day of the month (UTC) on which X's billing cycle starts. Undefined: the day that X states; until then, the first.
   */
  readonly cycleDay: number | undefined;
}

/** @param caps undefined: the command buys no posts, and needs no limit */
export function readBudget(reader: EnvReader, read: ReadLimits, caps: RunCaps | undefined): BudgetConfig {
  const prices = readPrices(reader);
  const monthlyPosts = reader.number("MONTHLY_POST_LIMIT");
  const monthlyUsd = reader.number("MONTHLY_USD_LIMIT");
  const limits = { monthlyPosts, monthlyUsd, maxPosts: caps?.maxPosts, maxUsd: caps?.maxUsd };
  if (caps !== undefined) checkStated(reader, caps);
  checkSizes(reader, limits, smallestPurchase(read, prices));
  return {
    terms: {
      limits: numbersOf(limits),
      prices,
      scope: reader.word("LIMIT_SCOPE") satisfies LimitScope,
      deduplicates: reader.boolean("X_DEDUPLICATES"),
    },
    cycleDay: reader.number("BILLING_CYCLE_DAY"),
  };
}

type Stated = { readonly [K in keyof Required<Limits>]: number | typeof NO_LIMIT | undefined };

/** Without a limit nothing starts: to collect without one has to be configured. */
function checkStated(reader: EnvReader, { maxPosts, maxUsd }: RunCaps): void {
  if (reader.isSet("MONTHLY_POST_LIMIT") || reader.isSet("MONTHLY_USD_LIMIT")) return;
  if (maxPosts !== undefined || maxUsd !== undefined) return;
  reader.problem(
    "MONTHLY_USD_LIMIT",
    "or MONTHLY_POST_LIMIT must be set, or --max-usd or --max-posts given: X bills every post. " +
      "Set MONTHLY_USD_LIMIT=20, for example; MONTHLY_USD_LIMIT=none collects without a limit.",
  );
}

/** A limit below X's smallest page would never allow a purchase. */
function checkSizes(
  reader: EnvReader,
  limits: Stated,
  least: { readonly posts: number; readonly usd: number },
): void {
  const check = (
    name: string,
    limit: number | typeof NO_LIMIT | undefined,
    min: number,
    say: (n: number) => string,
  ) => {
    if (typeof limit !== "number" || limit >= min) return;
    const why = "that is X's smallest page, with everything that EXPANSIONS can bring";
    reader.problem(name, `must allow at least ${say(min)}, got ${say(limit)}: ${why}.`);
  };
  const posts = (count: number) => plural(count, "post");
  const usd = (amount: number) => `$${amount.toLocaleString("en-US", { maximumFractionDigits: 6 })}`;
  check("MONTHLY_POST_LIMIT", limits.monthlyPosts, least.posts, posts);
  check("MONTHLY_USD_LIMIT", limits.monthlyUsd, least.usd, usd);
  check("--max-posts", limits.maxPosts, least.posts, posts);
  check("--max-usd", limits.maxUsd, least.usd, usd);
}

function numbersOf(limits: Stated): Limits {
  return Object.fromEntries(Object.entries(limits).filter(([, limit]) => typeof limit === "number"));
}

export function readPrices(reader: EnvReader): Prices {
  return {
    posts: reader.number("PRICE_POST_USD"),
    includedPosts: reader.number("PRICE_INCLUDED_POST_USD"),
    includedUsers: reader.number("PRICE_INCLUDED_USER_USD"),
    recentCounts: DEFAULT_PRICES.recentCounts,
    archiveCounts: DEFAULT_PRICES.archiveCounts,
  };
}
