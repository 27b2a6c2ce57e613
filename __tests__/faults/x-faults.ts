/** Every way in which X fails a search, one at a time, in the midst of a run with a limit. */
import type { XFault } from "../../local/x-simulator/faults/kinds";
import type { XSimulatorOptions } from "../../local/x-simulator/options";
import type { Environment } from "../ingest/world";
import type { Scenario } from "./scenario";
import type { Stage } from "./stage";

interface Row {
  readonly name: string;
  /** Met by the first requests, one each. */
  readonly faults?: readonly XFault[];
  readonly x?: XSimulatorOptions;
  readonly environment?: Environment;
  /** Exit code of the run that meets the faults. @default 0 */
  readonly code?: number;
  /** Answers that come whole but too late. @default 0 */
  readonly lateAnswers?: number;
  /** What else has to be true of that run. */
  readonly check?: (stage: Stage) => void;
}

const none: XFault = { kind: "none" };
const POSTS = 600;
/** Binds within the last page but one. */
const LIMITS = { posts: 450 };
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Short for a test, and long enough that a busy machine answers in time whatever else it does. */
const SHORT_TIMEOUT = { X_REQUEST_TIMEOUT_SECONDS: "4" };

/** The first request, one in the middle, and two in a row meet it. */
function scattered(fault: XFault): readonly XFault[] {
  return [fault, none, fault, none, fault, fault];
}

function logged(event: string): (stage: Stage) => void {
  return (stage) =>
    stage.expect(stage.last?.events.some((line) => line.event === event) === true, `the log holds ${event}`);
}

/** After the answer that ends a run, nothing more is asked for. */
function askedInAll(count: number): (stage: Stage) => void {
  return (stage) =>
    stage.expect(stage.requests === count, `X was asked ${count} times, not ${stage.requests}`);
}

const REFUSALS: readonly Row[] = [
  { name: "401 at the first request", faults: [{ kind: "unauthorized" }], code: 3, check: askedInAll(1) },
  {
    name: "401 between good answers",
    faults: [none, { kind: "unauthorized" }, none, { kind: "unauthorized" }],
  },
  {
    name: "401 for good",
    faults: [none, none, ...Array(5).fill({ kind: "unauthorized" })],
    code: 3,
    check: askedInAll(7),
  },
  { name: "403 between good answers", faults: [none, { kind: "client-forbidden" }] },
  {
    name: "403 for good",
    faults: [none, ...Array(5).fill({ kind: "client-forbidden" })],
    code: 3,
    check: askedInAll(6),
  },
  {
    name: "403, spending limit",
    faults: [none, { kind: "spending-limit" }],
    check: logged("limit_reached"),
  },
  { name: "402, credits depleted", faults: [none, { kind: "credits-depleted" }], code: 3 },
  { name: "400, invalid query", faults: [none, { kind: "invalid-query" }], code: 2, check: askedInAll(2) },
  { name: "429, 24-hour limit", faults: [none, { kind: "day-limit" }], check: logged("limit_reached") },
  { name: "429, usage cap", faults: [none, { kind: "usage-cap" }], check: logged("limit_reached") },
  { name: "429, window used up", faults: scattered({ kind: "rate-limit-window" }).slice(0, 4) },
  { name: "500", faults: scattered({ kind: "server-error", status: 500 }) },
  { name: "502", faults: scattered({ kind: "server-error", status: 502 }) },
  { name: "503", faults: scattered({ kind: "server-error", status: 503 }) },
  { name: "504", faults: scattered({ kind: "server-error", status: 504 }) },
];

const BROKEN_ANSWERS: readonly Row[] = [
  { name: "a page of HTML, status 200", faults: scattered({ kind: "non-json", status: 200 }) },
  { name: "a page of HTML, status 503", faults: scattered({ kind: "non-json" }) },
  ...[400, 401, 403, 404, 410, 425, 499, 520].map(
    (status): Row => ({
      name: `a page of HTML, status ${status}`,
      faults: [{ kind: "non-json", status }, none, { kind: "non-json", status }],
    }),
  ),
  { name: "no body, status 401", faults: [{ kind: "empty-body" }, none, { kind: "empty-body" }] },
  { name: "no body, status 200", faults: scattered({ kind: "empty-body", status: 200 }) },
  { name: "a redirect", faults: scattered({ kind: "redirect" }) },
  ...(["gzip", "deflate", "br"] as const).map(
    (encoding): Row => ({
      name: `compressed with ${encoding}`,
      faults: Array(5).fill({ kind: "compressed", encoding }),
    }),
  ),
  { name: "connection reset", faults: scattered({ kind: "reset" }) },
  { name: "no answer", faults: [none, { kind: "hang" }, none, { kind: "hang" }], environment: SHORT_TIMEOUT },
  { name: "answer cut after one byte", faults: scattered({ kind: "truncated-body", share: 0.00001 }) },
  { name: "answer cut in the middle", faults: scattered({ kind: "truncated-body" }) },
  { name: "answer cut before its last bytes", faults: scattered({ kind: "truncated-body", share: 0.9999 }) },
  {
    name: "answer that stalls",
    faults: [none, { kind: "stalled-body" }, none, { kind: "stalled-body" }],
    environment: SHORT_TIMEOUT,
  },
  { name: "answer in time, but slow", faults: scattered({ kind: "slow", milliseconds: 400 }).slice(0, 4) },
  {
    name: "answer that comes too late",
    faults: [none, { kind: "slow", milliseconds: 5_000 }, none],
    environment: SHORT_TIMEOUT,
    lateAnswers: 1,
  },
  { name: "packets that end inside characters", faults: Array(5).fill({ kind: "split-utf8" }) },
];

const PAGES: readonly Row[] = [
  { name: "empty pages with a token", faults: scattered({ kind: "empty-page" }) },
  {
    name: "short pages",
    faults: [1, 99, 10, 50, 3].map((count): XFault => ({ kind: "short-page", count })),
  },
  {
    name: "tokens that have expired",
    faults: [none, { kind: "expired-token" }, none, { kind: "expired-token" }],
  },
  { name: "tokens that never work", x: { tokenLifetimeMs: -1 } },
  { name: "errors beside the posts", faults: Array(5).fill({ kind: "partial-errors" }) },
  { name: "the older vocabulary", x: { vocabulary: "tweet" } },
  { name: "the newer vocabulary", x: { vocabulary: "post" } },
  { name: "a field list refused once", faults: [none, { kind: "rejected-parameter" }] },
  {
    name: "a post too large for Firehose",
    faults: [none, { kind: "oversize-post" }],
    check: logged("dead_letter"),
  },
  {
    name: "since_id older than X keeps",
    x: { segments: [{ count: POSTS, fromMs: Date.now() - 10 * DAY_MS, toMs: Date.now() }] },
    environment: { SEARCH_START: new Date(Date.now() - 9 * DAY_MS).toISOString() },
    check: logged("loss_recorded"),
  },
  {
    name: "since_id that grows stale inside a window",
    faults: [none, none, { kind: "stale-since-id" }],
    environment: { SEARCH_START: new Date(Date.now() - 25 * HOUR_MS).toISOString() },
    check: logged("loss_recorded"),
  },
  {
    name: "a monthly cap of X below our limit",
    x: { projectCap: 300 },
    check: logged("limit_reached"),
  },
];

export function xFaultScenarios(): readonly Scenario[] {
  return [...REFUSALS, ...BROKEN_ANSWERS, ...PAGES].map(scenarioOf);
}

function scenarioOf(row: Row): Scenario {
  const { name, faults = [], x, environment, code = 0, lateAnswers = 0, check } = row;
  return {
    name: `X: ${name}`,
    idle: true,
    x: { posts: POSTS, ...x },
    ...(environment === undefined ? {} : { environment }),
    limits: LIMITS,
    canFinish: x?.projectCap === undefined,
    async play(stage) {
      stage.world.x.faults.enqueue(...faults);
      stage.lateAnswers = lateAnswers;
      await stage.runTo(code);
      check?.(stage);
      const { queued } = stage.world.x.faults.report();
      stage.expect(queued === 0, `every fault has been met, ${queued} have not`);
    },
  };
}
