import fc from "fast-check";
import {
  compareIds,
  firstIdAt,
  ID_EPOCH_MS,
  isId,
  lastIdBefore,
  MAX_ID,
  newerId,
  nextId,
  olderId,
  previousId,
  timeOfId,
} from "../../src/posts/ids";

const anyId = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String);
/** From the start of X's id clock to the last moment that an id can tell. */
const anyTime = fc.integer({ min: ID_EPOCH_MS, max: timeOfId(MAX_ID) });

describe("the time of an id", () => {
  // The post in X's documentation of post objects, with the seconds of its `created_at`.
  it("is that of its post", () => {
    const iso = new Date(timeOfId("1050118621198921728")).toISOString();
    expect(iso.slice(0, 19)).toBe("2018-10-10T20:19:24");
  });

  it("is the same for every id of a millisecond, and for no other", () => {
    fc.assert(
      fc.property(anyTime, (ms) => {
        const first = firstIdAt(ms);
        expect(timeOfId(first)).toBe(ms);
        expect(timeOfId(previousId(firstIdAt(ms + 1)))).toBe(ms);
        if (ms > ID_EPOCH_MS) expect(timeOfId(lastIdBefore(ms))).toBe(ms - 1);
      }),
    );
  });

  it.each([0, ID_EPOCH_MS - 1, ID_EPOCH_MS])("starts with id 0 (%i)", (ms) => {
    expect([firstIdAt(ms), lastIdBefore(ms)]).toEqual(["0", "0"]);
  });

  it("takes a part of a millisecond for the whole one", () => {
    expect(firstIdAt(ID_EPOCH_MS + 1.9)).toBe(firstIdAt(ID_EPOCH_MS + 1));
  });
});

describe("the order of ids", () => {
  it("is that of the numbers they spell", () => {
    fc.assert(
      fc.property(anyId, anyId, (a, b) => {
        expect(Math.sign(compareIds(a, b))).toBe(BigInt(a) < BigInt(b) ? -1 : BigInt(a) > BigInt(b) ? 1 : 0);
        expect([olderId(a, b), newerId(a, b)]).toEqual([a, b].sort(compareIds));
      }),
    );
  });

  it("counts by length before digits", () => {
    expect(newerId("999", "1000")).toBe("1000");
    expect(olderId("999", "1000")).toBe("999");
  });

  it("has a neighbour on each side of every id, and none below 0", () => {
    fc.assert(fc.property(anyId, (id) => expect(previousId(nextId(id))).toBe(id)));
    expect([nextId("999"), previousId("1000")]).toEqual(["1000", "999"]);
    expect(previousId("0")).toBe("0");
  });
});

describe("isId", () => {
  it("takes every id that X can give out", () => {
    expect(MAX_ID).toBe("9223372036854775807");
    fc.assert(fc.property(anyId, (id) => expect(isId(id)).toBe(true)));
  });

  it.each(["", "-1", "01", "1.5", "1e3", " 1", "1\n", "0x1", "12345678901234567890", 1, 1n, null, undefined])(
    "refuses %p",
    (value) => {
      expect(isId(value)).toBe(false);
    },
  );
});
