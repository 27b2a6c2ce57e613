import { EXIT } from "../errors";

export const HELP = `ingester: brings posts from X into Amazon Data Firehose, each billed post once, within a budget.

Usage
  ingester [run] [--max-posts N] [--max-usd N] [--json]
      Reads what is new and goes on reading. RUN_ONCE=true: ends when caught up, or at a limit.
      Logs are JSON lines; in a terminal they are sentences, unless --json is given.
  ingester backfill --from TIME [--to TIME] [--full-archive] [--max-posts N] [--max-usd N] [--json]
      Reads the posts of a time range once. Run again, it goes on where it ended. Times are ISO 8601;
      --to is now by default; --full-archive reaches further back than 7 days.
  ingester estimate [--query QUERY] [--full-archive] [--json]
      What a query would cost per hour, day and month. Costs $0.005 itself ($0.010 with --full-archive).
  ingester doctor [--json]
      Checks configuration, token, clock, query, stream and checkpoint. The query check costs $0.005.
  ingester --help | --version

Environment
  X_BEARER_TOKEN          app-only token (required)      SEARCH_QUERY         X query (required)
  FIREHOSE_STREAM_NAME    delivery stream (required)     SEARCH_POLL_SECONDS  pause when caught up (60)
  CHECKPOINT_TABLE or CHECKPOINT_FILE, one of them       SEARCH_START         window | now | ISO time (window)
  MONTHLY_POST_LIMIT, MONTHLY_USD_LIMIT  hard limits     RUN_ONCE             true | false (false)
  HTTP_PORT               status page, 0 = off (8080)    LOG_LEVEL            (info)
  The complete list: docs/configuration.md

Exit codes
  ${EXIT.done}  done, or stopped cleanly          ${EXIT.access}  credentials or access refused
  ${EXIT.failure}  anything else                     ${EXIT.checkpointHeld}  another ingester holds the checkpoint
  ${EXIT.configuration}  configuration
`;
