import { createHash } from "node:crypto";
import { Fn, Token } from "cdktf";

/** What the ingester is told; the names of the variables are its contract. */
export interface IngesterSettings {
  readonly source: SearchSource;
  /** Posts that may be bought in a billing cycle. At least one of the two limits is required. */
  readonly monthlyPostLimit?: number;
  /** US dollars that may be spent in a billing cycle. */
  readonly monthlyUsdLimit?: number;
  /** @default - all public post fields */
  readonly postFields?: readonly string[];
  /**
   * X may bill included objects.
   * @default - none
   */
  readonly expansions?: readonly string[];
  /**
   * Names the checkpoint, the money meter and the metrics: printable ASCII, at most 200 characters.
   * @default - one for each mode and query
   */
  readonly checkpointKey?: string;
  /** @default "https://api.x.com" */
  readonly xApiUrl?: string;
  /**
   * Port of health, metrics and status page; 0 = off.
   * @default 8080
   */
  readonly httpPort?: number;
  /**
   * CloudWatch namespace of the ingester's metrics; empty = off, and with it all alarms on posts and money.
   * @default - `<app>/<environment>`
   */
  readonly metricsNamespace?: string;
  /** @default "info" */
  readonly logLevel?: "trace" | "debug" | "info" | "warn" | "error";
  /**
   * Seconds that the ingester takes at most to stop.
   * @default 25
   */
  readonly shutdownSeconds?: number;
}

/** The one way to read so far; `mode` tells it from those to come. */
export interface SearchSource {
  readonly mode: "search";
  /** X query. */
  readonly query: string;
  /**
   * Seconds between polls when caught up.
   * @default 60
   */
  readonly pollSeconds?: number;
  /**
   * Where to begin without a checkpoint: `window` (all of X's seven days, which costs), `now`, or an ISO time.
   * @default "now"
   */
  readonly start?: string;
}

/** What X can put beside posts, for a price: https://docs.x.com/x-api/fundamentals/expansions */
export const EXPANSIONS = [
  "author_id",
  "username",
  "in_reply_to_user_id",
  "entities.mentions.username",
  "referenced_posts",
  "referenced_tweets.id",
  "referenced_tweets.id.author_id",
  "edit_history_post_ids",
  "edit_history_tweet_ids",
  "attachments.media_source_tweet",
  "attachments.media_keys",
  "attachments.poll_ids",
  "article.cover_media",
  "article.media_entities",
  "geo.place_id",
] as const;

export const DEFAULT_HTTP_PORT = 8080;
export const DEFAULT_SHUTDOWN_SECONDS = 25;

/** Where the ingester writes and what it is called: known to the stacks, not to the settings. */
export interface IngesterTargets {
  readonly region: string;
  readonly stream: string;
  readonly checkpointTable: string;
  readonly metricsNamespace: string;
  /** Whether the ingester exits when it has caught up. */
  readonly runOnce: boolean;
}

/** The container's plain variables. The token is not among them: it comes as a container secret. */
export function ingesterEnvironment(
  settings: IngesterSettings,
  targets: IngesterTargets,
): Record<string, string> {
  return withoutUndefined({
    AWS_REGION: targets.region,
    CHECKPOINT_KEY: checkpointKeyOf(settings),
    CHECKPOINT_TABLE: targets.checkpointTable,
    EXPANSIONS: settings.expansions?.join(","),
    FIREHOSE_STREAM_NAME: targets.stream,
    HTTP_PORT: settings.httpPort ?? DEFAULT_HTTP_PORT,
    LOG_LEVEL: settings.logLevel ?? "info",
    METRICS_NAMESPACE: targets.metricsNamespace,
    MONTHLY_POST_LIMIT: settings.monthlyPostLimit,
    MONTHLY_USD_LIMIT: settings.monthlyUsdLimit,
    RUN_ONCE: targets.runOnce ? true : undefined,
    POST_FIELDS: settings.postFields?.join(","),
    SHUTDOWN_SECONDS: settings.shutdownSeconds ?? DEFAULT_SHUTDOWN_SECONDS,
    X_API_URL: settings.xApiUrl,
    ...sourceEnvironment(settings.source),
  });
}

/**
 * The default is the ingester's own, said aloud: dashboard and alarms find its metrics by it. A key that CloudWatch
 * would not take as a dimension is shortened to a hash.
 */
export function checkpointKeyOf({ checkpointKey, source }: IngesterSettings): string {
  const what = source.query;
  const hash = () => `sha256-${createHash("sha256").update(what).digest("hex").slice(0, 16)}`;
  return checkpointKey ?? `${source.mode}:${/^[\x20-\x7e]{1,200}$/.test(what) ? what : hash()}`;
}

function sourceEnvironment(source: SearchSource): Record<string, unknown> {
  return {
    INGEST_MODE: "search",
    SEARCH_QUERY: source.query,
    SEARCH_POLL_SECONDS: source.pollSeconds ?? 60,
    SEARCH_START: source.start ?? "now",
  };
}

function withoutUndefined(values: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, asText(value)]),
  );
}

/** A number that only Terraform knows would otherwise end up in a JSON document as the name of its variable. */
function asText(value: unknown): string {
  return typeof value === "number" && Token.isUnresolved(value) ? Fn.tostring(value) : String(value);
}
