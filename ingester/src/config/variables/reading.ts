import { MAX_QUERIES } from "../../ledger/ledger";
import { MAX_REQUEST_MS } from "../../ledger/risks";
import { count } from "../../runtime/words";
import { EXPANSIONS } from "../../x/expansions";
import { TWEET_EXPANSIONS, TWEET_NAMES } from "../../x/fields";
import { ARCHIVE_QUERY_MAX_CHARACTERS, RECENT_QUERY_MAX_CHARACTERS } from "../../x/query";
import { MAX_LINE_BYTES } from "../../x/stream/lines";
import { MAX_RULES, RULE_MAX_CHARACTERS, TAG_MAX_CHARACTERS } from "../../x/stream/rules/rules";
import { TRUE_OR_FALSE, type Variable } from "./variable";

/** Of what a ledger remembers, half is left for changes. */
export const MAX_QUERIES_AT_ONCE = MAX_QUERIES / 2;
const MIB = 1024 * 1024;
const SECOND_MS = 1_000;

/** Variables of what is read from X, and how. */
export const READING = {
  X_BEARER_TOKEN: {
    meaning: "app-only token of your X app; in AWS a container secret",
    text: { allowed: "the token alone" },
    shownDefault: "required",
    help: "app-only token of the X app (required)",
  },
  X_API_URL: {
    meaning: "base URL of X's API",
    text: { allowed: "an `https://` URL; `http://` only on loopback" },
    shownDefault: "`https://api.x.com`",
  },
  X_REQUEST_TIMEOUT_SECONDS: {
    meaning: "how long one request may take as a whole",
    // A longer one could be billed on a UTC day that its reservation does not count on.
    number: { min: 1, max: MAX_REQUEST_MS / SECOND_MS },
    otherwise: 30,
  },
  INGEST_MODE: {
    meaning:
      "`search` asks X for the posts of queries, again and again; `stream` receives the posts of rules as they are made ([stream.md](stream.md))",
    words: ["search", "stream"],
    otherwise: "search",
    help: "search, or stream with STREAM_RULES (search)",
  },
  SEARCH_QUERY: {
    meaning: "one X query",
    text: {
      allowed: `up to ${RECENT_QUERY_MAX_CHARACTERS} characters; ${count(ARCHIVE_QUERY_MAX_CHARACTERS)} with \`backfill --full-archive\``,
    },
    shownDefault: "this or `SEARCH_QUERIES` is required in search mode",
    help: 'an X query; or SEARCH_QUERIES, [{"name","query"}, ...]',
  },
  SEARCH_QUERIES: {
    meaning: "several queries for one process",
    text: { allowed: `a JSON array of 1 to ${MAX_QUERIES_AT_ONCE} \`{"name", "query"}\`` },
    shownDefault: "this or `SEARCH_QUERY` is required in search mode",
  },
  SEARCH_POLL_SECONDS: {
    meaning: "pause between two polls when caught up",
    number: { min: 0, max: 86_400 },
    otherwise: 60,
  },
  SEARCH_START: {
    meaning: "where a query without coverage starts: `window` is the start of X's 7 days",
    text: { allowed: "`window`, `now`, or a time in the past (`2026-11-23`, `2026-11-23T08:00Z`)" },
    shownDefault: "`window`; `now` in stream mode",
    help: "where a new query starts: window, now or a time (window)",
  },
  STREAM_RULES: {
    meaning: "the rules of the stream; no two have the same value or the same tag",
    text: {
      allowed: `a JSON array of 1 to ${count(MAX_RULES)} \`{"value", "tag"}\`; a value has up to ${count(RULE_MAX_CHARACTERS)} characters, a tag up to ${TAG_MAX_CHARACTERS}`,
    },
    shownDefault: "required in stream mode",
  },
  STREAM_FILL: {
    meaning: "`true`: search fills the holes that disconnections leave",
    words: TRUE_OR_FALSE,
    otherwise: "true",
  },
  STREAM_BUFFER_MIB: {
    meaning: "MiB that may wait for delivery before the ingester closes the connection",
    // At least the longest message. At most far more than a task needs at 250 posts/s.
    number: { min: MAX_LINE_BYTES / MIB, max: 4_096, integer: true },
    otherwise: 64,
  },
  RUN_ONCE: {
    meaning: "`true`: exit 0 when caught up, or at a limit. Refused in stream mode, which has no end",
    words: TRUE_OR_FALSE,
    otherwise: "false",
    help: "true: run ends when caught up (false)",
  },
  POST_FIELDS: {
    meaning: "the fields of a post that X is asked for",
    items: {
      allowed: "X field names, comma-separated (created_at,lang)",
      pattern: /^[a-z][a-z0-9_.]*$/,
      otherNames: TWEET_NAMES,
    },
    shownDefault: "all public post fields",
  },
  EXPANSIONS: {
    meaning: "what X includes beside a post; X may bill it",
    items: {
      allowed: "X's names of expansions, comma-separated",
      known: Object.keys(EXPANSIONS),
      otherNames: TWEET_EXPANSIONS,
    },
    shownDefault: "none",
  },
} as const satisfies Record<string, Variable>;
