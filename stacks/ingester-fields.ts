import type { Problem } from "./constructs/check";
import {
  bounded,
  type Check,
  choice,
  dollars,
  listOf,
  matching,
  optional,
  section,
  text,
  variants,
  wholeNumber,
} from "./field-checks";
import { EXPANSIONS, type IngesterSettings, type SearchSource } from "./ingester-settings";

const ISO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z$/;
const start = matching(
  new RegExp(`^(window|now)$|${ISO_TIME.source}`),
  "window, now or a UTC time such as 2026-11-01T00:00:00Z",
);
const url = matching(
  /^(https:\/\/[^\s@]+|http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(\/\S*)?)$/,
  "an https URL without credentials, or http on loopback: the token travels there",
);
/** https://docs.x.com/x-api/posts/search/introduction */
const query = matching(/^\s*\S.{0,511}$/su, "an X query of at most 512 characters");
const postField = matching(/^[a-z][a-z0-9_.]*$/, 'one of X\'s field names, such as "created_at"');

const fields = section<IngesterSettings>({
  source: variants("mode", {
    search: section<SearchSource>({
      mode: text,
      query,
      pollSeconds: optional(wholeNumber(0, 86_400)),
      start: optional(start),
    }),
  }),
  monthlyPostLimit: optional(wholeNumber(1)),
  monthlyUsdLimit: optional(dollars),
  postFields: optional(listOf(postField)),
  expansions: optional(listOf(choice(...EXPANSIONS))),
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
  return [{ path: "monthlyPostLimit", text: `or monthlyUsdLimit must be set, got neither. ${advice}.` }];
}
