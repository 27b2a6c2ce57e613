import { column, count, duration, plural, pluralIs, sentence, usd } from "../../src/runtime/words";

describe("numbers and units in messages", () => {
  it.each([
    [count(1_234_567.4), "1,234,567"],
    [plural(1, "record"), "1 record"],
    [plural(1.4, "record"), "1 record"],
    [plural(0, "record"), "0 records"],
    [plural(1_000, "query", "queries"), "1,000 queries"],
    [pluralIs(1, "post"), "1 post is"],
    [pluralIs(2, "post"), "2 posts are"],
    [column(1, "post"), "1 post "],
    [column(2_000, "post"), "2,000 posts"],
    [usd(0), "$0.00"],
    [usd(12.3), "$12.30"],
    [usd(0.005), "$0.005"],
    [usd(1_234), "$1,234.00"],
    [duration(-1), "0 s"],
    [duration(59_400), "59 s"],
    [duration(60_000), "1 min"],
    [duration(4_800_000), "1 h 20 min"],
    [duration(3_600_000), "1 h"],
    [duration(30 * 3_600_000 + 60_000), "30 h 1 min"],
    [duration(48 * 3_600_000), "2 days"],
    [sentence("Slow down."), "Slow down."],
    [sentence("no route to host"), "no route to host."],
  ])("reads %j", (got, expected) => {
    expect(got).toBe(expected);
  });
});
