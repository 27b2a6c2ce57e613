/** Counts requests, booked in the budget like everything else that X bills. */
import { charged } from "../ledger/budget";
import { chargeWithin, type Terms } from "../ledger/limits";
import { times } from "../ledger/prices";
import { IngesterError, SourceError } from "../loop/errors";
import type { LedgerAccess } from "../loop/ledger-access";
import { describeUse } from "../status/trouble";
import type { XClient } from "../x/client";
import { COUNTS, type CountBucket, type CountsQuestion, countPosts } from "../x/search/counts";

export interface Metering {
  /** Undefined: no ledger is configured, so the request is in no budget. */
  readonly access: LedgerAccess | undefined;
  readonly terms: Terms;
  /** Name of the command, under which the budget lists it. */
  readonly key: string;
}

const NEVER = new AbortController().signal;

/**
 * One counts request. Its price is booked before it is sent, and taken back when X refuses it.
 * @throws SourceError; IngesterError when a limit forbids it
 */
export async function countMetered(
  client: Pick<XClient, "get" | "now">,
  question: CountsQuestion,
  { access, terms, key }: Metering,
): Promise<readonly CountBucket[]> {
  const amounts = { [COUNTS[question.scope]]: 1 };
  await access?.update((ledger) => {
    const budget = chargeWithin(ledger.budget, { key, amounts, terms });
    if ("limit" in budget)
      throw new IngesterError(`${budget.limit} forbids a counts request. ${describeUse(budget)}`);
    return { ledger: { ...ledger, budget }, result: undefined };
  }, NEVER);
  try {
    return await countPosts(client, question);
  } catch (error) {
    const isFree = error instanceof SourceError && !error.mayBeBilled;
    if (isFree) {
      await access?.update(
        (ledger) => ({
          ledger: { ...ledger, budget: charged(ledger.budget, key, times(amounts, -1)) },
          result: undefined,
        }),
        NEVER,
      );
    }
    throw error;
  }
}
