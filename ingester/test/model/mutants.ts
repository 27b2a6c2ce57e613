/** Faults that are put into the product's functions or into the protocol: each has to break a promise of the model. */
import { ledgerMutants, type Mutant } from "../helpers/ledger-mutants";

const PROTOCOL = "../test/model/protocol.ts";
const FAULTS = "../test/model/faults.ts";

export const mutants: readonly Mutant[] = [
  ...ledgerMutants,
  {
    name: "a page is committed before it is delivered",
    file: PROTOCOL,
    from: `stage: "delivering", page: ids`,
    to: `stage: "committing", page: ids`,
  },
  {
    name: "a worker that was dismissed goes on writing",
    file: PROTOCOL,
    from: "if (workerOf(standing, process.fence) === undefined)",
    to: "if (gone.includes(process.fence))",
  },
  {
    name: "a worker that stood still does not make sure that it is listed",
    file: PROTOCOL,
    from: "if (process.isProven) return",
    to: "if (process.fence > 0) return",
  },
  {
    name: "a living worker counts as gone",
    file: PROTOCOL,
    from: "{ fence, beat, isGone: false }",
    to: "{ fence, beat, isGone: true }",
  },
  {
    name: "a worker that has ended still counts as living",
    file: FAULTS,
    from: "wasSeen(other) ? { ...other, isGone: true } : other",
    to: "wasSeen(other) ? { ...other, isGone: false } : other",
  },
  {
    name: "a write whose answer gets lost is made again",
    file: PROTOCOL,
    from: "state.writer === n || workerOf(state.ledger, process.fence)?.beat === unanswered.beat",
    to: "state.writer === n",
  },
  {
    name: "a reservation is used however old it is",
    file: PROTOCOL,
    from: `const isOld = stage === "asking" &&`,
    to: `const isOld = stage === "off" &&`,
  },
  {
    name: "a limit is compared with what is spent alone",
    file: "ledger/limits.ts",
    from: "return spent + atRisk + reserved + others;",
    to: "return spent + others;",
  },
  {
    name: "what is at risk counts as repeated just before midnight",
    file: "ledger/risks.ts",
    from: "dayOf(risk.atMs) === dayOf(nowMs + STRADDLE_MS),",
    to: "STRADDLE_MS > 0,",
  },
  {
    name: "claims of workers that are gone stay",
    file: "ledger/ledger.ts",
    from: "ledger.coverage.map((coverage) => withoutClaims(coverage, fences))",
    to: "ledger.coverage",
  },
];
