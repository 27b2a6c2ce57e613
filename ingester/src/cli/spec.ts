/** Every option and command once: parsing checks against it, and help prints it. */
import { type CommandName, RULES_ACTIONS, SHELLS } from "./command";

export interface OptionSpec {
  /** What stands for the value in help; a switch has none. */
  readonly value?: string;
  /** May be given several times. */
  readonly isRepeatable?: boolean;
  readonly help: string;
}

export const OPTIONS = {
  from: { value: "TIME", help: "start of the range" },
  to: { value: "TIME", help: "end of the range, not in the future (now)" },
  "full-archive": { help: "use full-archive search, which reaches further back than 7 days" },
  "dry-run": { help: "print the holes, their posts and the price; buy no posts" },
  "max-posts": { value: "N", help: "buy at most N posts in this run" },
  "max-usd": { value: "USD", help: "spend at most so many dollars in this run" },
  yes: { help: "buy without asking, whatever it costs" },
  query: { value: "QUERY", help: "query to count (SEARCH_QUERY or SEARCH_QUERIES)" },
  with: { value: "TERM", isRepeatable: true, help: "price the query with this term, too; may be repeated" },
  price: { help: "ask X what filling each hole would cost" },
  forget: { value: "KEY", help: "remove a query: what it owned would be bought again" },
  "set-spent": { value: "USD", help: "set what is spent in this cycle" },
  release: { help: "drop what is at risk" },
  reason: { value: "TEXT", help: "why the budget is corrected; it is kept" },
  bucket: { value: "PLACE", help: "where the posts lie: s3://BUCKET, or a folder" },
  prefix: {
    value: "PREFIX",
    isRepeatable: true,
    help: "prefix of objects with posts (tweets/ and tweets-parquet/); may be repeated",
  },
  "error-prefix": { value: "PREFIX", help: "prefix of what could not be delivered (errors/)" },
  delay: { value: "AGE", help: "how long delivery into the bucket may take (1h)" },
  counts: { help: "ask X how many posts the queries match, day by day" },
  report: { value: "FILE", help: "write the report to a file, too; JSON when it ends with .json" },
  json: { help: "print JSON, also in a terminal" },
  /** Not --env-file: Node 20 takes that for its own option, wherever it stands. */
  dotenv: { value: "FILE", help: "read variables from a file first; set ones win" },
  help: { help: "print this" },
  version: { help: "print the version" },
} as const satisfies Readonly<Record<string, OptionSpec>>;
export type OptionName = keyof typeof OPTIONS;

export const SPECS: Readonly<Record<OptionName, OptionSpec>> = OPTIONS;

/** Taken by every command. */
export const COMMON: readonly OptionName[] = ["json", "dotenv", "help"];

export interface CommandSpec {
  /** One of these stands between the command and its options. @default - nothing may stand there */
  readonly words?: readonly string[];
  readonly summary: string;
  readonly options: readonly OptionName[];
  readonly notes: readonly string[];
  readonly examples: readonly string[];
}

const TIME_NOTE =
  "TIME is a date (2026-11-20), a date and time (2026-11-20T08:00Z, 2026-11-20T09:00+01:00) or an age (5d, 12h, 30m). Without a zone it is UTC; a date is its first moment.";

export const COMMANDS: Readonly<Record<CommandName, CommandSpec>> = {
  run: {
    summary: "reads what is new, and goes on reading",
    options: ["max-posts", "max-usd", "yes"],
    notes: [
      "RUN_ONCE=true: ends when caught up, or at a limit.",
      "A terminal shows sentences and a line of progress; anything else gets JSON lines.",
    ],
    examples: ["ingester run", "RUN_ONCE=true ingester run --max-posts 100", "ingester run --dotenv .env"],
  },
  backfill: {
    summary: "fills the holes of a time range, and buys nothing else",
    options: ["from", "to", "full-archive", "dry-run", "max-posts", "max-usd", "yes"],
    notes: [
      "--from is required.",
      TIME_NOTE,
      "What is owned already costs nothing. The same command again goes on where it ended.",
      "In a terminal it asks first when the posts cost more than CONFIRM_ABOVE_USD ($10); --yes skips the question. Counting them costs $0.005 for each hole ($0.010 beyond 7 days), as --dry-run does.",
    ],
    examples: [
      "ingester backfill --from 5d --dry-run",
      "ingester backfill --from 2026-11-20 --to 2026-11-22T12:00Z",
      "ingester backfill --from 2026-01-01 --to 2026-02-01 --full-archive --max-usd 50",
    ],
  },
  estimate: {
    summary: "prices a query per hour, day and month before anything is bought",
    options: ["query", "with", "full-archive"],
    notes: [
      "Costs $0.005 itself for each query and each --with ($0.010 with --full-archive).",
      "With INGEST_MODE=stream: what each rule would bring, by X's counts, for the same price a rule.",
      "With a limit set, it also says how long that limit lasts at this rate.",
    ],
    examples: [
      "ingester estimate --query 'climate lang:en'",
      "ingester estimate --with lang:en --with -is:reply --with min_likes:10",
    ],
  },
  doctor: {
    summary: "checks everything that run needs, and creates nothing",
    options: [],
    notes: [
      "Costs $0.005 for each query, which X counts; in stream mode for one rule, unless STREAM_FILL is false.",
    ],
    examples: ["ingester doctor", "ingester doctor --json | jq 'select(.ok | not)'"],
  },
  coverage: {
    summary: "shows what is owned of each query, its holes and its losses",
    options: ["price", "forget"],
    notes: [
      "--price costs $0.005 for each hole ($0.010 beyond 7 days), those that are lost too, and of a stream for each rule of a hole.",
    ],
    examples: [
      "ingester coverage",
      "ingester coverage --price",
      "ingester coverage --forget 'tweet_stream/from:nasa'",
    ],
  },
  rules: {
    words: RULES_ACTIONS,
    summary: "shows or makes the rules of the stream (STREAM_RULES) at X",
    options: [],
    notes: [
      "plan: what a sync would add and remove. sync: does it, as run does by itself. list: every rule of the app, and whose it is.",
      "Rules of others are never touched. Free.",
    ],
    examples: ["ingester rules plan", "ingester rules sync", "ingester rules list --json"],
  },
  budget: {
    summary: "shows what is spent in this billing cycle, and corrects it",
    options: ["set-spent", "release", "reason"],
    notes: ["Corrections need a reason, and are kept with it."],
    examples: [
      "ingester budget",
      'ingester budget --set-spent 12.50 --reason "X\'s invoice of November"',
      'ingester budget --release --reason "X was down, nothing was billed"',
    ],
  },
  audit: {
    summary: "compares X's bill, the ledger and the bucket, day by day",
    options: ["from", "to", "bucket", "prefix", "error-prefix", "delay", "counts", "full-archive", "report"],
    notes: [
      "Exit code 1 when something that is promised does not add up: posts that are missing, lines that cannot be read, more spent than a limit allows, ... Differences that have a reason are printed as notes.",
      "Without --from it looks at the last 7 days. Days are UTC days of X's answers, and whole.",
      TIME_NOTE,
      "Reads the ledger and the bucket, and changes neither, but for the price of --counts in the budget; it may run beside a service. Free, but for S3's requests. --counts costs $0.005 for each query, and looks at the last 7 days; with --full-archive at all of the range, for $0.010 for each query and 31 days.",
    ],
    examples: [
      "ingester audit --bucket s3://my-tweets",
      "ingester audit --bucket .local/bucket --delay 0m",
      "ingester audit --from 2026-11-01 --to 2026-11-08 --bucket s3://my-tweets --report november.json",
    ],
  },
  completion: {
    words: SHELLS,
    summary: "prints a script that completes commands and options in a shell",
    options: [],
    notes: ["Reads no variable and sends no request."],
    examples: [
      'eval "$(ingester completion bash)"   # in ~/.bashrc',
      'eval "$(ingester completion zsh)"    # in ~/.zshrc, after compinit',
      "ingester completion fish > ~/.config/fish/completions/ingester.fish",
    ],
  },
};
