import { XProblem } from "../x-problem";

const STREAMING_CONNECTION = "https://api.x.com/2/problems/streaming-connection";

/** HTTP 429: the app has as many streams as it may have, ghosts included. */
export function tooManyConnections(): XProblem {
  return new XProblem(429, {
    title: "ConnectionException",
    detail: "This stream is currently at the maximum allowed connection limit.",
    connection_issue: "TooManyConnections",
    type: STREAMING_CONNECTION,
  });
}

/** HTTP 409: a stream without rules would send nothing. */
export function noRules(): XProblem {
  return new XProblem(409, {
    title: "ConnectionException",
    detail: "A stream needs at least one rule. Add one at /2/tweets/search/stream/rules.",
    connection_issue: "RuleConfigurationIssue",
    type: STREAMING_CONNECTION,
  });
}

/** HTTP 403: the stream belongs to the app, not to one of its users. */
export function unsupportedAuthentication(): XProblem {
  return new XProblem(403, {
    title: "Unsupported Authentication",
    detail: "This endpoint accepts an app-only bearer token and no user's.",
    type: "https://api.twitter.com/2/problems/unsupported-authentication",
  });
}
