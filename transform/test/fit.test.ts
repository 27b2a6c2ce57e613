import fc from "fast-check";
import type { TransformedRecord } from "../src/firehose-event";
import { fit } from "../src/fit";

const ok = (recordId: string, length: number): TransformedRecord => ({
  recordId,
  result: "Ok",
  data: "x".repeat(length),
});
const failed = (recordId: string): TransformedRecord => ({ recordId, result: "ProcessingFailed" });

function bytesOf(choices: readonly (readonly TransformedRecord[])[], chosen: readonly number[]): number {
  const records = choices.map((answers, index) => answers[chosen[index] ?? 0]);
  return Buffer.byteLength(JSON.stringify({ records }));
}

describe("fitting a response", () => {
  const choices = [
    [ok("ä", 300), ok("ä", 200), failed("ä")],
    [ok("b", 300), ok("b", 200), failed("b")],
  ];
  const bestBytes = bytesOf(choices, [0, 0]);

  it("gives every record its best answer at the limit", () => {
    expect(fit(choices, bestBytes + 1)).toEqual([0, 0]);
  });

  it("gives a later record its second best one byte below", () => {
    expect(fit(choices, bestBytes - 1)).toEqual([0, 1]);
  });

  it("delivers all records somehow before it delivers any formatted", () => {
    expect(fit(choices, bytesOf(choices, [1, 1]) + 1)).toEqual([1, 1]);
  });

  it("fails the records that have no room", () => {
    expect(fit(choices, bytesOf(choices, [1, 2]) + 1)).toEqual([1, 2]);
  });

  it("never exceeds the limit where the smallest answers fit, and wastes no room", () => {
    const record = fc.array(fc.nat(400), { maxLength: 2 }).map((lengths) =>
      [...lengths]
        .sort((first, second) => second - first)
        .map((length) => ok("r", 20 + length))
        .concat(failed("r")),
    );
    fc.assert(
      fc.property(fc.array(record, { maxLength: 8 }), fc.nat(3000), (some, room) => {
        const smallest = bytesOf(
          some,
          some.map(({ length }) => length - 1),
        );
        const maxBytes = smallest + 1 + room;
        const chosen = fit(some, maxBytes);
        expect(bytesOf(some, chosen)).toBeLessThanOrEqual(maxBytes);
        for (const [index, at] of chosen.entries()) {
          if (at === 0) continue;
          const better = chosen.map((value, other) => (other === index ? value - 1 : value));
          expect(bytesOf(some, better) + 1).toBeGreaterThan(maxBytes);
        }
      }),
    );
  });
});
