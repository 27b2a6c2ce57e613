/** What one process buys, in whatever ways: `--max-posts` and `--max-usd` go by the sum. */
import { type Account, NEW_ACCOUNT, totalAtRisk, totalReserved, totalSpent } from "../ledger/account";
import { plus } from "../ledger/prices";

/** The view of one buyer: its own account, in which the others' is one entry. */
export interface Purse {
  readonly account: Account;
  keep(account: Account): void;
}

const OTHERS = "others";

/** Purses of one process, each for one buyer. */
export function purses<Name extends string>(...names: readonly Name[]): Readonly<Record<Name, Purse>> {
  const own = new Map<Name, Account>(names.map((name) => [name, NEW_ACCOUNT]));
  const usedBesides = (name: Name) =>
    plus(
      ...[...own].flatMap(([other, account]) =>
        other === name ? [] : [totalSpent(account), totalAtRisk(account), totalReserved(account)],
      ),
    );
  const purse = (name: Name): Purse => ({
    get account() {
      const account = own.get(name) ?? NEW_ACCOUNT;
      return { ...account, spent: [...account.spent, { key: OTHERS, amounts: usedBesides(name) }] };
    },
    keep: (account) => {
      own.set(name, { ...account, spent: account.spent.filter(({ key }) => key !== OTHERS) });
    },
  });
  return Object.fromEntries(names.map((name) => [name, purse(name)])) as Record<Name, Purse>;
}
