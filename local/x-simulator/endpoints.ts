import type { IncomingMessage } from "node:http";
import { FaultPlan } from "../support/fault-plan";
import { Counts } from "./counts";
import type { XFault } from "./faults/kinds";
import { refusalOf } from "./faults/refusals";
import { type Answer, cutsAnswer } from "./faults/transport";
import { Ledger } from "./ledger";
import type { XSimulatorOptions } from "./options";
import { PostGenerator } from "./posts/post-generator";
import { type LimitedEndpoint, RateLimiter, type RateLimitHeaders } from "./rate-limit";
import type { SearchEndpointName } from "./requests/search-request";
import { Search } from "./search";
import { Timeline } from "./timeline";
import { answerUsage } from "./usage";
import { plainProblem, unauthorized, usageCapExceeded, XProblem } from "./x-problem";

const PATHS: Readonly<Record<string, LimitedEndpoint>> = {
  "/2/tweets/search/recent": "search/recent",
  "/2/tweets/search/all": "search/all",
  "/2/tweets/counts/recent": "counts/recent",
  "/2/tweets/counts/all": "counts/all",
  "/2/usage/tweets": "usage/tweets",
};

/** Which endpoint an address names, if any. */
export function endpointOf(url: URL): LimitedEndpoint | undefined {
  return PATHS[url.pathname];
}

/** X's endpoints over one timeline, with their limits and their ledger; knows nothing of connections. */
export class Endpoints {
  readonly timeline: Timeline;
  readonly ledger = new Ledger();
  readonly faults = new FaultPlan<XFault>();
  private readonly search: Search;
  private readonly counts: Counts;
  private readonly limiter: RateLimiter;

  constructor(private readonly options: Required<XSimulatorOptions>) {
    this.timeline = new Timeline(options.seed, options.segments);
    const generator = new PostGenerator(options.seed, this.timeline);
    this.search = new Search({ ...options, timeline: this.timeline, generator });
    this.counts = new Counts({ ...options, timeline: this.timeline });
    this.limiter = new RateLimiter(options.rateLimits);
  }

  /** What happens to this request; only searches meet faults. */
  faultFor(endpoint: LimitedEndpoint | undefined): XFault | undefined {
    return endpoint?.startsWith("search/") ? this.faults.next() : undefined;
  }

  /** X's answer to a request, a success or a problem; both are written into the ledger. */
  answer(request: IncomingMessage, url: URL, fault: XFault | undefined): Answer {
    const endpoint = endpointOf(url);
    const answer = this.answerOrProblem(request, url, { endpoint, fault });
    this.ledger.countRequest(endpoint ?? "unknown", answer.status);
    const date = new Date(this.options.clock.now()).toUTCString();
    return { ...answer, headers: { date, ...answer.headers } };
  }

  private answerOrProblem(
    request: IncomingMessage,
    url: URL,
    {
      endpoint,
      fault,
    }: { readonly endpoint: LimitedEndpoint | undefined; readonly fault: XFault | undefined },
  ): Answer {
    let headers: RateLimitHeaders = {};
    try {
      this.authorize(request);
      if (!endpoint || request.method !== "GET") throw plainProblem(404, "Not Found");
      headers = this.limiter.headersNow(endpoint, this.options.clock.now());
      const refusal = refusalOf(fault, {
        parameters: url.searchParams,
        nowMs: this.options.clock.now(),
        headers,
      });
      if (refusal) throw refusal;
      headers = this.limiter.admit(endpoint, this.options.clock.now());
      return { status: 200, headers, body: Buffer.from(this.run(endpoint, url.searchParams, fault)) };
    } catch (error) {
      if (!(error instanceof XProblem)) throw error;
      return {
        status: error.status,
        headers: { ...headers, ...error.headers },
        body: Buffer.from(JSON.stringify(error.body)),
      };
    }
  }

  private run(endpoint: LimitedEndpoint, parameters: URLSearchParams, fault: XFault | undefined): string {
    const [kind, reach] = endpoint.split("/") as [string, SearchEndpointName];
    if (kind === "counts") return this.counts.answer(parameters, reach);
    if (kind === "usage") return this.usage(parameters);
    if (this.ledger.report().billedPosts + this.options.priorUsage >= this.options.projectCap)
      throw usageCapExceeded();
    const { json, bill } = this.search.answer(parameters, reach, fault);
    this.ledger.bill({ ...bill, cut: cutsAnswer(fault) }, this.options.clock.now());
    return json;
  }

  private usage(parameters: URLSearchParams): string {
    return answerUsage(parameters, {
      ...this.options,
      ledger: () => this.ledger.report(),
      nowMs: () => this.options.clock.now(),
    });
  }

  private authorize(request: IncomingMessage): void {
    const [, token] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? "") ?? [];
    if (token === undefined || this.options.invalidTokens.includes(token)) throw unauthorized();
  }
}
