/** Faults that are put into the product on purpose: the auditor has to find each of them. */

import { ledgerMutants, type Mutant } from "../helpers/ledger-mutants";

export const mutants: readonly Mutant[] = [
  ...ledgerMutants,
  {
    name: "a page is committed before it is delivered",
    file: "loop/collect.ts",
    from: `await deliver(lines, { purchase, page, ports, options });
  return buyer.commit(purchase, page, lines);`,
    to: `const next = await buyer.commit(purchase, page, lines);
  await deliver(lines, { purchase, page, ports, options });
  return next;`,
  },
  {
    name: "a worker that was dismissed goes on writing",
    file: "loop/membership.ts",
    from: "if (workerOf(standing, this.fence) === undefined) throw this.dismissed();",
    to: "",
  },
  {
    name: "a living worker counts as gone after a second",
    file: "loop/gone-workers.ts",
    from: "elapsed - seen.sinceMs >= leaseSeconds * 1_000",
    to: "elapsed - seen.sinceMs >= 1_000",
  },
  {
    name: "a write whose answer gets lost is made again",
    file: "loop/membership.ts",
    from: "if (tried !== undefined && this.beatIn(standing) === tried.beat)",
    to: "if (tried !== undefined && this.beatIn(standing) < 0)",
  },
  {
    name: "posts on their way to a broken connection are free",
    file: "loop/stream/meter.ts",
    from: "if (onTheWay === 0) return paid;",
    to: "if (onTheWay >= 0) return paid;",
  },
  {
    name: "counts are free",
    file: "commands/metered-counts.ts",
    from: "return { ledger: { ...ledger, budget }, result: undefined };",
    to: `if ("limit" in budget) throw new Error();
    return { ledger, result: undefined };`,
  },
  {
    name: "an empty page ends a hole",
    file: "x/search/paging.ts",
    from: "if (nextToken !== undefined || !complete) return false;",
    to: "if ((nextToken !== undefined && ids.length > 0) || !complete) return false;",
  },
  {
    name: "pages in no order are believed",
    file: "x/search/paging.ts",
    from: "return all.every((id, index) => index === 0 || compareIds(id, all[index - 1] as Id) <= 0);",
    to: "return all.length >= 0;",
  },
  {
    name: "the newest moments of a search are owned",
    file: "ledger/coverage.ts",
    from: "export const SEARCHABLE_MS = 15 * 60_000;",
    to: "export const SEARCHABLE_MS = 0;",
  },
  {
    name: "the edges of a disconnection are not searched",
    file: "ledger/stream.ts",
    from: "export const STREAM_EDGE_MS = 10_000;",
    to: "export const STREAM_EDGE_MS = 0;",
  },
  {
    name: "holes of the stream are searched before X has indexed them",
    file: "ledger/stream.ts",
    from: "export const FILL_DELAY_MS = 60_000;",
    to: "export const FILL_DELAY_MS = 0;",
  },
  {
    name: "a search answers for what a hole has grown by since",
    file: "loop/stream/fill.ts",
    from: "withGrowthApart(before, read.hole)",
    to: "before",
  },
];
