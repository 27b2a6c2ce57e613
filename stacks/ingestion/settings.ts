import { Fn, Token } from "cdktf";
import { isGiven, isOptional } from "../constructs/terraform/optional";
import { type EitherSource, type IngesterSource, sourceEnvironment } from "./source";

/** Settings of the ingester, which become its environment variables. */
export interface IngesterSettings {
  /** Searches that are read again and again, or the filtered stream, which X sends as posts are made. */
  readonly source: IngesterSource;
  /**
   * Posts that may be bought in a billing cycle, included posts counted too; "none" sets no such limit. At least one of
   * the two limits must be set, and must allow X's smallest page: 10 posts, more with expansions.
   * @default - no limit in posts
   */
  readonly monthlyPostLimit?: number | "none";
  /**
   * US dollars that may be spent in a billing cycle; "none" sets no such limit.
   * @default - no limit in dollars
   */
  readonly monthlyUsdLimit?: number | "none";
  /**
   * Whether posts that other programs of the X project buy count against the limits, by X's own figure.
   * @default "project"
   */
  readonly limitScope?: "project" | "own";
  /**
   * Which ledger of the table: one for each X account. 1 to 64 of a-z A-Z 0-9 _ . -
   * @default "default"
   */
  readonly ledgerKey?: string;
  /**
   * Day of the month (UTC) on which X's billing cycle turns, 1 to 31.
   * @default - as X says
   */
  readonly billingCycleDay?: number;
  /**
   * Whether X charges a post once per UTC day: false counts every attempt of a read whose answer was lost.
   * @default true
   */
  readonly deduplicates?: boolean;
  /** @default - all public post fields */
  readonly postFields?: readonly string[];
  /**
   * X may bill included objects.
   * @default - none
   */
  readonly expansions?: readonly string[];
  /**
   * Names the coverage in the ledger, and the metrics; with several queries, each has `<checkpointKey>/<name>`. In stream
   * mode also the owner of the rules at X. At most 200 printable ASCII characters.
   * @default - the delivery stream and the query's text: another text has coverage of its own; the delivery stream in
   * stream mode
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

/** Settings whose source is known at synthesis, or chosen by the caller of a module. */
export type AnyIngesterSettings = Omit<IngesterSettings, "source"> & {
  readonly source: IngesterSource | EitherSource;
};

export const DEFAULT_HTTP_PORT = 8080;
export const DEFAULT_SHUTDOWN_SECONDS = 25;

/** Values of variables that the stacks know and the settings do not contain. */
export interface IngesterTargets {
  readonly region: string;
  readonly stream: string;
  readonly checkpointTable: string;
  readonly metricsNamespace: string;
  /** Whether the ingester exits when it has caught up; an expression where Terraform decides that. */
  readonly runOnce: boolean | string;
}

/** The container's plain variables. The token is not among them: it comes as a container secret. */
export function ingesterEnvironment(
  settings: AnyIngesterSettings,
  targets: IngesterTargets,
): Record<string, string> {
  return withoutUndefined({
    AWS_REGION: targets.region,
    BILLING_CYCLE_DAY: settings.billingCycleDay,
    CHECKPOINT_KEY: settings.checkpointKey,
    CHECKPOINT_TABLE: targets.checkpointTable,
    EXPANSIONS: settings.expansions?.join(","),
    FIREHOSE_STREAM_NAME: targets.stream,
    HTTP_PORT: settings.httpPort ?? DEFAULT_HTTP_PORT,
    LEDGER_KEY: settings.ledgerKey,
    LIMIT_SCOPE: settings.limitScope,
    LOG_LEVEL: settings.logLevel ?? "info",
    METRICS_NAMESPACE: targets.metricsNamespace,
    MONTHLY_POST_LIMIT: settings.monthlyPostLimit,
    MONTHLY_USD_LIMIT: settings.monthlyUsdLimit,
    RUN_ONCE: targets.runOnce || undefined,
    POST_FIELDS: settings.postFields?.join(","),
    SHUTDOWN_SECONDS: settings.shutdownSeconds ?? DEFAULT_SHUTDOWN_SECONDS,
    X_API_URL: settings.xApiUrl,
    X_DEDUPLICATES: settings.deduplicates,
    ...sourceEnvironment(settings.source),
  });
}

function withoutUndefined(values: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, asText(value)]),
  );
}

/** Every variable of a container is text: Terraform converts numbers and flags that only it knows. */
function asText(value: unknown): string {
  // The ingester reads an empty text as unset.
  if (isOptional(value)) return Token.asString(Fn.conditional(isGiven(value), Fn.tostring(value), ""));
  return typeof value !== "string" && Token.isUnresolved(value) ? Fn.tostring(value) : String(value);
}
