/**
 * Every HTTP request of this process in the log at level debug: to X, Firehose, DynamoDB and for credentials, with its
 * time and the other side's id of it, which X's and AWS's support ask for. Level trace adds the parameters. Neither
 * bodies nor headers are logged, so no post and no token.
 */
import { subscribe } from "node:diagnostics_channel";
import type { ClientRequest, IncomingMessage } from "node:http";
import type { Logger } from "../logger";

/** The first that is present: X's, Firehose's and DynamoDB's, S3's and proxies'. */
const ID_HEADERS = ["x-transaction-id", "x-amzn-requestid", "x-request-id", "x-amz-request-id"] as const;

/** Subscribes once per process; does nothing where the level leaves these lines out. */
export function logRequests(logger: Logger): void {
  if (!logger.isLevelEnabled("debug")) return;
  const answers = new WeakMap<ClientRequest, IncomingMessage>();
  subscribe("http.client.response.finish", (message) => {
    const { request, response } = message as { request: ClientRequest; response: IncomingMessage };
    answers.set(request, response);
  });
  subscribe("http.client.request.start", (message) => {
    const { request } = message as { request: ClientRequest };
    const startMs = performance.now();
    request.once("close", () => {
      const ms = Math.round(performance.now() - startMs);
      logger.debug({ event: "request", ...describe(request, answers.get(request), logger), ms });
    });
  });
}

function describe(request: ClientRequest, answer: IncomingMessage | undefined, logger: Logger): object {
  const [path, params] = request.path.split("?", 2);
  const headers = answer?.headers ?? {};
  const error = request.errored as NodeJS.ErrnoException | null | undefined;
  return {
    method: request.method,
    host: request.getHeader("host"),
    path,
    ...(logger.isLevelEnabled("trace") && params !== undefined ? { params: readable(params) } : {}),
    target: request.getHeader("x-amz-target"),
    status: answer?.statusCode,
    request_id: ID_HEADERS.map((name) => headers[name]).find((id) => id !== undefined),
    rate_limit_remaining: headers["x-rate-limit-remaining"],
    error: error == null ? undefined : (error.code ?? error.message),
  };
}

function readable(params: string): string {
  try {
    return decodeURIComponent(params.replaceAll("+", " "));
  } catch {
    return params;
  }
}
