/**
 * X's own count of this billing cycle. It arrives late, so it can only raise the budget's figures, never lower them.
 */
import { isObject } from "../posts/post";
import type { XClient } from "./client";
import { explained } from "./errors";

export interface ProjectUsage {
  /** Post reads in this cycle, by every app of the project; undefined when X leaves it out. */
  readonly posts: number | undefined;
  /** The project's cap in post reads per cycle. */
  readonly cap: number | undefined;
  /** Day of the month on which the cycle turns, 1 to 31. */
  readonly capResetDay: number | undefined;
  /** X's clock when it answered, in epoch milliseconds. */
  readonly serverTimeMs: number | undefined;
}

/** GET /2/usage/tweets: free, 50 requests per 15 minutes. @throws SourceError */
export async function readUsage(
  client: Pick<XClient, "get" | "now">,
  timeoutMs?: number,
): Promise<ProjectUsage> {
  const fields = { "usage.fields": "cap_reset_day,project_cap,project_usage" };
  const { body, headers } = await explained(client.get("usage/tweets", fields, { timeoutMs }), client.now());
  const data = isObject(body) && isObject(body.data) ? body.data : {};
  const day = wholeNumber(data.cap_reset_day);
  const date = Date.parse(String(headers.date));
  return {
    posts: wholeNumber(data.project_usage),
    cap: wholeNumber(data.project_cap),
    capResetDay: day !== undefined && day >= 1 && day <= 31 ? day : undefined,
    serverTimeMs: Number.isNaN(date) ? undefined : date,
  };
}

export interface DailyUsage extends Pick<ProjectUsage, "posts" | "cap"> {
  /** Post reads of the whole project by UTC day, such as 2026-11-20; X may leave days out. */
  readonly days: ReadonlyMap<string, number>;
}

/** X keeps 90 days (OpenAPI). */
export const MAX_USAGE_DAYS = 90;

/** As readUsage, by day. @param days back from today, 1 to MAX_USAGE_DAYS. @throws SourceError */
export async function readDailyUsage(
  client: Pick<XClient, "get" | "now">,
  days: number,
): Promise<DailyUsage> {
  const params = { days: String(days), "usage.fields": "daily_project_usage,project_cap,project_usage" };
  const { body } = await explained(client.get("usage/tweets", params), client.now());
  const data = isObject(body) && isObject(body.data) ? body.data : {};
  const daily = isObject(data.daily_project_usage) ? data.daily_project_usage.usage : undefined;
  const entries = (Array.isArray(daily) ? daily.filter(isObject) : []).flatMap(({ date, usage }) => {
    const posts = wholeNumber(usage);
    return posts === undefined ? [] : [[String(date).slice(0, 10), posts] as const];
  });
  return {
    posts: wholeNumber(data.project_usage),
    cap: wholeNumber(data.project_cap),
    days: new Map(entries),
  };
}

/** X writes large numbers as strings. */
function wholeNumber(value: unknown): number | undefined {
  const parsed = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof parsed === "number" && Number.isSafeInteger(parsed) && parsed >= 0 ? parsed : undefined;
}
