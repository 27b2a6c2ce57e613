import { EXIT } from "../loop/errors";

export const HELP = `ingester: brings posts from X into Amazon Data Firehose, each billed post once, within a budget.

Usage
  ingester [run] [--max-posts N] [--max-usd N] [--json]
      Reads what is new and goes on reading. RUN_ONCE=true: ends when caught up, or at a limit.
      Logs are JSON lines; in a terminal they are sentences, unless --json is given.
  ingester backfill --from TIME [--to TIME] [--full-archive] [--max-posts N] [--max-usd N] [--json]
      Fills the holes of a time range; what is owned already costs nothing. Run again, it goes on where it
      ended. TIME is ISO 8601 or an age (5d, 12h, 30m); --to is now by default; --full-archive reaches further
      back than 7 days.
  ingester estimate [--query QUERY] [--full-archive] [--json]
      What a query would cost per hour, day and month. Costs $0.005 itself ($0.010 with --full-archive).
      With INGEST_MODE=stream: what each rule would bring, by X's counts, at $0.005 a rule.
  ingester coverage [--price] [--forget KEY] [--json]
      What is owned of each query, its holes and losses. --price asks X what filling each hole would cost, for
      $0.005 a hole ($0.010 beyond 7 days). --forget removes a query: what it owned would be bought again.
  ingester budget [--json]
  ingester budget --set-spent USD --reason TEXT | --release --reason TEXT
      What is spent in this billing cycle: ours, others', at risk, reserved. Corrections set what is spent, or
      release what is at risk; their reasons are kept.
  ingester rules plan | sync | list [--json]
      The rules of the stream (STREAM_RULES): what a sync would add and remove, do it, or show every rule of the
      app and whose it is. Rules of others are never touched. Free.
  ingester doctor [--json]
      Checks configuration, ledger, token, clock, budget, queries and stream. Costs $0.005 a query.
  ingester --help | --version

Environment
  X_BEARER_TOKEN          app-only token (required)      SEARCH_QUERY         X query, or
  FIREHOSE_STREAM_NAME    delivery stream (required)     SEARCH_QUERIES       [{"name","query"}, ...]
  CHECKPOINT_TABLE or CHECKPOINT_FILE, one of them:      SEARCH_POLL_SECONDS  pause when caught up (60)
                          where the ledger lives         SEARCH_START         window | now | ISO time (window)
  MONTHLY_POST_LIMIT, MONTHLY_USD_LIMIT  hard limits; one of them or --max-... is required, none is explicit
  INGEST_MODE             search | stream (search)       STREAM_RULES         [{"value","tag"}, ...], with stream
  RUN_ONCE                true | false (false)           LIMIT_SCOPE          project | own (project)
  HTTP_PORT               status page, 0 = off (8080)    LOG_LEVEL            (info)
  The complete list: docs/configuration.md

Exit codes
  ${EXIT.done}  done, or stopped cleanly          ${EXIT.access}  credentials or access refused
  ${EXIT.failure}  anything else                     ${EXIT.held}  another worker holds what was asked for
  ${EXIT.configuration}  configuration
`;
