import { barChart, progressBar, timeline } from "../../../src/commands/terminal/draw";

describe("terminal drawing", () => {
  it.each([
    [-1, "░".repeat(30), "  0 %"],
    [0.5, "█".repeat(15) + "░".repeat(15), " 50 %"],
    [2, "█".repeat(30), "100 %"],
  ])("draws %d of the way as a bar", (fraction, bar, percent) => {
    expect(progressBar(fraction)).toBe(`${bar} ${percent}`);
  });

  it("draws a short bar in a narrow terminal", () => {
    expect(progressBar(0.5, 30)).toBe(`${"█".repeat(5)}${"░".repeat(5)}  50 %`);
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
});

describe("timeline", () => {
  const mark = (character: string, fromMs: number, toMs: number) => ({ mark: character, fromMs, toMs });

  it("draws stretches of time in proportion", () => {
    expect(timeline([mark("#", 0, 800), mark(".", 800, 1_000)])).toBe("#".repeat(40) + ".".repeat(10));
  });

  it("draws later stretches over earlier ones", () => {
    const marks = [mark("#", 5_000, 6_000), mark(".", 5_600, 5_900)];
    expect(timeline(marks)).toBe("#".repeat(30) + ".".repeat(15) + "#".repeat(5));
    expect(timeline(marks.toReversed())).toBe("#".repeat(50));
  });

  it("leaves out what no stretch covers", () => {
    expect(timeline([mark("#", 0, 200), mark("#", 800, 1_000)])).toBe(
      "#".repeat(10) + " ".repeat(30) + "#".repeat(10),
    );
  });

  it.each([
    ["at the beginning", 0, 0],
    ["in the middle", 500_000, 25],
    ["at the end", 999_999, 49],
  ])("shows a hole that is shorter than a column: %s", (_where, fromMs, column) => {
    const around = [mark("#", 0, fromMs), mark("#", fromMs + 1, 1_000_000)];
    const owned = around.filter((stretch) => stretch.toMs > stretch.fromMs);
    const bar = timeline([...owned, mark(".", fromMs, fromMs + 1)]);
    expect(bar).toHaveLength(50);
    expect(bar.indexOf(".")).toBe(column);
    expect(bar.replaceAll("#", "")).toBe(".");
  });

  it("shows many short holes in a row, each in its column", () => {
    const holes = Array.from({ length: 10 }, (_, index) => mark(".", index * 100 + 50, index * 100 + 51));
    const bar = timeline([mark("#", 0, 1_000), ...holes]);
    expect(bar.match(/\./g)).toHaveLength(10);
  });

  it("shows a moment at the end in the last column", () => {
    expect(timeline([mark("#", 0, 1_000), mark("x", 1_000, 1_000)])).toBe(`${"#".repeat(49)}x`);
  });

  it("fills the bar with a single stretch, and even with a single moment", () => {
    expect(timeline([mark("#", 1_000, 2_000)])).toBe("#".repeat(50));
    expect([28, 3, 200].map((room) => timeline([mark("#", 0, 1)], room).length)).toEqual([28, 10, 50]);
    expect(timeline([mark("#", 1_000, 1_000)])).toMatch(/^# {49}$/);
  });
});
