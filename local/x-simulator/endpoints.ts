import { FaultPlan } from "../support/fault-plan";
import { Counts } from "./counts";
import type { XFault } from "./faults/kinds";
import { refusalOf } from "./faults/refusals";
import type { RequestFault } from "./faults/request-fault";
import { type Answer, cutsAnswer } from "./faults/transport";
import { Ledger } from "./ledger";
import type { XSimulatorOptions } from "./options";
import { PostGenerator } from "./posts/post-generator";
import { Matching } from "./query/matching";
import { SearchIndex } from "./query/search-index";
import { type LimitedEndpoint, RateLimiter, type RateLimitHeaders } from "./rate-limit";
import type { FieldRequest } from "./requests/field-request";
import type { SearchEndpointName } from "./requests/search-request";
import { Search } from "./search";
import { unsupportedAuthentication } from "./stream/connection-problems";
import { endConnections, listConnections } from "./stream/connections-endpoint";
import { FilteredStream } from "./stream/filtered-stream";
import { changeRules, listRules } from "./stream/rules-endpoint";
import { readStreamRequest } from "./stream/stream-request";
import { Timeline } from "./timeline";
import { answerUsage } from "./usage";
import { plainProblem, unauthorized, usageCapExceeded, XProblem } from "./x-problem";

/** A request, read from the connection it came on. */
export interface ApiRequest {
  /** Undefined when X has no such endpoint. */
  readonly endpoint: LimitedEndpoint | undefined;
  readonly url: URL;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** A stream that may be opened, instead of an answer. */
export interface StreamGrant {
  /** What each record holds. */
  readonly stream: FieldRequest;
  readonly headers: Readonly<Record<string, string>>;
}

/** X's endpoints over one timeline, with their limits and their ledger; knows nothing of connections. */
export class Endpoints {
  readonly timeline: Timeline;
  readonly ledger = new Ledger();
  /** What goes wrong with searches. */
  readonly faults = new FaultPlan<XFault>();
  /** What goes wrong with the endpoints of rules and connections. */
  readonly ruleFaults = new FaultPlan<XFault>();
  readonly stream: FilteredStream;
  private readonly search: Search;
  private readonly counts: Counts;
  private readonly limiter: RateLimiter;

  constructor(private readonly options: Required<XSimulatorOptions>) {
    this.timeline = new Timeline(options.seed, options.segments);
    const { timeline, ledger } = this;
    const generator = new PostGenerator(options.seed, timeline, options.repostShare);
    const matching = new Matching(options.matching, generator);
    const index = new SearchIndex({ timeline, generator, matching, late: options.lateIndexing });
    this.search = new Search({ ...options, timeline, generator, index });
    this.counts = new Counts({ ...options, timeline, index });
    const isCapReached = () => this.isCapReached();
    this.stream = new FilteredStream({ options, timeline, generator, matching, ledger, isCapReached });
    this.limiter = new RateLimiter(options.rateLimits);
  }

  /** What happens to this request; counts and usage meet no faults. */
  faultFor(endpoint: LimitedEndpoint | undefined): RequestFault | undefined {
    if (endpoint === "stream") return this.stream.faults.next();
    if (endpoint?.startsWith("search/")) return this.faults.next();
    const isControl = endpoint?.startsWith("rules/") || endpoint?.startsWith("connections/");
    return isControl ? this.ruleFaults.next() : undefined;
  }

  /** X's answer to a request, a success or a problem; both are written into the ledger. */
  answer(request: ApiRequest, fault: RequestFault | undefined): Answer | StreamGrant {
    const answer = this.answerOrProblem(request, fault);
    this.ledger.countRequest(request.endpoint ?? "unknown", "stream" in answer ? 200 : answer.status);
    const date = new Date(this.options.clock.now()).toUTCString();
    return { ...answer, headers: { date, ...answer.headers } };
  }

  private answerOrProblem(request: ApiRequest, fault: RequestFault | undefined): Answer | StreamGrant {
    const { endpoint, url } = request;
    const nowMs = this.options.clock.now();
    let headers: RateLimitHeaders = {};
    try {
      this.authorize(request);
      if (!endpoint) throw plainProblem(404, "Not Found");
      headers = this.limiter.headersNow(endpoint, nowMs);
      const refusal = refusalOf(fault, { parameters: url.searchParams, nowMs, headers });
      if (refusal) throw refusal;
      headers = this.limiter.admit(endpoint, nowMs);
      if (endpoint === "stream") return { stream: this.admitToStream(url, fault), headers };
      const { status, body } = this.run(endpoint, request, fault);
      return { status, headers, body: typeof body === "string" ? Buffer.from(body) : body };
    } catch (error) {
      if (!(error instanceof XProblem)) throw error;
      return {
        status: error.status,
        headers: { ...headers, ...error.headers },
        body: Buffer.from(JSON.stringify(error.body)),
      };
    }
  }

  private run(
    endpoint: LimitedEndpoint,
    { url, body }: ApiRequest,
    fault: RequestFault | undefined,
  ): { readonly status: number; readonly body: string | Buffer } {
    const { rules, connections } = this.stream;
    const parameters = url.searchParams;
    const nowMs = this.options.clock.now();
    const written = ({ status, body }: { status: number; body: object }) => ({
      status,
      body: JSON.stringify(body),
    });
    const success = (answered: string | Buffer) => ({ status: 200, body: answered });
    switch (endpoint) {
      case "rules/list":
        return written(listRules(rules, parameters));
      case "rules/change":
        return written(changeRules(rules, { parameters, body, nowMs }));
      case "connections/list":
        return success(JSON.stringify(listConnections(connections, parameters)));
      case "connections/end":
        return success(JSON.stringify(endConnections(connections, url.pathname, body)));
      case "usage/tweets":
        return success(this.usage(parameters));
      default:
        return success(this.read(endpoint, parameters, fault as XFault | undefined));
    }
  }

  private read(
    endpoint: LimitedEndpoint,
    parameters: URLSearchParams,
    fault: XFault | undefined,
  ): string | Buffer {
    const [kind, reach] = endpoint.split("/") as [string, SearchEndpointName];
    if (kind === "counts") return this.counts.answer(parameters, reach);
    if (this.isCapReached()) throw usageCapExceeded();
    const { body, bill } = this.search.answer(parameters, reach, fault);
    this.ledger.bill({ ...bill, source: "search", cut: cutsAnswer(fault) }, this.options.clock.now());
    return body;
  }

  private admitToStream(url: URL, fault: RequestFault | undefined): FieldRequest {
    const request = readStreamRequest(url.searchParams, this.options.vocabulary);
    if (this.isCapReached()) throw usageCapExceeded();
    this.stream.admit(fault);
    return request;
  }

  private isCapReached(): boolean {
    return this.ledger.billedPosts + this.options.priorUsage >= this.options.projectCap;
  }

  private usage(parameters: URLSearchParams): string {
    return answerUsage(parameters, {
      ...this.options,
      ledger: () => this.ledger.report(),
      nowMs: () => this.options.clock.now(),
    });
  }

  private authorize({ endpoint, authorization = "" }: ApiRequest): void {
    const [, token] = /^Bearer (\S+)$/.exec(authorization) ?? [];
    if (endpoint === "stream" && authorization.startsWith("OAuth ")) throw unsupportedAuthentication();
    if (token === undefined || this.options.invalidTokens.includes(token)) throw unauthorized();
  }
}
