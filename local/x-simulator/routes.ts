import type { LimitedEndpoint } from "./rate-limit";

const ROUTES: Readonly<Record<string, LimitedEndpoint>> = {
  "GET /2/tweets/search/recent": "search/recent",
  "GET /2/tweets/search/all": "search/all",
  "GET /2/tweets/counts/recent": "counts/recent",
  "GET /2/tweets/counts/all": "counts/all",
  "GET /2/usage/tweets": "usage/tweets",
  "GET /2/tweets/search/stream": "stream",
  "GET /2/tweets/search/stream/rules": "rules/list",
  "POST /2/tweets/search/stream/rules": "rules/change",
  "GET /2/connections": "connections/list",
  "DELETE /2/connections": "connections/end",
};

/** Which endpoint a request is for, if any. @param path without parameters */
export function endpointOf(method: string, path: string): LimitedEndpoint | undefined {
  if (method === "DELETE" && /^\/2\/connections\/[^/]+$/.test(path)) return "connections/end";
  return ROUTES[`${method} ${path}`];
}
