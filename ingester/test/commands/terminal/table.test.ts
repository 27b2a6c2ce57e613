import { table } from "../../../src/commands/terminal/table";

const ROWS = [
  ["spent", "1,400 posts", "$7.00", "by everything that uses this ledger"],
  ["at risk", "1 post ", "$0.005", "answers that never arrived"],
];
const OF_TEXT = { right: [1, 2], indent: "  " };
const NUMBERS = {
  rows: [
    ["2026-11-26", "?", "0"],
    ["2026-11-27", "1,400", "12"],
  ],
  options: { head: ["day", "X", "ledger"], right: [1, 2] },
};

describe("a table", () => {
  it("aligns texts to the left and numbers to the right", () => {
    expect(table(ROWS, { room: 80, ...OF_TEXT })).toEqual([
      "  spent    1,400 posts   $7.00  by everything that uses this ledger",
      "  at risk      1 post   $0.005  answers that never arrived",
    ]);
  });

  it("keeps one line for each row where its last column has room to be continued in", () => {
    expect(table(ROWS, { room: 56, ...OF_TEXT })).toHaveLength(2);
    expect(table(ROWS, { room: 56, ...OF_TEXT })[0]).toMatch(/^ {2}spent {4}1,400 posts/);
  });

  it("is a sentence for each row where it has not", () => {
    expect(table(ROWS, { room: 55, ...OF_TEXT })).toEqual([
      "  spent: 1,400 posts, $7.00, by everything that uses this ledger",
      "  at risk: 1 post, $0.005, answers that never arrived",
    ]);
  });

  it("names its columns", () => {
    expect(table(NUMBERS.rows, { room: 80, ...NUMBERS.options })).toEqual([
      "day             X  ledger",
      "2026-11-26      ?       0",
      "2026-11-27  1,400      12",
    ]);
    expect(table(NUMBERS.rows, { room: 24, ...NUMBERS.options })).toEqual([
      "  2026-11-26: X ?, ledger 0",
      "  2026-11-27: X 1,400, ledger 12",
    ]);
  });

  it("has one line for each row without a terminal, however long", () => {
    const rows = [["name".repeat(100), "1", "text ".repeat(100).trim()]];
    expect(table(rows, { room: Number.POSITIVE_INFINITY, right: [1] })[0]).toContain("  1  text text");
  });

  it("has no rows for no rows", () => {
    expect(table([], { room: 80, right: [] })).toEqual([]);
  });
});
