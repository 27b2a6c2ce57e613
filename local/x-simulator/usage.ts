import type { LedgerReport } from "./ledger";
import { ParameterReader } from "./requests/parameter-reader";

/** X's default cap on post reads in a billing cycle. */
export const DEFAULT_PROJECT_CAP = 3_000_000;

/** What the usage endpoint reports. */
export interface UsageProps {
  readonly ledger: () => LedgerReport;
  readonly nowMs: () => number;
  readonly projectCap: number;
  /** Day of the month the cycle turns. */
  readonly capResetDay: number;
  /** Posts the project had used before the simulator started. */
  readonly priorUsage: number;
}

const FIELDS: readonly string[] = [
  "cap_reset_day",
  "daily_client_app_usage",
  "daily_project_usage",
  "project_cap",
  "project_id",
  "project_usage",
];
const DEFAULT_FIELDS: readonly string[] = ["cap_reset_day", "project_cap", "project_id", "project_usage"];
const PROJECT_ID = "1000000000000000000";

/**
 * Answers `GET /2/usage/tweets`, as JSON. Numbers of posts are strings, as X has them.
 * @throws XProblem (400) when the request is not one X would accept.
 */
export function answerUsage(parameters: URLSearchParams, props: UsageProps): string {
  const reader = new ParameterReader(parameters);
  reader.checkNames(["days", "usage.fields"]);
  reader.integer("days", { min: 1, max: 90, fallback: 7 });
  const asked = reader.list("usage.fields", FIELDS);
  reader.finish();
  const used = props.priorUsage + props.ledger().billedPosts;
  const today = `${new Date(props.nowMs()).toISOString().slice(0, 10)}T00:00:00.000Z`;
  const daily = [{ date: today, usage: String(used) }];
  const data: Readonly<Record<string, unknown>> = {
    cap_reset_day: props.capResetDay,
    project_cap: String(props.projectCap),
    project_id: PROJECT_ID,
    project_usage: String(used),
    daily_project_usage: { project_id: PROJECT_ID, usage: daily },
    daily_client_app_usage: [{ client_app_id: "10000000", usage: daily, usage_result_count: daily.length }],
  };
  const fields = asked.length > 0 ? asked : DEFAULT_FIELDS;
  return JSON.stringify({ data: Object.fromEntries(fields.map((name) => [name, data[name]])) });
}
