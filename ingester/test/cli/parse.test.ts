import { COMMAND_NAMES } from "../../src/cli/command";
import { helpOf } from "../../src/cli/help";
import { parseInvocation } from "../../src/cli/parse";
import { COMMANDS } from "../../src/cli/spec";
import { ConfigError } from "../../src/loop/errors";

const NOW = Date.parse("2026-11-23T12:00:00Z");

const parseCommand = (argv: readonly string[], nowMs: number) => parseInvocation(argv, nowMs).command;

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
      yes: false,
      json: false,
    });
  });

  it("takes caps for one run", () => {
    expect(parseCommand(["run", "--max-posts", "50", "--max-usd", "2.50"], NOW)).toMatchObject({
      caps: { maxPosts: 50, maxUsd: 2.5 },
    });
  });

  it("leaves it to the configuration how small a cap may be", () => {
    expect(parseCommand(["run", "--max-posts", "0", "--max-usd", "0"], NOW)).toMatchObject({
      caps: { maxPosts: 0, maxUsd: 0 },
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
    [["run", "now"], 'run takes no words beside its options, got "now"'],
    [
      ["completion"],
      "completion takes one of bash, zsh, fish, such as ingester completion bash; got nothing.",
    ],
    [["completion", "tcsh"], 'got "tcsh"'],
    [
      ["rules", "plan", "sync"],
      'rules takes one of plan, sync, list, such as ingester rules plan; got "plan sync"',
    ],
    [["run", "--form", "x"], "Unknown option --form"],
    [["run", "--from", "2026-11-20"], "--from is no option of run"],
    [["run", "--max-posts", "ten"], '--max-posts must be a whole number of posts, got "ten"'],
    [["run", "--max-posts", "1.5"], "--max-posts must be a whole number of posts"],
    [["run", "--max-posts", "1234567890123"], "--max-posts must be a whole number of posts"],
    [["run", "--max-posts=-5"], "--max-posts must be a whole number of posts"],
    [["run", "--max-usd", "$5"], '--max-usd must be an amount in US dollars, such as 2.50, got "$5"'],
    [["run", "--max-usd", "1e3"], "--max-usd must be an amount in US dollars"],
    [["run", "--price"], "--price is no option of run. run takes --max-posts, --max-usd, --yes, --json"],
    [["coverage", "--reason", "x"], "--reason is no option of coverage"],
    [["budget", "--max-usd", "5"], "--max-usd is no option of budget"],
    [["rules"], "rules takes one of plan, sync, list, such as ingester rules plan; got nothing."],
    [["rules", "push"], 'rules takes one of plan, sync, list, such as ingester rules plan; got "push".'],
    [["rules", "plan", "now"], 'got "plan now".'],
    [["rules", "sync", "--price"], "--price is no option of rules. rules takes --json, --dotenv, --help."],
    [["backfill"], "--from must be a time (2026-11-20"],
    [["run", "--max-posts", "-5"], '--max-posts must be a whole number of posts, got "-5"'],
    [["run", "--max-posts", "0x10"], 'got "0x10"'],
    [["run", "--max-usd", "-5"], '--max-usd must be an amount in US dollars, such as 2.50, got "-5"'],
    [["run", "--max-usd", "1,000"], 'got "1,000"'],
    [
      ["run", "--max-posts", "50", "--max-posts", "60"],
      '--max-posts is given twice ("50", "60"). Give it once.',
    ],
    [["run", "--json", "--json", "--json"], "--json is given 3 times. Give it once."],
    [["run", "--max-posts"], "--max-posts needs a value: --max-posts N."],
    [["run", "--max-posts="], "--max-posts needs a value"],
    [["run", "--max-posts", "--json"], "--max-posts needs a value"],
    [["run", "--json=yes"], '--json takes no value, got "yes"'],
    [["run", "-x"], "Unknown option -x"],
    [["backfill", "--from", "2026-02-30"], '--from is no date and time of the calendar, got "2026-02-30"'],
    [["backfill", "--from", "2026-11-20T25:00Z"], "--from is no date and time"],
    [["backfill", "--from", "2026-11-20T08:00+15:00"], "--from is no date and time"],
    [["backfill", "--from", "20 Nov 2026"], "--from must be a time"],
    [
      ["backfill", "--from", "1d", "--to", "2027-01-01"],
      '--to lies in the future, got "2027-01-01" (2027-01-01T00:00Z); it is 2026-11-23T12:00Z now.',
    ],
    [
      ["backfill", "--from", "2027-01-01"],
      '--from must lie in the past, got "2027-01-01" (2027-01-01T00:00Z); it is 2026-11-23T12:00Z now.',
    ],
    [["version", "2"], 'Unknown command "version"'],
    [
      ["backfill", "--from", "2026-11-20", "--to", "2026-11-19"],
      "--from must be before --to, got 2026-11-20T00:00Z and 2026-11-19T00:00Z",
    ],
  ])("refuses %j", (argv, expected) => {
    expect(problemsOf(...argv).join("\n")).toContain(expected);
  });

  it.each([
    ["run", { caps: { maxPosts: undefined, maxUsd: undefined }, yes: false }],
    ["estimate", { query: undefined, variants: [], fullArchive: false }],
    ["doctor", {}],
    ["coverage", { price: false, forget: undefined }],
    ["budget", { correction: undefined }],
  ])("knows %s, which writes for people unless --json is given", (name, options) => {
    expect(parseCommand([name], NOW)).toEqual({ name, ...options, json: false });
    expect(parseCommand([name, "--json"], NOW)).toEqual({ name, ...options, json: true });
  });

  it.each(["plan", "sync", "list"])("knows rules %s", (action) => {
    expect(parseCommand(["rules", action], NOW)).toEqual({ name: "rules", action, json: false });
    expect(parseCommand(["rules", action, "--json"], NOW)).toEqual({ name: "rules", action, json: true });
  });

  it.each([
    ["5d", 5 * 86_400_000],
    ["12h", 12 * 3_600_000],
    ["30m", 30 * 60_000],
  ])("takes an age for a time: %s", (age, ms) => {
    expect(parseCommand(["backfill", "--from", age], NOW)).toMatchObject({ fromMs: NOW - ms, toMs: NOW });
  });

  it.each(["5", "5w", "-5d", "1.5d", "d"])("refuses the age %s", (age) => {
    expect(problemsOf("backfill", `--from=${age}`)).toMatchObject([
      expect.stringContaining("or an age (5d, 12h, 30m)"),
    ]);
  });

  it("takes a query for an estimate", () => {
    expect(parseCommand(["estimate", "--query", "from:nasa", "--full-archive"], NOW)).toMatchObject({
      query: "from:nasa",
      fullArchive: true,
    });
  });

  it("prices the holes of coverage, and forgets a key, when asked to", () => {
    expect(parseCommand(["coverage", "--price", "--forget", "tweet_stream/from:nasa"], NOW)).toEqual({
      name: "coverage",
      price: true,
      forget: "tweet_stream/from:nasa",
      json: false,
    });
  });

  it("reports every problem at once", () => {
    expect(problemsOf("backfill", "--from", "x", "--to", "y", "--max-posts", "z")).toHaveLength(3);
  });

  it("shows its version", () => {
    expect(parseCommand(["--version"], NOW)).toEqual({ name: "version" });
  });

  it.each([
    [["--help"], undefined],
    [["-h"], undefined],
    [["help"], undefined],
    [["backfill", "--help"], "backfill"],
    [["help", "backfill"], "backfill"],
    [["run", "--bogus", "--help"], "run"],
  ])("shows help for %j", (argv, topic) => {
    expect(parseCommand(argv, NOW)).toEqual({ name: "help", topic });
  });

  it("names the file of variables beside any command", () => {
    expect(parseInvocation(["doctor", "--dotenv", "a/.env"], NOW)).toEqual({
      command: { name: "doctor", json: false },
      envFile: "a/.env",
    });
  });

  it.each([
    ["2026-11-20T08:00", "2026-11-20T08:00:00Z"],
    ["2026-11-20 08:00:30", "2026-11-20T08:00:30Z"],
    ["2026-11-20T09:00+01:00", "2026-11-20T08:00:00Z"],
    ["2026-11-20T08:00:00.250Z", "2026-11-20T08:00:00.250Z"],
  ])("reads %s as UTC where no zone is given", (text, expected) => {
    expect(parseCommand(["backfill", "--from", text], NOW)).toMatchObject({ fromMs: Date.parse(expected) });
  });

  it("takes terms that begin with a dash as variants of an estimate", () => {
    expect(parseCommand(["estimate", "--with", "-is:reply", "--with", "lang:en"], NOW)).toMatchObject({
      variants: ["-is:reply", "lang:en"],
    });
  });
});

describe("help", () => {
  it("lists every command and exit code, within 80 columns", () => {
    const text = helpOf(undefined);
    for (const name of COMMAND_NAMES) expect(text).toMatch(new RegExp(`^  ${name} `, "m"));
    expect(text).toContain("  4    another worker holds what was asked for");
    expect(Math.max(...text.split("\n").map(({ length }) => length))).toBeLessThan(80);
  });

  it("fits into a narrow terminal", () => {
    expect(
      Math.max(
        ...helpOf("backfill", 30)
          .split("\n")
          .map(({ length }) => length),
      ),
    ).toBeLessThanOrEqual(30);
  });

  it.each(COMMAND_NAMES)("of %s has examples that a shell reads as one command, however narrow", (name) => {
    for (const columns of [20, 30, 40, 60, 80]) {
      const [, examples = ""] = helpOf(name, columns).split("Examples\n");
      const joined = examples
        .replace(/ \\\n +/g, " ")
        .split("\n")
        .map((line) => line.trim());
      const spaced = COMMANDS[name].examples.map((example) => example.replace(/ +#/, " #"));
      expect(joined.map((line) => line.replace(/ +#/, " #"))).toEqual(expect.arrayContaining(spaced));
      // A backslash does not continue a comment.
      expect(examples).not.toMatch(/#[^\n]*\\\n/);
    }
  });

  it.each(COMMAND_NAMES)("of %s names its options and exit codes, and has examples that parse", (name) => {
    const text = helpOf(name);
    for (const option of COMMANDS[name].options) expect(text).toContain(`--${option}`);
    expect(text).toContain("Exit codes");
    for (const example of COMMANDS[name].examples) {
      const line = example
        .replace(/^eval "\$\((.*)\)".*/, "$1")
        .replace(/^\S+=\S+ /, "")
        .replace(/ [|>] .*/, "");
      const [, ...argv] = [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
        (word) => word[1] ?? word[2] ?? word[3] ?? "",
      );
      expect(parseCommand(argv, Date.parse("2026-11-27T12:00Z"))).toMatchObject({ name });
    }
  });
});

describe("a correction of the budget", () => {
  const correctionOf = (...argv: string[]) => parseCommand(["budget", ...argv], NOW);

  it("sets what is spent, and keeps the reason", () => {
    expect(correctionOf("--set-spent", "12.50", "--reason", " invoice of November ")).toEqual({
      name: "budget",
      correction: { type: "set_spent", usd: 12.5, reason: "invoice of November" },
      json: false,
    });
  });

  it("may set what is spent to nothing", () => {
    expect(correctionOf("--set-spent", "0", "--reason", "a new account")).toMatchObject({
      correction: { type: "set_spent", usd: 0 },
    });
  });

  it("releases what is at risk, and keeps the reason", () => {
    expect(correctionOf("--release", "--reason", "not on the invoice", "--json")).toEqual({
      name: "budget",
      correction: { type: "release", reason: "not on the invoice" },
      json: true,
    });
  });

  const MISSING = expect.stringMatching(/^--reason is missing: say why/);
  const TWO = "--set-spent and --release are two corrections: give one of them.";
  const ALONE = "--reason goes with --set-spent or --release.";

  it.each([
    [["--set-spent", "5"], [MISSING]],
    [["--set-spent", "0"], [MISSING]],
    [["--release"], [MISSING]],
    [["--release", "--reason", " "], [MISSING]],
    [["--set-spent", "5", "--release", "--reason", "why"], [TWO]],
    [
      ["--set-spent", "5", "--release"],
      [TWO, MISSING],
    ],
    [["--reason", "why"], [ALONE]],
    [
      ["--release", "--reason", "x".repeat(1_001)],
      ["--reason must have at most 500 characters, got 1,001. The ledger keeps it."],
    ],
    [
      ["--set-spent", "five", "--reason", "why"],
      [expect.stringMatching(/^--set-spent must be an amount in US dollars.*got "five"/)],
    ],
    [
      ["--set-spent=-5", "--reason", "why"],
      [expect.stringMatching(/^--set-spent must be an amount in US dollars/)],
    ],
  ])("is refused: %j", (argv, problems) => {
    expect(problemsOf("budget", ...argv)).toEqual(problems);
  });
});
