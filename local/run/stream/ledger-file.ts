import { readFileSync } from "node:fs";
import { totalAtRisk, totalSpent } from "../../../ingester/src/ledger/account";
import type { Ledger } from "../../../ingester/src/ledger/ledger";
import { postReads } from "../../../ingester/src/ledger/prices";
import type { FilledBySearch } from "../../../ingester/src/ledger/stream-state";

/** What the ingester's ledger says at the end. */
export interface StreamLedger {
  /** Filled by search. */
  readonly holes: readonly FilledBySearch[];
  /** Not filled yet. */
  readonly openHoles: number;
  readonly booked: number;
  readonly atRisk: number;
}

export function readStreamLedger(path: string): StreamLedger {
  const ledger = JSON.parse(readFileSync(path, "utf8")) as Ledger;
  return {
    holes: ledger.coverage.flatMap(({ stream }) => stream?.bySearch ?? []),
    openHoles: ledger.coverage.reduce((sum, { stream }) => sum + (stream?.holes.length ?? 0), 0),
    booked: postReads(totalSpent(ledger.budget)),
    atRisk: postReads(totalAtRisk(ledger.budget)),
  };
}
