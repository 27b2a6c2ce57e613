/** What a hole that has been filled gives back of what was at risk in it. */
import { PUSHED, totalAtRisk } from "../../../src/ledger/account";
import { newCoverage } from "../../../src/ledger/coverage";
import { type Ledger, newLedger, withCoverage } from "../../../src/ledger/ledger";
import type { Page } from "../../../src/loop/ports";
import { FillPlan, type RuleSource } from "../../../src/loop/stream/fill";
import { firstIdAt, lastIdBefore } from "../../../src/posts/ids";
import { RecentIds } from "../../../src/posts/recent-ids";
import { page } from "../../helpers/fake-ports";

const KEY = "tweet_stream (filtered stream)";
const NOW = Date.parse("2026-11-23T12:00:00Z");
const HOLE = { after: firstIdAt(NOW - 600_000), through: lastIdBefore(NOW - 300_000) };
const MIDDLE = firstIdAt(NOW - 450_000);
const RULES = ["r", "s"].map((rule) => ({ rule, value: rule, tag: rule }));

/** A hole with two rules, in which a process was killed before it had written down what it had heard. */
function ledgerWith(atRisk: { readonly after: string; readonly through: string }): Ledger {
  const coverage = {
    ...newCoverage(KEY, "the stream"),
    start: HOLE.after,
    stream: {
      ...{ set: "set", sets: [{ id: "set", rules: ["r", "s"] }], texts: [], bySearch: [] },
      holes: [{ ...HOLE, set: "set", searched: 0, skipped: 0 }],
    },
  };
  const ledger = withCoverage(newLedger(NOW, 1), coverage);
  const risk = { key: KEY, part: PUSHED, interval: atRisk, atMs: NOW - 600_000, amounts: { posts: 2_500 } };
  return { ...ledger, budget: { ...ledger.budget, risks: [risk] } };
}

/**
 * Search has read the hole for both rules.
 * @param skipped references of rules that search cannot be asked for
 * @param last the answer for the last rule
 */
function filled(
  ledger: Ledger,
  {
    deduplicates = true,
    skipped = [],
    last = {},
  }: { deduplicates?: boolean; skipped?: readonly string[]; last?: Partial<Page> },
): Ledger {
  const plan = new FillPlan({
    ...{ key: KEY, fence: 1, rules: RULES, deduplicates, delivered: new RecentIds(10) },
    idOf: () => undefined,
    observe: () => undefined,
    sourceOf: (value): RuleSource => ({
      readLimits: { minPosts: 10, maxPosts: 100, perPost: { posts: 1 } },
      read: () => Promise.reject(new Error("not asked")),
      skipped: skipped.includes(value ?? "") ? { why: "ignored_operators", text: "it samples" } : undefined,
    }),
  });
  return RULES.reduce((sum, { rule }) => {
    const turn = plan.choose(sum, NOW);
    if (turn === undefined) throw new Error("No rule is left to search for.");
    const answer = page([], { filled: true, ...(rule === RULES.at(-1)?.rule && last) });
    return plan.advanced(sum, { ...turn, asked: turn.hole, page: answer }, NOW);
  }, ledger);
}

describe("a hole that has been filled", () => {
  it("gives back what was at risk in it: whatever X has sent has been bought today", () => {
    expect(totalAtRisk(filled(ledgerWith(HOLE), {}).budget)).toEqual({});
  });

  it.each([
    ["a rule was skipped: its posts have not been read", { skipped: ["r"] }],
    ["the last rule was skipped", { skipped: ["s"] }],
    ["X is not relied on to charge a post once a day", { deduplicates: false }],
  ])("keeps it where %s", (_case, options) => {
    expect(totalAtRisk(filled(ledgerWith(HOLE), options).budget)).toEqual({ posts: 2_500 });
  });

  it("keeps what may lie in the part that X could no longer return", () => {
    const last = { lost: { after: HOLE.after, through: MIDDLE } };
    expect(totalAtRisk(filled(ledgerWith(HOLE), { last }).budget)).toEqual({ posts: 2_500 });
    const read = { after: MIDDLE, through: HOLE.through };
    expect(totalAtRisk(filled(ledgerWith(read), { last }).budget)).toEqual({});
  });
});
