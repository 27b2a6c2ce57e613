import { Fn, Token } from "cdktf";
import { isGiven, isOptional } from "../constructs/terraform/optional";
import { type IngesterSource, sourceEnvironment } from "./source";

/** What the ingester is told; the names of the variables are its contract. */
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

export const DEFAULT_HTTP_PORT = 8080;
export const DEFAULT_SHUTDOWN_SECONDS = 25;

/**
 * The variable that each setting becomes. A setting with a row of its own name in the table of bounds is checked by that
 * row, and the contract test compares the row with what the ingester takes.
 */
export const SETTING_VARIABLES = {
  billingCycleDay: "BILLING_CYCLE_DAY",
  checkpointKey: "CHECKPOINT_KEY",
  deduplicates: "X_DEDUPLICATES",
  expansions: "EXPANSIONS",
  httpPort: "HTTP_PORT",
  ledgerKey: "LEDGER_KEY",
  limitScope: "LIMIT_SCOPE",
  logLevel: "LOG_LEVEL",
  monthlyPostLimit: "MONTHLY_POST_LIMIT",
  monthlyUsdLimit: "MONTHLY_USD_LIMIT",
  postFields: "POST_FIELDS",
  shutdownSeconds: "SHUTDOWN_SECONDS",
  xApiUrl: "X_API_URL",
} as const satisfies Readonly<Record<keyof Omit<IngesterSettings, "source" | "metricsNamespace">, string>>;

type Setting = keyof typeof SETTING_VARIABLES;
const SETTINGS = Object.keys(SETTING_VARIABLES) as readonly Setting[];

/** Written out, so that a reader of the task definition sees them. */
const DEFAULTS: Pick<IngesterSettings, Setting> = {
  httpPort: DEFAULT_HTTP_PORT,
  logLevel: "info",
  shutdownSeconds: DEFAULT_SHUTDOWN_SECONDS,
};

/** Where the ingester writes and what it is called: known to the stacks, not to the settings. */
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
  settings: IngesterSettings,
  targets: IngesterTargets,
): Record<string, string> {
  return withoutUndefined({
    AWS_REGION: targets.region,
    CHECKPOINT_TABLE: targets.checkpointTable,
    FIREHOSE_STREAM_NAME: targets.stream,
    METRICS_NAMESPACE: targets.metricsNamespace,
    RUN_ONCE: targets.runOnce || undefined,
    ...Object.fromEntries(
      SETTINGS.map((name) => [SETTING_VARIABLES[name], settings[name] ?? DEFAULTS[name]]),
    ),
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

/** A number that only Terraform knows would otherwise end up in a JSON document as the name of its variable. */
function asText(value: unknown): string {
  // Empty is as good as unset.
  if (isOptional(value)) return Token.asString(Fn.conditional(isGiven(value), Fn.tostring(value), ""));
  if (Array.isArray(value)) return value.join(",");
  return typeof value === "number" && Token.isUnresolved(value) ? Fn.tostring(value) : String(value);
}
