import type { IncomingMessage, ServerResponse } from "node:http";
import type { FaultPlan } from "../support/fault-plan";
import { readBody } from "../support/http-body";
import { type Address, LoopbackServer } from "../support/loopback-server";
import { UsageError } from "../support/usage-error";
import { CONTROL_PREFIX, control, returnedIds } from "./control";
import { Endpoints } from "./endpoints";
import type { XFault } from "./faults/kinds";
import { breakBeforeAnswer, deliver, pause, send } from "./faults/transport";
import type { BillSource, Ledger } from "./ledger";
import { withDefaults, type XSimulatorOptions } from "./options";
import type { LimitedEndpoint } from "./rate-limit";
import type { FilteredStream } from "./stream/filtered-stream";
import type { Timeline } from "./timeline";
import { plainProblem } from "./x-problem";

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

/** A thousand rules of 1,024 characters of four bytes, and their tags. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

/**
 * X's API v2 over plain HTTP, without X: recent and full-archive search, counts, usage and the filtered
 * stream over seeded posts that are made when they are asked for. It keeps a ledger of everything X would bill, and can be
 * made to fail in all the ways X does.
 *
 * Beside the API: `/__simulator/`, see control.ts.
 */
export class XSimulator {
  private readonly options: Required<XSimulatorOptions>;
  private readonly endpoints: Endpoints;
  private readonly server = new LoopbackServer((request, response) => {
    this.handle(request, response).catch((error) => fail(response, error));
  });

  constructor(options: XSimulatorOptions = {}) {
    this.options = withDefaults(options);
    this.endpoints = new Endpoints(this.options);
  }

  /** The posts there are; add a segment to write newer ones. */
  get timeline(): Timeline {
    return this.endpoints.timeline;
  }

  /** What X would have billed so far. */
  get ledger(): Ledger {
    return this.endpoints.ledger;
  }

  /** Plans what goes wrong with the next search requests. */
  get faults(): FaultPlan<XFault> {
    return this.endpoints.faults;
  }

  /** Plans what goes wrong with the next requests about rules and connections. */
  get ruleFaults(): FaultPlan<XFault> {
    return this.endpoints.ruleFaults;
  }

  /** The filtered stream: its rules, connections, and what goes wrong with them. */
  get stream(): FilteredStream {
    return this.endpoints.stream;
  }

  /** The ids of all posts returned at least once, ascending. @param source only those that were bought there */
  billedIds(source?: BillSource): Generator<bigint> {
    return returnedIds(this.endpoints, source);
  }

  /**
   * Writes newer posts, now: the stream sends them, search finds them.
   * @throws UsageError when posts are planned for later, which these would have to follow
   */
  publish(count: number): void {
    const { timeline } = this;
    const nowMs = this.options.clock.now();
    if (timeline.endMs > nowMs + 1000) {
      throw new UsageError(
        "Posts are planned for later: make the segments denser instead of publishing now.",
      );
    }
    const fromMs = Math.max(nowMs, timeline.endMs);
    timeline.add({ count, fromMs, toMs: fromMs + 1 });
  }

  /**
   * Starts listening.
   * @param port 0 takes any free port.
   * @throws UsageError when the port is taken.
   */
  listen(port = 0, host?: string): Promise<Address> {
    return this.server.listen(port, host);
  }

  /** Stops; streams end, and open requests get a moment to finish. */
  close(): Promise<void> {
    this.endpoints.stream.close();
    return this.server.close();
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url?.startsWith(CONTROL_PREFIX)) {
      return control(this.endpoints, { request, response, nowMs: this.options.clock.now() });
    }
    const url = new URL(request.url ?? "/", "http://localhost");
    const endpoint = endpointOf(request.method ?? "", url.pathname);
    const body = request.method === "GET" ? "" : (await readBody(request, MAX_BODY_BYTES)).toString("utf8");
    const fault = this.endpoints.faultFor(endpoint);
    if (breakBeforeAnswer(fault, response)) return;
    const { authorization, "accept-encoding": acceptEncoding = "" } = request.headers;
    const answer = this.endpoints.answer({ endpoint, url, authorization, body }, fault);
    if ("stream" in answer) {
      if (fault?.kind === "slow") await pause(fault.milliseconds);
      // A client that has gone already sends no further event: it would stay counted.
      if (response.destroyed) return;
      this.stream.open({ ...answer, response, acceptEncoding: String(acceptEncoding), fault });
      return;
    }
    await deliver(response, answer, answer.status === 200 ? fault : undefined);
  }
}

/** A defect of the simulator itself: visible here, an internal error to the client. */
function fail(response: ServerResponse, error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  if (response.headersSent) return void response.destroy();
  const problem = plainProblem(500, "Internal Server Error");
  send(response, { status: problem.status, headers: {}, body: Buffer.from(JSON.stringify(problem.body)) });
}

/** Which endpoint a request is for, if any. @param path without parameters */
function endpointOf(method: string, path: string): LimitedEndpoint | undefined {
  if (method === "DELETE" && /^\/2\/connections\/[^/]+$/.test(path)) return "connections/end";
  return ROUTES[`${method} ${path}`];
}
