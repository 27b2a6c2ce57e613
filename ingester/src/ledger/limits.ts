/** How much may still be bought, and which limit says so. Pure. */
import { type Account, NEW_ACCOUNT, totalAtRisk, totalReserved, totalSpent } from "./account";
import { type Budget, charged, type LimitScope } from "./budget";
import { type Amounts, costInMicros, limitInMicros, type Prices, postReads, times, toUsd } from "./prices";

/** Hard limits; an absent one does not limit. Included posts count as posts: X bills them as post reads. */
export interface Limits {
  /** `MONTHLY_POST_LIMIT`: post reads per billing cycle. */
  readonly monthlyPosts?: number;
  /** `MONTHLY_USD_LIMIT`: dollars per billing cycle. */
  readonly monthlyUsd?: number;
  /** `--max-posts`: post reads of this process. */
  readonly maxPosts?: number;
  /** `--max-usd`: dollars of this process. */
  readonly maxUsd?: number;
}

/** What decides how much a request may cost. */
export interface Terms {
  readonly limits: Limits;
  readonly prices: Prices;
  readonly scope: LimitScope;
  /** X charges a post once per UTC day. */
  readonly deduplicates: boolean;
}

/** How many posts one request can ask for, and the most that one post of it can cost. */
export interface ReadLimits {
  readonly minPosts: number;
  readonly maxPosts: number;
  /** `posts` is 1; the others depend on the expansions. */
  readonly perPost: Amounts;
}

/** Where one limit stands, in its own unit: post reads or micro-dollars. */
export interface LimitUse {
  /** As its user wrote it, such as `MONTHLY_POST_LIMIT` or `--max-posts`. */
  readonly limit: string;
  readonly unit: "posts" | "micros";
  readonly allowed: number;
  /** Spent by this ledger, or by this process for `--max-...`. */
  readonly spent: number;
  readonly atRisk: number;
  readonly reserved: number;
  /** Used by other programs of the project, as far as X's figure says and LIMIT_SCOPE counts it. */
  readonly others: number;
  /** When it renews; undefined for a limit of this process. */
  readonly renewsAtMs: number | undefined;
}

/** The two accounts that every request is booked in. */
export interface Accounts {
  readonly budget: Budget;
  /** Of this process alone. */
  readonly run: Account;
}

/** Where each given limit stands; those of this process first. */
export function useOfLimits(
  { budget, run }: Accounts,
  { limits, prices, scope }: Terms,
): readonly LimitUse[] {
  const others = scope === "project" ? (budget.project?.others ?? 0) : 0;
  const renewsAtMs = budget.cycle.endMs;
  const posts = (limit: string, account: Account, allowed: number | undefined) => ({
    ...{ limit, unit: "posts" as const, allowed, others: 0, renewsAtMs: undefined as number | undefined },
    ...parts(account, postReads),
  });
  const micros = (limit: string, account: Account, usd: number | undefined) => ({
    ...posts(limit, account, usd === undefined ? undefined : limitInMicros(usd)),
    unit: "micros" as const,
    ...parts(account, (amounts) => costInMicros(amounts, prices)),
  });
  return [
    posts("--max-posts", run, limits.maxPosts),
    micros("--max-usd", run, limits.maxUsd),
    { ...posts("MONTHLY_POST_LIMIT", budget, limits.monthlyPosts), others, renewsAtMs },
    {
      ...micros("MONTHLY_USD_LIMIT", budget, limits.monthlyUsd),
      others: costInMicros({ posts: others }, prices),
      renewsAtMs,
    },
  ].filter((use): use is LimitUse => use.allowed !== undefined);
}

function parts(account: Account, measure: (amounts: Amounts) => number) {
  return {
    spent: measure(totalSpent(account)),
    atRisk: measure(totalAtRisk(account)),
    reserved: measure(totalReserved(account)),
  };
}

export function usedOf({ spent, atRisk, reserved, others }: LimitUse): number {
  return spent + atRisk + reserved + others;
}

/** Books a price that is known before the request; or says which limit forbids it. */
export function chargeWithin(
  budget: Budget,
  { key, amounts, terms }: { readonly key: string; readonly amounts: Amounts; readonly terms: Terms },
): Budget | LimitUse {
  const after = charged(budget, key, amounts);
  const uses = useOfLimits({ budget: after, run: NEW_ACCOUNT }, terms);
  return uses.find((use) => usedOf(use) > use.allowed) ?? after;
}

/** The least that a limit must allow: the smallest page, with everything that can come with it. */
export function smallestPurchase(
  read: ReadLimits,
  prices: Prices,
): { readonly posts: number; readonly usd: number } {
  const page = times(read.perPost, read.minPosts);
  return { posts: postReads(page), usd: toUsd(costInMicros(page, prices)) };
}

/** Share of the tightest monthly limit that is used, in percent; 100 too when what is left buys no page. */
export function usedPercent(
  uses: readonly LimitUse[],
  perPage: { readonly posts: number; readonly usd: number },
) {
  const monthly = uses.filter(({ renewsAtMs }) => renewsAtMs !== undefined);
  if (monthly.length === 0) return undefined;
  const percents = monthly.map((use) => {
    const page = use.unit === "posts" ? perPage.posts : limitInMicros(perPage.usd);
    const used = usedOf(use);
    return use.allowed - used < page ? Math.max(100, (100 * used) / use.allowed) : (100 * used) / use.allowed;
  });
  return Math.max(...percents);
}
