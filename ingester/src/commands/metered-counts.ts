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
 * @throws SourceError; IngesterError when a limit forbids it
 */
export async function countMetered(
  client: Pick<XClient, "get" | "now">,
  question: CountsQuestion,
  metering: Metering,
): Promise<readonly CountBucket[]> {
  const buckets: CountBucket[] = [];
  let token: string | undefined;
  do {
    const page = await onePage(client, { question, token }, metering);
    buckets.push(...page.buckets);
    token = page.nextToken === token ? undefined : page.nextToken;
  } while (token !== undefined);
  return buckets.sort((a, b) => Date.parse(a.start) - Date.parse(b.start));
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
