/** Faults in the ledger's pure functions: the model and the simulation have to find each of them. */

export interface Mutant {
  readonly name: string;
  /** Source file, from ingester/src. */
  readonly file: string;
  /** Occurs once in the file. */
  readonly from: string;
  readonly to: string;
}

export const ledgerMutants: readonly Mutant[] = [
  {
    name: "nothing is reserved before a page is read",
    file: "ledger/reserve.ts",
    from: "budget: { ...budget, ...withReservation(budget, monthly) },",
    to: "budget,",
  },
  {
    name: "an answer that got lost is free",
    file: "ledger/risks.ts",
    from: `case "unknown":
      return [unknownRisk(reservation, settlement.atMs)];`,
    to: `case "unknown":
      return [];`,
  },
  {
    name: "reservations of workers that are gone are given back",
    file: "ledger/account.ts",
    from: `rest = settled(rest, id, { type: "unknown", atMs: nowMs });`,
    to: `rest = settled(rest, id, { type: "nothing" });`,
  },
  {
    name: "what is at risk counts as repeated on the next day",
    file: "ledger/risks.ts",
    from: "return Math.floor(ms / DAY_MS);",
    to: "return 0 * ms * DAY_MS;",
  },
  {
    name: "claims of others are not left alone",
    file: "ledger/coverage.ts",
    from: "subtract(holesIn(coverage, range, archive), unite(...others))",
    to: "holesIn(coverage, range, archive)",
  },
  {
    name: "a restart begins from the top",
    file: "ledger/coverage.ts",
    from: "return subtract(unite(range), unite(...coverage.owned, ...unreachable));",
    to: "return subtract(unite(range), unite(...unreachable));",
  },
];
