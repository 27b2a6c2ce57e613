import fc from "fast-check";
import {
  MAX_BATCH_BYTES,
  MAX_LINES_PER_RECORD,
  MAX_RECORD_BYTES,
  MAX_RECORDS_PER_BATCH,
  PACKED_RECORD_BYTES,
} from "../../src/firehose/limits";
import { bytesIn, FIREHOSE_LIMITS, linesIn, pack, packPage } from "../../src/firehose/pack";
import { encodePage } from "../../src/posts/line";
import { pageOf } from "../helpers/posts";

/** Sizes of the records of each batch. */
const sizes = (lineBytes: readonly number[]) =>
  pack(lineBytes).map((batch) => batch.map(({ bytes }) => bytes));
const repeat = (count: number, bytes: number) => Array.from({ length: count }, () => bytes);

describe("pack", () => {
  it("makes one batch of an X page of 100 ordinary posts", () => {
    expect(pack(repeat(100, 2_300))).toHaveLength(1);
    expect(sizes(repeat(100, 2_300))).toEqual([[230_000]]);
  });

  it("makes nothing of nothing", () => {
    expect(pack([])).toEqual([]);
  });

  it.each([
    ["lines at the limit", repeat(MAX_LINES_PER_RECORD, 10), [[5_000]]],
    ["one line more", repeat(MAX_LINES_PER_RECORD + 1, 10), [[5_000, 10]]],
    ["bytes at the limit", [PACKED_RECORD_BYTES - 1, 1], [[PACKED_RECORD_BYTES]]],
    ["one byte more", [PACKED_RECORD_BYTES - 1, 2], [[PACKED_RECORD_BYTES - 1, 2]]],
  ])("fills records: %s", (_name, lines, expected) => {
    expect(sizes(lines)).toEqual(expected);
  });

  it("gives a long line a record of its own", () => {
    expect(sizes([10, PACKED_RECORD_BYTES + 1, 10])).toEqual([[10, PACKED_RECORD_BYTES + 1, 10]]);
    expect(sizes([10, MAX_RECORD_BYTES, 10])).toEqual([[10, MAX_RECORD_BYTES, 10]]);
  });

  it("fills batches with records at the limit, and starts another for one more", () => {
    const record = PACKED_RECORD_BYTES;
    const full = MAX_BATCH_BYTES / record;
    expect(pack(repeat(full, record)).map((batch) => batch.length)).toEqual([full]);
    expect(pack(repeat(full + 1, record)).map((batch) => batch.length)).toEqual([full, 1]);
    expect(sizes([...repeat(full - 1, record), record - 1, 1, 1]).map((batch) => batch.length)).toEqual([
      full,
      1,
    ]);
  });

  it("fills batches with 500 records at the limit, and starts another for one more", () => {
    // Records of one line each, as records are never this small otherwise.
    const limits = {
      linesPerRecord: 1,
      recordBytes: 10,
      recordsPerBatch: MAX_RECORDS_PER_BATCH,
      batchBytes: 10 ** 6,
    };
    const batches = (count: number) => pack(repeat(count, 10), limits).map((batch) => batch.length);
    expect(batches(MAX_RECORDS_PER_BATCH)).toEqual([500]);
    expect(batches(MAX_RECORDS_PER_BATCH + 1)).toEqual([500, 1]);
  });

  const lineBytes = fc.oneof(
    fc.integer({ min: 100, max: 5_000 }),
    fc.integer({ min: 1, max: MAX_RECORD_BYTES }),
    fc.constantFrom(1, PACKED_RECORD_BYTES, PACKED_RECORD_BYTES + 1, MAX_RECORD_BYTES),
  );

  it("loses nothing, keeps the order and never exceeds a limit", () => {
    fc.assert(
      fc.property(fc.array(lineBytes, { maxLength: 1_200 }), (lines) => {
        const batches = pack(lines);
        const records = batches.flat();
        const packed = records.flatMap(({ first, end }) => lines.slice(first, end));
        expect(packed).toEqual(lines);
        for (const { first, end, bytes } of records) {
          expect(bytes).toBe(lines.slice(first, end).reduce((sum, size) => sum + size, 0));
          expect(end - first).toBeGreaterThan(0);
          expect(end - first).toBeLessThanOrEqual(MAX_LINES_PER_RECORD);
          expect(bytes).toBeLessThanOrEqual(end - first === 1 ? MAX_RECORD_BYTES : PACKED_RECORD_BYTES);
        }
        for (const batch of batches) {
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.length).toBeLessThanOrEqual(MAX_RECORDS_PER_BATCH);
          expect(batch.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(MAX_BATCH_BYTES);
        }
      }),
    );
  });

  it("wastes nothing: no two neighbours fit together", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 200_000 }), { maxLength: 300 }), (lines) => {
        for (const batch of pack(lines)) {
          for (const [index, record] of batch.entries()) {
            const next = lines[record.end];
            if (index + 1 < batch.length && next !== undefined) {
              expect(record.bytes + next).toBeGreaterThan(PACKED_RECORD_BYTES);
            }
          }
        }
      }),
    );
  });
});

describe("packPage", () => {
  const page = encodePage(pageOf(7, 100), MAX_RECORD_BYTES);
  const batches = packPage(page, { ...FIREHOSE_LIMITS, linesPerRecord: 3, recordsPerBatch: 2 });

  it("cuts a page into records of whole lines, in order", () => {
    expect(batches.map((batch) => batch.map(({ lineCount }) => lineCount))).toEqual([[3, 3], [1]]);
    for (const record of batches.flat()) {
      const ids = record.data
        .toString()
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line).id);
      expect(ids).toEqual(record.lines.map(({ post }) => post.id));
    }
    expect(Buffer.concat(batches.flat().map(({ data }) => data)).equals(page.data)).toBe(true);
    expect(batches.map(linesIn)).toEqual([6, 1]);
    expect(batches.map(bytesIn).reduce((sum, bytes) => sum + bytes, 0)).toBe(page.data.length);
  });

  it("does not copy a page's bytes", () => {
    const memory = batches.flat().map(({ data }) => data.buffer);
    expect(new Set(memory)).toEqual(new Set([page.data.buffer]));
  });

  it("halves a record down to its lines", () => {
    const [[three] = []] = batches;
    const [one, two] = three?.halves() ?? [];
    expect([one?.lines, two?.lines]).toEqual([page.lines.slice(0, 1), page.lines.slice(1, 3)]);
    expect([one?.halves(), two?.halves()?.map(({ lineCount }) => lineCount)]).toEqual([undefined, [1, 1]]);
  });
});
