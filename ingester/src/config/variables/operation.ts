import type { Variable } from "./variable";

/** Variables of the process itself. */
export const OPERATION = {
  HTTP_PORT: {
    meaning: "port of `/` (status page), `/healthz`, `/readyz`, `/metrics` and `/status.json`; 0 = off",
    number: { min: 0, max: 65_535, integer: true },
    otherwise: 8_080,
    help: "port of the status page, 0 = off (8080)",
  },
  HTTP_HOST: {
    meaning: "address that the page listens on",
    text: {},
    shownDefault: "`127.0.0.1`; all addresses in the image",
  },
  METRICS_NAMESPACE: {
    meaning: "CloudWatch namespace of the metrics, which are written to stdout in Embedded Metric Format",
    // docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html
    text: {
      pattern: /^(?!AWS\/)[A-Za-z0-9._/#-]{1,255}$/,
      allowed: "1 to 255 letters, digits or ._/#-, not beginning with AWS/",
    },
    shownDefault: "no metrics on stdout",
  },
  SHUTDOWN_SECONDS: {
    meaning: "from the first signal until the process has ended; keep it below ECS `stopTimeout`",
    number: { min: 1, max: 120 },
    otherwise: 25,
  },
  CONFIRM_ABOVE_USD: {
    meaning:
      "in a terminal, `run` and `backfill` ask before they buy posts for more dollars than this; `--yes` skips the question",
    number: { min: 0, max: 10 ** 9 },
    // Own choice: a sum that a person wants to know of before it is spent.
    otherwise: 10,
  },
  LOG_LEVEL: {
    meaning: "the least serious log lines that are written",
    words: ["fatal", "error", "warn", "info", "debug", "trace", "silent"],
    otherwise: "info",
    help: "error, warn, info, debug, trace (info)",
  },
} as const satisfies Record<string, Variable>;
