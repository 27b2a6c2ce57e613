import { CONNECT_LIMIT, type Disconnection, Reconnects } from "../../../src/x/stream/reconnect";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** Waits after failures of these kinds, one after the other. */
function waits(...kinds: readonly Disconnection[]): readonly number[] {
  const reconnects = new Reconnects();
  return kinds.map((kind) => reconnects.waitAfter(kind, 0) / SECOND_MS);
}

const times = (count: number, kind: Disconnection) => Array<Disconnection>(count).fill(kind);

describe("the wait before the next connection", () => {
  it.each<[string, readonly Disconnection[], readonly number[]]>([
    ["is none after a healthy one", times(3, "closed"), [0, 0, 0]],
    ["grows by 250 ms with failures of the network", times(4, "network"), [0, 0.25, 0.5, 0.75]],
    ["doubles from 5 s with refusals", times(4, "refused"), [5, 10, 20, 40]],
    ["doubles from 60 s with 429", times(6, "limited"), [60, 120, 240, 480, 960, 960]],
    ["begins anew with another kind", ["refused", "refused", "network", "refused"], [5, 10, 0, 5]],
    ["begins anew after a healthy one", ["limited", "limited", "closed", "limited"], [60, 120, 0, 60]],
  ])("%s", (_, kinds, expected) => {
    expect(waits(...kinds)).toEqual(expected);
  });

  it.each<[Disconnection, number]>([
    ["network", 16],
    ["refused", 320],
    ["limited", 960],
  ])("after many failures of the kind %s is %i s", (kind, longest) => {
    expect(waits(...times(100, kind)).at(-1)).toBe(longest);
  });

  it("is never shorter than what X says", () => {
    expect(new Reconnects().waitAfter("limited", 0, 5 * MINUTE_MS)).toBe(5 * MINUTE_MS);
    expect(new Reconnects().waitAfter("limited", 0, 1)).toBe(MINUTE_MS);
  });
});

describe("connections on simulated time", () => {
  const KINDS: readonly Disconnection[] = ["closed", "network", "refused", "limited"];
  /** Moments of connects in three hours, each of which ends at once, in ways that a number decides. */
  function moments(kindOf: (count: number) => Disconnection): readonly number[] {
    const reconnects = new Reconnects();
    const tried: number[] = [];
    for (let elapsedMs = 0; elapsedMs < 180 * MINUTE_MS; ) {
      reconnects.noteAttempt(elapsedMs);
      tried.push(elapsedMs);
      // A connection lives for a moment.
      elapsedMs += 10 + reconnects.waitAfter(kindOf(tried.length), elapsedMs + 10);
    }
    return tried;
  }

  it.each<[string, (count: number) => Disconnection]>([
    ["healthy ones that end at once", () => "closed"],
    ["failures of the network", () => "network"],
    ["healthy and failed ones in turn", (count) => (count % 2 === 0 ? "closed" : "network")],
    ["all kinds in turn", (count) => KINDS[count % KINDS.length] ?? "closed"],
    ["all kinds in no order", (count) => KINDS[(count * 7_919 + (count >> 3)) % KINDS.length] ?? "closed"],
  ])("are never more than X allows in 15 minutes: %s", (_, kindOf) => {
    const tried = moments(kindOf);
    const inWindow = tried.map(
      (from) => tried.filter((at) => at >= from && at < from + CONNECT_LIMIT.windowMs).length,
    );
    expect(Math.max(...inWindow)).toBeLessThanOrEqual(CONNECT_LIMIT.connects);
    expect(CONNECT_LIMIT.connects).toBeLessThan(50);
    expect(tried.length).toBeGreaterThan(20);
  });
});
