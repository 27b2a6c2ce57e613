import type { Phase } from "../../src/status/phase";
import { describePhase, type Light, lightOf, PATIENCE_MS, utcTime } from "../../src/status/phase-words";
import { CYCLE_END, NOON, SECOND } from "./helpers";

const WAIT: Extract<Phase, { kind: "waiting_for_x" }> = {
  ...{ kind: "waiting_for_x", reason: "transient", message: "X failed." },
  ...{ untilMs: NOON + 30 * SECOND, needsPerson: false },
};
const FAILING: Extract<Phase, { kind: "delivery_failing" }> = {
  ...{ kind: "delivery_failing", code: "InternalFailure", message: "Firehose failed" },
  ...{ attempt: 7, records: 4, action: "The same records are sent again.", needsPerson: false },
};

describe("a phase in words", () => {
  it("says until when it waits, and then that X is asked again", () => {
    expect(describePhase(WAIT, NOON).headline).toBe("Waiting for X until 2026-11-23 12:00:30 UTC");
    expect(describePhase(WAIT, NOON + 30 * SECOND).headline).toBe("Asking X again");
  });

  it("says that a person has to act", () => {
    const { detail } = describePhase({ ...WAIT, needsPerson: true }, NOON);
    expect(detail).toBe("X failed. Nothing moves until a person acts.");
  });

  it("says what waits for delivery, in the right number", () => {
    expect(describePhase(FAILING, NOON).detail).toBe(
      "InternalFailure: Firehose failed. 4 records are waiting, attempt 7. Nothing is bought meanwhile.",
    );
    expect(describePhase({ kind: "delivering", posts: 1 }, NOON).detail).toContain(
      "1 post is read and paid for",
    );
  });

  it("says where the limit stands", () => {
    const paused: Phase = {
      ...{ kind: "paused_at_limit", limit: "MONTHLY_POST_LIMIT", renewsAtMs: CYCLE_END },
      use: "10 of 10 posts used.",
    };
    expect(describePhase(paused, NOON).detail).toBe(
      "10 of 10 posts used. Nothing is bought until the next billing cycle starts or the limit is raised.",
    );
  });

  it.each([
    [NOON, "2026-11-23 12:00 UTC"],
    [NOON + 5 * SECOND, "2026-11-23 12:00:05 UTC"],
    [Number.POSITIVE_INFINITY, "further notice"],
  ])("writes %d as %s", (ms, text) => {
    expect(utcTime(ms)).toBe(text);
  });
});

describe("the light", () => {
  const AT_ONCE = 0;
  it.each<[string, Phase, number, Light]>([
    ["starting", { kind: "starting" }, AT_ONCE, "grey"],
    ["starting for long", { kind: "starting" }, PATIENCE_MS, "amber"],
    ["stopping", { kind: "stopping" }, AT_ONCE, "grey"],
    ["reading", { kind: "reading" }, AT_ONCE, "green"],
    ["caught up", { kind: "caught_up" }, AT_ONCE, "green"],
    ["delivering", { kind: "delivering", posts: 1 }, AT_ONCE, "amber"],
    ["delivering for a minute", { kind: "delivering", posts: 1 }, PATIENCE_MS, "red"],
    ["waiting, however long", WAIT, 99 * PATIENCE_MS, "amber"],
    ["waiting for a person", { ...WAIT, needsPerson: true }, AT_ONCE, "red"],
    ["failing delivery", FAILING, PATIENCE_MS - 1, "amber"],
    ["failing delivery for a minute", FAILING, PATIENCE_MS, "red"],
    ["refused delivery", { ...FAILING, code: "AccessDeniedException", needsPerson: true }, AT_ONCE, "red"],
    ["a failing store", { kind: "store_failing", message: "" }, AT_ONCE, "amber"],
    ["a failing store for a minute", { kind: "store_failing", message: "" }, PATIENCE_MS, "red"],
    ["failed", { kind: "failed", message: "" }, AT_ONCE, "red"],
  ])("shows %s", (_what, phase, forMs, light) => {
    expect(lightOf({ phase, sinceMs: NOON }, NOON + forMs)).toBe(light);
  });
});
