import { tokenProblem } from "../requests/page-token";
import { staleId } from "../window";
import {
  clientForbidden,
  creditsDepleted,
  invalidRequest,
  plainProblem,
  spendingLimitReached,
  tooManyRequests,
  unauthorized,
  usageCapExceeded,
} from "../x-problem";
import type { RequestFault } from "./request-fault";

/** How long ago the id lies that a simulated answer to a stale `since_id` names. */
const STALE_AGE_MS = 60 * 60 * 1000;

const STATUS_NAMES: Readonly<Record<number, string>> = {
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

/** The request a fault meets. */
export interface RefusedRequest {
  readonly parameters: URLSearchParams;
  readonly nowMs: number;
  /** The headers the endpoint would answer with. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The problem a fault answers with instead of searching; `undefined` when it does something else. */
export function refusalOf(fault: RequestFault | undefined, request: RefusedRequest): Error | undefined {
  switch (fault?.kind) {
    case "rate-limit-window":
      return tooManyRequests(exhausted(fault.resetSeconds ?? 1, request));
    case "day-limit":
      return tooManyRequests(dayExhausted(fault.resetSeconds ?? 3_600, request));
    case "one-per-second":
      return tooManyRequests(request.headers);
    case "usage-cap":
      return usageCapExceeded(request.headers);
    case "credits-depleted":
      return creditsDepleted();
    case "spending-limit":
      return spendingLimitReached();
    case "unauthorized":
      return unauthorized();
    case "client-forbidden":
      return clientForbidden();
    case "server-error":
      return plainProblem(fault.status ?? 503, STATUS_NAMES[fault.status ?? 503] ?? "Error");
    default:
      return badRequestOf(fault, request);
  }
}

function badRequestOf(
  fault: RequestFault | undefined,
  { parameters, nowMs }: RefusedRequest,
): Error | undefined {
  switch (fault?.kind) {
    case "stale-since-id":
      return invalidRequest([staleId("since_id", parameters.get("since_id") ?? "", nowMs - STALE_AGE_MS)]);
    case "expired-token":
      return tokenProblem(parameters.get("next_token") ?? parameters.get("pagination_token") ?? "");
    case "rejected-parameter":
      return rejected(fault.parameter ?? "post.fields", parameters);
    case "invalid-query":
      return invalidRequest([
        {
          parameters: { query: parameters.getAll("query") },
          message:
            "There were errors processing your request: no viable alternative at input (at position 1)",
        },
      ]);
    default:
      return undefined;
  }
}

function rejected(name: string, parameters: URLSearchParams): Error {
  return invalidRequest([
    {
      parameters: { [name]: parameters.getAll(name) },
      message: `The query parameter [${name}] is not one of [query,start_time,end_time,since_id,until_id,max_results]`,
    },
  ]);
}

function dayExhausted(resetSeconds: number, { headers, nowMs }: RefusedRequest): Record<string, string> {
  return {
    ...headers,
    "x-app-limit-24hour-limit": "10000",
    "x-app-limit-24hour-remaining": "0",
    "x-app-limit-24hour-reset": String(Math.ceil(nowMs / 1000 + resetSeconds)),
  };
}

function exhausted(resetSeconds: number, { headers, nowMs }: RefusedRequest): Record<string, string> {
  return {
    ...headers,
    "x-rate-limit-remaining": "0",
    "x-rate-limit-reset": String(Math.ceil(nowMs / 1000 + resetSeconds)),
  };
}
