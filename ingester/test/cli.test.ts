import { parseCommand } from "../src/cli";
import { ConfigError } from "../src/errors";

const NOW = Date.parse("2026-11-23T12:00:00Z");

function problemsOf(...argv: string[]): readonly string[] {
  try {
    parseCommand(argv, NOW);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe("parseCommand", () => {
  it("runs by default", () => {
    expect(parseCommand([], NOW)).toEqual({
      name: "run",
      caps: { maxPosts: undefined, maxUsd: undefined },
      json: false,
    });
  });

  it("takes caps for one run", () => {
    expect(parseCommand(["run", "--max-posts", "50", "--max-usd", "2.50"], NOW)).toMatchObject({
      caps: { maxPosts: 50, maxUsd: 2.5 },
    });
  });

  it("reads a backfill's range, up to now by default", () => {
    expect(parseCommand(["backfill", "--from", "2026-11-20", "--full-archive"], NOW)).toMatchObject({
      fromMs: Date.parse("2026-11-20"),
      toMs: NOW,
      fullArchive: true,
    });
  });

  it.each([
    [["watch"], "Unknown command"],
    [["run", "now"], "Unknown command"],
    [["run", "--form", "x"], "Unknown option '--form'"],
    [["run", "--from", "2026-11-20"], "--from is no option of run"],
    [["run", "--max-posts", "9"], "at least 10"],
    [["run", "--max-posts", "ten"], "a whole number"],
    [["run", "--max-usd", "$5"], "US dollars"],
    [["backfill"], "--from must be an ISO 8601 time"],
    [["backfill", "--from", "2026-11-20", "--to", "2026-11-19"], "--from must be before --to"],
  ])("refuses %j", (argv, expected) => {
    expect(problemsOf(...argv).join("\n")).toContain(expected);
  });

  it("reports every problem at once", () => {
    expect(problemsOf("backfill", "--from", "x", "--to", "y", "--max-posts", "z")).toHaveLength(3);
  });

  it.each([[["--help"]], [["-h"]], [["help"]], [["backfill", "--help"]]])("shows help for %j", (argv) => {
    expect(parseCommand(argv, NOW)).toEqual({ name: "help" });
  });
});
