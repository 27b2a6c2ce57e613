/** Counts requests, booked in the budget like everything else that X bills. */
import { charged } from "../ledger/budget";
import { chargeWithin, type Terms } from "../ledger/limits";
import { type Amounts, times } from "../ledger/prices";
import { IngesterError, SourceError } from "../loop/errors";
import type { LedgerAccess, Step } from "../loop/ledger-access";
import { describeUse } from "../status/trouble";
import type { XClient } from "../x/client";
import {
  COUNTS,
  type CountBucket,
  type CountsPage,
  type CountsQuestion,
  countPosts,
} from "../x/search/counts";

export interface Metering {
  /** Undefined: no ledger is configured, so the request is in no budget. */
  readonly access: LedgerAccess | undefined;
  readonly terms: Terms;
  /** Name of the command, under which the budget lists it. */
  readonly key: string;
}

const NEVER = new AbortController().signal;

/**
 * Counts by hour, oldest first. The price of each request is booked before it is sent, and taken back when X refuses it.
 * @throws SourceError, of kind no_progress when X's pages repeat; IngesterError when a limit forbids it
 */
export async function countMetered(
  client: Pick<XClient, "get" | "now">,
  question: CountsQuestion,
  metering: Metering,
): Promise<readonly CountBucket[]> {
  const buckets = new Map<string, CountBucket>();
  let token: string | undefined;
  do {
    const page = await onePage(client, { question, token }, metering);
    const fresh = page.buckets.filter(({ start }) => !buckets.has(start));
    for (const bucket of fresh) buckets.set(bucket.start, bucket);
    token = page.nextToken;
    // Each request is billed, and the tokens of repeated pages can all be different.
    if (token !== undefined && fresh.length === 0) throw repeated(question);
  } while (token !== undefined);
  return [...buckets.values()].sort((a, b) => Date.parse(a.start) - Date.parse(b.start));
}

function repeated({ query }: CountsQuestion): SourceError {
  return new SourceError(
    `X's pages of counts for the query "${query}" repeat and have no end, so the posts cannot be counted. Ask again later, or for a shorter time.`,
    { kind: "no_progress" },
  );
}

async function onePage(
  client: Pick<XClient, "get" | "now">,
  { question, token }: { readonly question: CountsQuestion; readonly token: string | undefined },
  { access, terms, key }: Metering,
): Promise<CountsPage> {
  const amounts = { [COUNTS[question.scope]]: 1 };
  await access?.once((ledger) => {
    const budget = chargeWithin(ledger.budget, { key, amounts, terms });
    if ("limit" in budget)
      throw new IngesterError(`${budget.limit} forbids a counts request. ${describeUse(budget)}`);
    return { ledger: { ...ledger, budget }, result: undefined };
  }, NEVER);
  try {
    return await countPosts(client, question, token);
  } catch (error) {
    if (error instanceof SourceError && !error.mayBeBilled)
      await access?.once(takenBack(key, amounts), NEVER);
    throw error;
  }
}

function takenBack(key: string, amounts: Amounts): Step<undefined> {
  return (ledger) => ({
    ledger: { ...ledger, budget: charged(ledger.budget, key, times(amounts, -1)) },
    result: undefined,
  });
}
