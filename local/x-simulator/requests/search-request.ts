import { createHash } from "node:crypto";
import type { VocabularyOption } from "../vocabulary";
import { type FieldRequest, fieldParameters, readFieldRequest } from "./field-request";
import { ParameterReader } from "./parameter-reader";
import { checkQuery } from "./query";

/** The two search endpoints. */
export type SearchEndpointName = "recent" | "all";

/** Posts on one page, by endpoint. */
export const MAX_RESULTS = { recent: 100, all: 500 } as const;
export const MIN_RESULTS = 10;

/** A search as X understands it. */
export interface SearchRequest extends FieldRequest {
  readonly query: string;
  readonly endpoint: SearchEndpointName;
  readonly maxResults: number;
  readonly window: WindowBounds;
  /** The opaque token as given, under either of its two names. */
  readonly token: string | undefined;
  /** The same for all pages of one pagination: every parameter but the token and `max_results`. */
  readonly fingerprint: string;
}

/** Which posts a request is about; all bounds are optional and combine. */
export interface WindowBounds {
  /** Exclusive. */
  readonly sinceId: bigint | undefined;
  /** Exclusive. */
  readonly untilId: bigint | undefined;
  /** Inclusive, milliseconds since the epoch. */
  readonly startMs: number | undefined;
  /** Exclusive, milliseconds since the epoch. */
  readonly endMs: number | undefined;
}

/** Parameters that select posts; counts know them too. */
export const WINDOW_PARAMETERS: readonly string[] = [
  "query",
  "start_time",
  "end_time",
  "since_id",
  "until_id",
  "next_token",
  "pagination_token",
];

const OTHER_PARAMETERS: readonly string[] = ["max_results", "sort_order"];

/**
 * Reads a search request.
 * @throws XProblem (400) naming everything that is wrong with it.
 */
export function readSearchRequest(
  parameters: URLSearchParams,
  endpoint: SearchEndpointName,
  vocabulary: VocabularyOption,
): SearchRequest {
  const reader = new ParameterReader(parameters);
  reader.checkNames([...WINDOW_PARAMETERS, ...OTHER_PARAMETERS, ...fieldParameters(vocabulary)]);
  checkQuery(reader, endpoint);
  const request: SearchRequest = {
    endpoint,
    query: parameters.get("query") ?? "",
    maxResults: reader.integer("max_results", {
      min: MIN_RESULTS,
      max: MAX_RESULTS[endpoint],
      fallback: MIN_RESULTS,
    }),
    window: readWindow(reader),
    token: readToken(reader),
    ...readFieldRequest(reader, { parameters, vocabulary, habit: "post", isStream: false }),
    fingerprint: fingerprintOf(parameters),
  };
  reader.list("sort_order", ["recency", "relevancy"]);
  reader.finish();
  return request;
}

/** Reads the bounds that searches and counts share. */
export function readWindow(reader: ParameterReader): WindowBounds {
  for (const id of ["since_id", "until_id"]) {
    for (const time of ["start_time", "end_time"]) reader.exclude(id, time);
  }
  return {
    sinceId: reader.id("since_id"),
    untilId: reader.id("until_id"),
    startMs: reader.time("start_time"),
    endMs: reader.time("end_time"),
  };
}

/** Reads the pagination token under either of its names. */
export function readToken(reader: ParameterReader): string | undefined {
  reader.exclude("next_token", "pagination_token");
  return reader.text("next_token") ?? reader.text("pagination_token");
}

/** Identifies a pagination: X refuses a token together with other parameters than it was made for. */
export function fingerprintOf(parameters: URLSearchParams): string {
  const kept = [...parameters.entries()]
    .filter(([name]) => !["next_token", "pagination_token", "max_results"].includes(name))
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(kept)).digest("hex").slice(0, 16);
}
