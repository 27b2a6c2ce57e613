import { DEFAULT_STREAM_NAME } from "../firehose/delivery/layout";
import type { RunFiles } from "./files";

/** Variables a run takes over from its starter's environment; everything else would make runs differ by machine. */
const PASSED_ON: readonly string[] = [
  "PATH",
  "HOME",
  "TMPDIR",
  "LANG",
  "SYSTEMROOT",
  "NODE_OPTIONS",
  "NODE_EXTRA_CA_CERTS",
  // Real X is reached through them; what runs on this machine speaks http.
  "HTTPS_PROXY",
  "https_proxy",
  "ALL_PROXY",
  "all_proxy",
  "POST_FIELDS",
  "EXPANSIONS",
];

/** What differs from run to run, but for where posts come from. */
export interface CommonProps {
  readonly files: RunFiles;
  /** Undefined: the ingester's own default. */
  readonly xUrl: string | undefined;
  readonly firehoseUrl: string;
  readonly token: string;
  /** Limits on what is bought: those of the person who pays, or none that a simulator would ever reach. */
  readonly limits: Readonly<Record<string, string>>;
}

/** A run that searches and ends. */
export interface EnvironmentProps extends CommonProps {
  readonly query: string;
}

/** A run that listens until it is stopped. */
export interface StreamEnvironmentProps extends CommonProps {
  readonly rules: readonly { readonly value: string; readonly tag: string }[];
  /** Of the status page. */
  readonly port: number;
}

/** A simulated run buys nothing, so no limit should end it. */
export const NO_LIMITS: EnvironmentProps["limits"] = { MONTHLY_POST_LIMIT: "1000000000" };

/** The limits a user has set for real purchases. */
export function ownLimits(outer: NodeJS.ProcessEnv): EnvironmentProps["limits"] {
  return pick(outer, ["MONTHLY_POST_LIMIT", "MONTHLY_USD_LIMIT", "BILLING_CYCLE_DAY"]);
}

/** The ingester's environment: the names the stacks set on the container, with local values. */
export function ingesterEnvironment(
  props: EnvironmentProps,
  outer: NodeJS.ProcessEnv,
): Readonly<Record<string, string>> {
  return {
    ...commonEnvironment(props, outer),
    ...{ INGEST_MODE: "search", SEARCH_QUERY: props.query, RUN_ONCE: "true", HTTP_PORT: "0" },
  };
}

export function streamEnvironment(
  props: StreamEnvironmentProps,
  outer: NodeJS.ProcessEnv,
): Readonly<Record<string, string>> {
  return {
    ...commonEnvironment(props, outer),
    ...{ INGEST_MODE: "stream", STREAM_RULES: JSON.stringify(props.rules), HTTP_PORT: String(props.port) },
  };
}

function commonEnvironment(props: CommonProps, outer: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  return {
    ...pick(outer, PASSED_ON),
    ...props.limits,
    ...(props.xUrl === undefined ? {} : { X_API_URL: props.xUrl }),
    NO_PROXY: [outer.no_proxy ?? outer.NO_PROXY, "127.0.0.1"].filter(Boolean).join(","),
    LOG_LEVEL: logLevel(outer.LOG_LEVEL),
    X_BEARER_TOKEN: props.token,
    FIREHOSE_STREAM_NAME: DEFAULT_STREAM_NAME,
    CHECKPOINT_FILE: props.files.checkpoint,
    AWS_REGION: "us-east-1",
    AWS_ENDPOINT_URL_FIREHOSE: props.firehoseUrl,
    // The endpoint wants a signature and does not check whose.
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
  };
}

/** The runner follows the log at level info; it goes into a file, so that a lower level disturbs no reader. */
function logLevel(level = "info"): string {
  return ["fatal", "error", "warn", "silent"].includes(level.trim().toLowerCase()) ? "info" : level;
}

function pick(outer: NodeJS.ProcessEnv, names: readonly string[]): Record<string, string> {
  const found = names.flatMap((name) => (outer[name] === undefined ? [] : [[name, outer[name]] as const]));
  return Object.fromEntries(found);
}
