/** Health, readiness, metrics and the status page over plain HTTP. Read-only: GET and HEAD, no parameters. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ConfigError } from "../../loop/errors";
import type { Logger } from "../../runtime/logger";
import type { Scrubber } from "../../runtime/scrub";
import { sentence } from "../../runtime/words";
import type { Status } from "../status";
import { type Answer, createRoutes, HTML_TYPE, json } from "./routes";

export interface StatusServerOptions {
  readonly status: () => Status;
  readonly scrub: Scrubber;
  readonly logger: Logger;
}

const HEADERS = {
  "cache-control": "no-store",
  "content-security-policy": [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    "script-src 'unsafe-inline'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
} as const;

export class StatusServer {
  private readonly server: Server;
  private readonly routes = createRoutes();

  constructor(private readonly options: StatusServerOptions) {
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  /**
   * @param port 0 for any free one
   * @param host address to bind; a container's health check and a load balancer come from outside
   * @returns the port that is listened on
   * @throws ConfigError when it cannot listen there
   */
  listen(port: number, host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      // Stays on: a later failure to accept a connection must not end the process.
      this.server.on("error", (error: NodeJS.ErrnoException) => reject(listenError({ port, host }, error)));
      this.server.listen(port, host, () => resolve((this.server.address() as AddressInfo).port));
    });
  }

  /** Ends at once, open connections included. Does nothing when not listening. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await this.answer(request).catch((error: unknown) => this.failure(error));
    // The page is a constant. Everything else holds text from elsewhere, metrics the names of queries.
    const body = answer.contentType === HTML_TYPE ? answer.body : this.options.scrub(answer.body);
    response.writeHead(answer.code, {
      ...HEADERS,
      "content-type": answer.contentType,
      "content-length": Buffer.byteLength(body),
      ...(answer.code === 405 ? { allow: "GET, HEAD" } : {}),
    });
    response.end(body);
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    const path = request.url?.split("?", 1)[0] ?? "/";
    if (request.method !== "GET" && request.method !== "HEAD") {
      return json(405, { error: `${request.method} is not allowed`, allowed: ["GET", "HEAD"] });
    }
    const route = this.routes.get(path);
    if (route === undefined) return json(404, { error: "Not found", paths: [...this.routes.keys()] });
    return route(this.options.status());
  }

  private failure(error: unknown): Answer {
    this.options.logger.warn({ event: "status_request_failed", error });
    return json(500, { error: "The status could not be read; the log says why." });
  }
}

const PORT_PROBLEMS: Readonly<Record<string, string>> = {
  EADDRINUSE: "another process listens on it",
  EACCES: "this user may not listen on it",
};
const HOST_PROBLEMS = new Set(["EADDRNOTAVAIL", "ENOTFOUND", "EAI_AGAIN", "EINVAL"]);

export function listenError(
  { port, host }: { readonly port: number; readonly host: string },
  error: NodeJS.ErrnoException,
): ConfigError {
  if (HOST_PROBLEMS.has(error.code ?? "")) {
    const fix = "Set an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all of them.";
    return new ConfigError([`HTTP_HOST cannot be used, got "${host}": ${sentence(error.message)} ${fix}`], {
      cause: error,
    });
  }
  const problem = PORT_PROBLEMS[error.code ?? ""] ?? error.message;
  const fix =
    "Set another port (1024 to 65535), stop the other process, or set 0 to run without the status page.";
  return new ConfigError([`HTTP_PORT cannot be used, got ${port}: ${problem}. ${fix}`], { cause: error });
}
