import { RunLine } from "../../../src/commands/terminal/run-line";
import type { CollectEvent } from "../../../src/loop/events";
import { caughtUp, LIMIT_REACHED, RETRYING, read, waiting } from "../../status/events";
import { MINUTE, NOON, tracker } from "../../status/helpers";

function stateAfter(event: CollectEvent): string | undefined {
  const status = tracker();
  status.apply(event);
  return new RunLine(undefined).parts(status.snapshot(), undefined)[0];
}

describe("the line of a run", () => {
  const outlook = "about $3.00 in all, 4 min left";

  it.each<[string, CollectEvent, boolean]>([
    ["while it reads", read(NOON, 2), true],
    ["not when it has caught up", caughtUp(NOON), false],
    ["not while it waits for X", waiting(NOON + MINUTE), false],
  ])("shows what the rest of the holes takes %s", (_when, event, isShown) => {
    const status = tracker();
    status.apply(event);
    expect(new RunLine(undefined).parts(status.snapshot(), outlook).includes(outlook)).toBe(isShown);
  });
});

describe("what the line of a run begins with", () => {
  it.each<[string, CollectEvent, string]>([
    ["posts, while it reads", read(NOON, 2), "2 posts"],
    ["that it has caught up", caughtUp(NOON), "Caught up"],
    ["the rest of a wait for X", waiting(NOON + 9 * MINUTE), "Waiting for X, 9 min left"],
    ["that a wait is over", waiting(NOON), "Asking X again"],
    ["the limit that it is paused at", LIMIT_REACHED, "Paused at MONTHLY_USD_LIMIT"],
    ["what hinders it", RETRYING, "Delivery is failing"],
  ])("is %s", (_what, event, words) => {
    expect(stateAfter(event)).toBe(words);
    // Whole in a terminal of 30 columns.
    expect(words.length).toBeLessThanOrEqual(27);
  });
});
