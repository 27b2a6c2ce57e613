import { barChart, count, progressBar, usd } from "../../src/commands/terminal";

describe("terminal drawing", () => {
  it.each([
    [-1, "░".repeat(30), "  0 %"],
    [0.5, "█".repeat(15) + "░".repeat(15), " 50 %"],
    [2, "█".repeat(30), "100 %"],
  ])("draws %d of the way as a bar", (fraction, bar, percent) => {
    expect(progressBar(fraction, "12 posts")).toBe(`${bar} ${percent}  12 posts`);
  });

  it("scales a chart to its largest value, and shows even the smallest", () => {
    const chart = barChart([
      { label: "Mon", value: 3_000 },
      { label: "Tue", value: 1 },
      { label: "Wed", value: 0 },
    ]);
    const widths = chart.split("\n").map((row) => row.match(/█/g)?.length ?? 0);
    expect(widths).toEqual([30, 1, 0]);
    expect(chart).toContain("3,000");
  });

  it.each([
    [0.005, "$0.005"],
    [0, "$0.00"],
    [12.3, "$12.30"],
    [1_234, "$1,234.00"],
  ])("writes %d dollars as %s", (value, text) => expect(usd(value)).toBe(text));

  it("groups digits", () => expect(count(1_234_567.4)).toBe("1,234,567"));
});
