import fc from "fast-check";
import { MAX_RESPONSE_BYTES } from "../src/firehose-event";
import { transform } from "../src/transform";
import { deliveredLines, eventOf, postLine } from "./helpers/records";

describe("the transform", () => {
  it("formats every line of every record", () => {
    const { response, counts } = transform(
      eventOf(postLine({ id: "1" }) + postLine({ id: "2" }), postLine({ id: "3" })),
    );
    expect(response.records.map(({ recordId, result }) => [recordId, result])).toEqual([
      ["record-0", "Ok"],
      ["record-1", "Ok"],
    ]);
    const lines = response.records.flatMap(deliveredLines);
    expect(lines).toMatchObject(["1", "2", "3"].map((id) => ({ id, formatted: { text_clean: "hello" } })));
    expect(counts).toEqual({
      records: 2,
      lines: 3,
      unreadableLines: 0,
      unformattedRecords: 0,
      failedRecords: 0,
    });
  });

  it("wraps a line that is no JSON, and delivers the good lines around it", () => {
    const { response, counts } = transform(eventOf(`${postLine({ id: "1" })}oops\n${postLine({ id: "2" })}`));
    const [first, second, third] = deliveredLines(response.records[0]);
    expect([first?.id, third?.id]).toEqual(["1", "2"]);
    expect(second).toEqual({
      id: expect.stringMatching(/^unreadable-[0-9a-f]{32}$/),
      ingestion: {
        schema_version: 1,
        source: "unknown",
        received_at: "2026-11-23T18:00:00.000Z",
        dead_letter: {
          reason: "unreadable",
          bytes: 4,
          omitted_fields: [],
          omitted_count: 0,
          raw_base64: Buffer.from("oops").toString("base64"),
        },
      },
    });
    expect(counts).toMatchObject({ unreadableLines: 1, failedRecords: 0 });
  });

  it("fails a record without any good line, so that it goes under the error prefix as it came", () => {
    const { response, counts } = transform(eventOf("oops\nagain\n", postLine()));
    expect(response.records[0]).toEqual({ recordId: "record-0", result: "ProcessingFailed" });
    expect(response.records[1]).toMatchObject({ result: "Ok" });
    expect(counts).toMatchObject({ unreadableLines: 2, failedRecords: 1 });
  });

  it("drops a record that holds nothing", () => {
    const { response } = transform(eventOf("", " \r\n\n"));
    expect(response.records.map(({ result }) => result)).toEqual(["Dropped", "Dropped"]);
  });

  it("ends the last line of a record, so that the next record begins on a line of its own", () => {
    const { response } = transform(eventOf(postLine().trimEnd()));
    expect(deliveredLines(response.records[0])).toHaveLength(1);
  });

  it("delivers records as they came when the formatted response would be too large", () => {
    const long = postLine({ full_text: "a".repeat(400_000) });
    const event = eventOf(...Array.from({ length: 10 }, () => long));
    const { response, counts } = transform(event);
    expect(Buffer.byteLength(JSON.stringify(response))).toBeLessThanOrEqual(MAX_RESPONSE_BYTES);
    expect(response.records.map(({ result }) => result)).toEqual(Array(10).fill("Ok"));
    expect(counts.unformattedRecords).toBeGreaterThan(0);
    const last = deliveredLines(response.records[9]);
    expect(last).toEqual([JSON.parse(long)]);
  });

  it("answers every record once, in order, within the limit, and loses no line", () => {
    const line = fc.oneof(
      fc
        .record({ id: fc.string(), text: fc.string({ unit: "grapheme" }) })
        .map((post) => JSON.stringify(post)),
      fc.string().map((text) => text.replaceAll("\n", " ")),
    );
    const record = fc.array(line, { maxLength: 5 }).map((lines) => lines.join("\n"));
    fc.assert(
      fc.property(fc.array(record, { maxLength: 6 }), fc.nat(4_000), (records, room) => {
        const event = eventOf(...records);
        const maxBytes = 100 + records.length * 60 + room;
        const { response } = transform(event, maxBytes);
        expect(response.records.map(({ recordId }) => recordId)).toEqual(
          event.records.map(({ recordId }) => recordId),
        );
        expect(Buffer.byteLength(JSON.stringify(response))).toBeLessThanOrEqual(maxBytes);
        for (const [index, answer] of response.records.entries()) {
          const lines = (records[index] ?? "").split("\n").filter((text) => /[^ \t\r]/.test(text));
          if (answer.result === "Dropped") expect(lines).toEqual([]);
          if (answer.result === "Ok") expect(deliveredLines(answer)).toHaveLength(lines.length);
        }
      }),
    );
  });
});
