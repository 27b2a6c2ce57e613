import { FillProgress } from "../../../src/commands/backfill/fill-progress";
import { firstIdAt } from "../../../src/posts/ids";

const HOUR = 3_600_000;
const START = Date.parse("2026-11-20T00:00:00Z");

function setUp() {
  const state = { openHours: 10, usd: 0, elapsedMs: 0 };
  const fill = new FillProgress(
    () => [{ after: firstIdAt(START), through: firstIdAt(START + state.openHours * HOUR) }],
    () => state.usd,
    () => state.elapsedMs,
  );
  fill.fraction();
  return { state, fill };
}

describe("the outlook on a fill", () => {
  it("follows from the time and the money that the first part has taken", () => {
    const { state, fill } = setUp();
    Object.assign(state, { openHours: 7.5, usd: 2, elapsedMs: 60_000 });
    expect(fill.outlook()).toBe("about $8.00 in all, 3 min left");
  });

  it("is not given before something is known, nor at the end", () => {
    const { state, fill } = setUp();
    expect(fill.outlook()).toBeUndefined();
    state.openHours = 0;
    expect(fill.outlook()).toBeUndefined();
  });
});
