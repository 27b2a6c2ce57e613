import type { Problem } from "./constructs/check";
import {
  bounded,
  type Check,
  choice,
  listOf,
  matching,
  optional,
  positiveNumber,
  section,
  text,
  variants,
  wholeNumber,
} from "./field-checks";
import type { IngesterSettings, SearchSource, StreamSource } from "./ingester-settings";

const ISO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z$/;
const start = matching(
  new RegExp(`^(window|now)$|${ISO_TIME.source}`),
  "window, now or a UTC time such as 2026-11-01T00:00:00Z",
);
const url = matching(/^https?:\/\/\S+$/, "an http or https URL");

const fields = section<IngesterSettings>({
  source: variants("mode", {
    search: section<SearchSource>({
      mode: text,
      query: text,
      pollSeconds: optional(wholeNumber(1)),
      start: optional(start),
    }),
    stream: section<StreamSource>({
      mode: text,
      rules: listOf(section<{ value: string; tag: string }>({ value: text, tag: text }), { min: 1 }),
    }),
  }),
  monthlyPostLimit: optional(wholeNumber(1)),
  monthlyUsdLimit: optional(positiveNumber),
  postFields: optional(listOf(text)),
  expansions: optional(listOf(text)),
  checkpointKey: optional(bounded("checkpointKey")),
  xApiUrl: optional(url),
  httpPort: optional(bounded("httpPort")),
  metricsNamespace: optional((value) => (value === "" ? [] : bounded("metricsNamespace")(value))),
  logLevel: optional(choice("trace", "debug", "info", "warn", "error")),
  shutdownSeconds: optional(wholeNumber(1, 115)),
});

/** Fields of the ingester's settings, and the one rule that money needs. */
export const ingesterFields: Check = (value) => [...fields(value), ...limitProblems(value)];

function limitProblems(value: unknown): Problem[] {
  const { monthlyPostLimit, monthlyUsdLimit } = (value ?? {}) as IngesterSettings;
  if (monthlyPostLimit !== undefined || monthlyUsdLimit !== undefined) return [];
  const advice = "X bills every post, so every environment says how much it may spend";
  return [{ path: "", text: `must set monthlyPostLimit or monthlyUsdLimit, got neither. ${advice}.` }];
}
