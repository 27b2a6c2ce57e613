import { actionsOf, type Situation } from "../../src/status/actions";
import { budgetStatusOf, withRate } from "../../src/status/budget-status";
import { NO_COUNTS } from "../../src/status/counters";
import type { Phase } from "../../src/status/phase";
import { queryStatusOf } from "../../src/status/query-status";
import { interval } from "./events";
import { CATS, CYCLE_END, coverageOf, DAY, HOUR, ledgerWith, MINUTE, NOON, TERMS } from "./helpers";

const QUIET: Situation = {
  phase: { kind: "caught_up" },
  sinceMs: NOON,
  nowMs: NOON,
  budget: undefined,
  queries: [],
  counts: NO_COUNTS,
};

function toDo(situation: Partial<Situation>) {
  return actionsOf({ ...QUIET, ...situation });
}

function waitingFor(reason: string, needsPerson = false): Phase {
  return { kind: "waiting_for_x", reason, message: "X refuses.", untilMs: NOON, needsPerson };
}

/** A delivery that fails; where an action is named, nothing moves until a person acts. */
function failingWith(code: string, action = "", needsPerson = action !== ""): Phase {
  return { kind: "delivery_failing", code, message: "no", attempt: 3, records: 1, action, needsPerson };
}

const PAUSED: Phase = {
  kind: "paused_at_limit",
  limit: "MONTHLY_USD_LIMIT",
  renewsAtMs: CYCLE_END,
  use: undefined,
};

describe("what a person should do", () => {
  it.each<[string, Phase]>([
    ["everything works", { kind: "caught_up" }],
    ["posts are read", { kind: "reading" }],
    ["X's rate limit is used up", waitingFor("window_limit")],
    ["X fails", waitingFor("transient")],
    ["delivery fails in passing", failingWith("InternalFailure")],
    ["the store fails in passing", { kind: "store_failing", message: "no answer" }],
  ])("is nothing while %s", (_what, phase) => {
    expect(toDo({ phase })).toEqual([]);
  });

  it.each<[string, Phase, string, string]>([
    ["credit is used up", waitingFor("credits_depleted", true), "Buy credit", "no-posts"],
    ["the spending limit is reached", waitingFor("spending_limit", true), "Raise it there", "no-posts"],
    ["X's cap is used up", waitingFor("usage_cap"), "Raise it in X's developer console", "no-posts"],
    [
      "AWS refuses access",
      failingWith("AccessDeniedException", "Check the task role."),
      "task role",
      "no-posts",
    ],
    [
      "the stream does not exist",
      failingWith("ResourceNotFoundException", "Deploy the data stack."),
      "data stack",
      "no-posts",
    ],
    ["the loop has failed", { kind: "failed", message: "a bug" }, "Find the cause", "task-not-running"],
    ["a limit is reached", PAUSED, "raise MONTHLY_USD_LIMIT", "budget-100"],
  ])("is said at once when %s", (_what, phase, text, runbook) => {
    expect(toDo({ phase })).toEqual([{ text: expect.stringContaining(text), runbook }]);
  });

  it.each<[string, Phase, string]>([
    [
      "delivery",
      failingWith("ServiceUnavailableException", "The stream takes less.", false),
      "The stream takes less",
    ],
    ["the store", { kind: "store_failing", message: "no answer" }, "Check the table"],
  ])("includes a passing failure of %s that has lasted a minute", (_what, phase, text) => {
    expect(toDo({ phase, nowMs: NOON + MINUTE })[0]?.text).toContain(text);
  });

  it("warns that posts grow too old, when a limit renews in more than a week", () => {
    const old = "older than the 7 days";
    expect(toDo({ phase: PAUSED })[0]?.text).toContain(old);
    expect(toDo({ phase: PAUSED, nowMs: CYCLE_END - 7 * DAY })[0]?.text).not.toContain(old);
  });
});

describe("what a person should do about the budget", () => {
  const page = { posts: 10, usd: 0.05 };
  const budgetWith = (monthlyUsd: number) =>
    budgetStatusOf(ledgerWith(), { ...TERMS, limits: { monthlyUsd } }, page);
  const rate = (usdPerHour: number) => ({ overMs: 3 * HOUR, postsPerHour: usdPerHour * 200, usdPerHour });

  it("is nothing while it lasts", () => {
    expect(toDo({ budget: withRate(budgetWith(50), rate(0.1), NOON) })).toEqual([]);
  });

  it("is said when it runs out before the cycle turns, with the date", () => {
    const budget = withRate(budgetWith(50), rate(3.766), NOON);
    expect(toDo({ budget })).toEqual([
      {
        text: expect.stringContaining(
          "At the rate of the last 3 h, MONTHLY_USD_LIMIT is reached on 2026-11-23 22:00 UTC, before the next billing cycle starts on 2026-12-01 00:00 UTC.",
        ),
        runbook: "budget-80",
      },
    ]);
  });

  it.each([
    ["80 percent are used", 15.4, "80 % of the tightest monthly limit is used", "budget-80"],
    ["it is used up", 12.34, "A monthly limit is used up", "budget-100"],
  ])("is said when %s", (_what, monthlyUsd, text, runbook) => {
    expect(toDo({ budget: budgetWith(monthlyUsd) })).toEqual([
      { text: expect.stringContaining(text), runbook },
    ]);
  });

  it("is said once at a limit", () => {
    expect(toDo({ phase: PAUSED, budget: budgetWith(12.34) })).toHaveLength(1);
  });
});

describe("what a person should do about posts", () => {
  const lossAt = (recordedAt: string, reason: "search_window" | "details_dropped" = "search_window") => {
    const lost = [{ ...interval(NOON - 9 * DAY, NOON - 8 * DAY), reason, recordedAt }];
    const ledger = ledgerWith({ coverage: [coverageOf(CATS, { lost })] });
    const memory = { counts: NO_COUNTS, isCaughtUp: true, caughtUpMs: NOON };
    return queryStatusOf(CATS, memory, { ledger, nowMs: NOON });
  };

  it("names losses of the last seven days, and whose they are where there are several queries", () => {
    const fresh = lossAt("2026-11-20T12:00:00.000Z");
    const said = "1 range of posts was recorded as lost in the last 7 days.";
    expect(toDo({ queries: [fresh] })[0]?.text).toContain(said);
    expect(toDo({ queries: [fresh, lossAt("2026-11-01T12:00:00.000Z")] })).toEqual([
      { text: expect.stringContaining("1 range of posts of cats was recorded as lost") },
    ]);
  });

  it("is nothing about losses that are old or cannot be bought", () => {
    const dropped = lossAt("2026-11-20T12:00:00.000Z", "details_dropped");
    expect(toDo({ queries: [lossAt("2026-11-16T12:00:00.000Z"), dropped] })).toEqual([]);
  });

  it.each([
    [1, "1 post was delivered incomplete since the start. The log names it."],
    [2, "2 posts were delivered incomplete since the start. The log names them."],
  ])("counts dead letters: %i", (deadLetters, text) => {
    expect(toDo({ counts: { ...NO_COUNTS, deadLetters } })).toEqual([
      { text: expect.stringContaining(text), runbook: "dead-letters" },
    ]);
  });

  it("lists what is most urgent first", () => {
    const phase = waitingFor("credits_depleted", true);
    const sections = toDo({ phase, counts: { ...NO_COUNTS, deadLetters: 1 } }).map(({ runbook }) => runbook);
    expect(sections).toEqual(["no-posts", "dead-letters"]);
  });
});
