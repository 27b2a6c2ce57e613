/**
 * One GET request to X through twitter-api-v2, answered with parsed JSON or with a SourceError that says whether X
 * can have billed it. The library is asked for raw bytes: it parses by content type, and would hand a proxy's HTML
 * page on as a string.
 */
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import {
  ApiPartialResponseError,
  ApiRequestError,
  ApiResponseError,
  TwitterApi,
  type TwitterApiReadOnly,
} from "twitter-api-v2";
import { SourceError } from "../loop/errors";
import type { Clock } from "../loop/ports";
import { parseJson } from "../posts/json";
import { isNotReached } from "../runtime/failures";
import { type XFailure, XResponseError } from "./errors";
import { RateLimits } from "./rate-limits";

export interface XOptions {
  /** App-only token. */
  readonly bearerToken: string;
  /** Base URL, without a slash at its end. */
  readonly apiUrl: string;
  /** A whole request, from connecting to the last byte. */
  readonly requestTimeoutMs: number;
}

export interface XAnswer {
  readonly body: unknown;
  readonly headers: XFailure["headers"];
  readonly receivedAtMs: number;
}

/** Idle connections are dropped early: a request on one that X has closed fails, and looks like one that may be billed. */
const IDLE_SOCKET_MS = 4_000;
/** X's `Date` has whole seconds, and an answer takes its time: smaller differences are none. */
const CLOCK_TOLERANCE_MS = 5_000;

export class XClient {
  private readonly agent: HttpAgent;
  private readonly api: TwitterApiReadOnly;
  private readonly prefix: string;
  private readonly limits: RateLimits;
  private answered = false;
  private timedOut = false;
  /** X's clock minus this machine's. */
  private offsetMs = 0;

  constructor(
    private readonly config: XOptions,
    private readonly clock: Clock,
  ) {
    this.limits = new RateLimits(clock);
    const options = { keepAlive: true, maxSockets: 1, timeout: IDLE_SOCKET_MS };
    // twitter-api-v2 speaks https only, but leaves the transport to its agent.
    this.agent = config.apiUrl.startsWith("http:") ? new HttpAgent(options) : new HttpsAgent(options);
    this.api = new TwitterApi(config.bearerToken, { httpAgent: this.agent, compression: false }).readOnly;
    this.prefix = `${config.apiUrl}/2/`;
  }

  /** Epoch milliseconds by X's clock, as far as its answers have told: billing days and ids go by it. */
  readonly now = (): number => this.clock.now() + this.offsetMs;

  /**
   * @param path such as `tweets/search/recent`
   * @param timeoutMs of the whole request. @default requestTimeoutMs
   * @throws XResponseError for statuses from 400; SourceError when no whole answer arrived
   */
  async get(
    path: string,
    params: Readonly<Record<string, string>>,
    timeoutMs = this.config.requestTimeoutMs,
  ): Promise<XAnswer> {
    await this.limits.admit(path, this.now());
    this.timedOut = false;
    const deadline = setTimeout(() => this.abort(true), timeoutMs);
    try {
      const response = await this.api.v2.get<Buffer>(path, params, {
        fullResponse: true,
        prefix: this.prefix,
        forceParseMode: "buffer",
        timeout: timeoutMs,
      });
      this.noteAnswer(path, response.headers);
      return {
        body: this.parse(path, response.data),
        headers: response.headers,
        receivedAtMs: this.clock.now(),
      };
    } catch (error) {
      throw this.translate(path, error);
    } finally {
      clearTimeout(deadline);
    }
  }

  /** Ends the request in flight, if any. */
  abort(timedOut = false): void {
    this.timedOut = timedOut;
    this.agent.destroy();
  }

  private noteAnswer(path: string, headers: XFailure["headers"]): void {
    this.answered = true;
    this.limits.note(path, headers);
    const theirs = Date.parse(String(headers.date));
    if (Number.isNaN(theirs)) return;
    const offset = theirs - this.clock.now();
    this.offsetMs = Math.abs(offset) > CLOCK_TOLERANCE_MS ? offset : 0;
  }

  private parse(path: string, data: Buffer): unknown {
    try {
      return parseJson(data.toString("utf8"));
    } catch (cause) {
      const message = `X answered 200 on ${path} with ${data.length} bytes that are cut off or no JSON.`;
      throw new SourceError(message, { kind: "transient", mayBeBilled: true }, { cause });
    }
  }

  private translate(path: string, error: unknown): unknown {
    if (error instanceof ApiResponseError) {
      this.noteAnswer(path, error.headers);
      return new XResponseError({
        status: error.code,
        body: parseLoosely(error.data),
        headers: error.headers,
        path,
      });
    }
    if (error instanceof ApiPartialResponseError) {
      const status = error.response.statusCode ?? 0;
      const message = `X's answer on ${path} (status ${status}) broke off.`;
      return new SourceError(
        message,
        { kind: "transient", mayBeBilled: status < 400 },
        { cause: error.responseError },
      );
    }
    if (error instanceof ApiRequestError) return this.connectionError(path, causeOf(error));
    return error;
  }

  private connectionError(path: string, cause: Error): SourceError {
    const code = String((cause as NodeJS.ErrnoException).code ?? "");
    const target = new URL(this.config.apiUrl).host;
    if (isNotReached(code)) {
      const kind = this.answered ? "transient" : "unreachable";
      const message = `X_API_URL: no connection to ${target} (${code}). Check the address and the network.`;
      return new SourceError(message, { kind }, { cause });
    }
    const seconds = this.config.requestTimeoutMs / 1_000;
    const what = this.timedOut
      ? `no whole answer within ${seconds} s`
      : `connection broke (${code || cause.message})`;
    return new SourceError(
      `Reading ${path} from ${target}: ${what}.`,
      { kind: "transient", mayBeBilled: true },
      { cause },
    );
  }
}

/** twitter-api-v2 1.29.1 keeps the cause under another name than its own getter `requestError` reads. */
function causeOf(error: ApiRequestError): Error {
  const { _options: options } = error as unknown as { readonly _options?: { readonly error?: Error } };
  return options?.error ?? error;
}

function parseLoosely(data: unknown): unknown {
  const text = Buffer.isBuffer(data) ? data.toString("utf8") : data;
  if (typeof text !== "string") return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
