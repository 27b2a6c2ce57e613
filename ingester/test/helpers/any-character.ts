import fc from "fast-check";

const SURROGATES = { from: 0xd800, count: 0x800 };

/**
 * Every character of Unicode alike, as a unit of fc.string. fast-check's own `unit: "binary"` brings the same ones, but takes
 * half a second to make.
 */
export const anyCharacter = fc
  .integer({ min: 0, max: 0x10ffff - SURROGATES.count })
  .map((index) => String.fromCodePoint(index < SURROGATES.from ? index : index + SURROGATES.count));
