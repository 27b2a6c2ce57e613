/** What X itself has counted in this billing cycle. It lags, so it may raise a meter, never lower one. */
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
  const { body, headers } = await explained(client.get("usage/tweets", fields, timeoutMs), client.now());
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

/** X writes large numbers as strings. */
function wholeNumber(value: unknown): number | undefined {
  const parsed = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof parsed === "number" && Number.isSafeInteger(parsed) && parsed >= 0 ? parsed : undefined;
}
