/** One request to X, answered with parsed JSON or with an error that says whether X can have billed it. */

import { SourceError } from "../loop/errors";
import type { Clock } from "../loop/ports";
import { parseJson } from "../posts/json";
import type { TextForm } from "../posts/text-form";
import { isNotReached } from "../runtime/failures";
import { viaProxy } from "../runtime/network/proxy";
import { plural } from "../runtime/words";
import { bytesOf, decodedBody, textOf } from "./body";
import { isFree, type XFailure, XResponseError } from "./errors";
import { headerTime } from "./limit-headers";
import { described, isProblem } from "./problem";
import { RateLimits } from "./rate-limits";
import { type Opened, openStream } from "./stream/opening";
import { type Headers, type RawAnswer, Transport, TransportError, type XRequest } from "./transport";

export interface XOptions {
  /** App-only token. */
  readonly bearerToken: string;
  /** Base URL, without a slash at its end. */
  readonly apiUrl: string;
  /** A whole request, from connecting to the last byte. */
  readonly requestTimeoutMs: number;
}

type Params = Readonly<Record<string, string>>;

export interface GetOptions {
  /** Of the whole request. @default requestTimeoutMs */
  readonly timeoutMs?: number | undefined;
  /** The form that is wanted: bytes are given where nothing of the text is lost by it. @default characters */
  readonly form?: TextForm;
}

export interface XAnswer {
  readonly body: unknown;
  /** How strings of the body hold text. @default characters */
  readonly form?: TextForm;
  readonly headers: Headers;
  readonly receivedAtMs: number;
}

/** Smaller differences are ignored: X's `Date` has whole seconds, and an answer needs time to arrive. */
const CLOCK_TOLERANCE_MS = 5_000;
/**
 * Fewer refusals of access in a row than this are taken for passing faults, once X has granted the same in this process: single
 * refusals happen although the token is good (public reports).
 */
const DOUBTED_REFUSALS = 4;
const ACCESS_STATUSES: ReadonlySet<number> = new Set([401, 403, 404]);

export class XClient {
  private readonly transport: Transport;
  private readonly limits: RateLimits;
  /** Whether X has answered in this process, even with an error. */
  private isReached = false;
  /** Refusals of access in a row since the last success, by endpoint; absent before the first success. */
  private readonly refusals = new Map<string, number>();
  /** X's time at its last answer. NTP or a person can set the machine's clock afterwards; its uptime only grows. */
  private shown: { readonly atMs: number; readonly uptimeMs: number } | undefined;

  constructor(
    private readonly config: XOptions,
    private readonly clock: Clock,
  ) {
    this.limits = new RateLimits(clock);
    this.transport = new Transport(config.apiUrl, config.bearerToken);
  }

  /** Epoch milliseconds by X's clock, as far as its answers have shown: billing days and ids go by it. */
  readonly now = (): number =>
    this.shown === undefined ? this.clock.now() : this.shown.atMs + this.clock.uptime() - this.shown.uptimeMs;

  /**
   * @param path such as `tweets/search/recent`
   * @throws XResponseError for statuses from 400; SourceError when no whole answer arrived
   */
  get(path: string, params: Params, options?: GetOptions): Promise<XAnswer> {
    return this.send({ method: "GET", path, params }, options);
  }

  /** As get(). X may have done what was asked although no answer arrived. @param body is sent as JSON */
  post(path: string, body: object, params: Params = {}): Promise<XAnswer> {
    return this.send({ method: "POST", path, params, body });
  }

  /** As post(). */
  delete(path: string, body: object): Promise<XAnswer> {
    return this.send({ method: "DELETE", path, body });
  }

  private async send(request: XRequest, { timeoutMs: given, form }: GetOptions = {}): Promise<XAnswer> {
    const { path } = request;
    const timeoutMs = given ?? this.config.requestTimeoutMs;
    const endpoint = nameOf(request);
    await this.limits.admit(endpoint, this.now());
    const answer = await this.transport.send(request, timeoutMs).catch((error: unknown) => {
      throw error instanceof TransportError ? this.noAnswer(request, error, timeoutMs) : error;
    });
    if (answer.status >= 400) throw await this.refused(request, answer);
    if (answer.status >= 300) throw this.redirected(path, answer);
    const parsed = await this.parsed(path, answer, form);
    this.noteAnswer(endpoint, answer.headers);
    this.refusals.set(endpoint, 0);
    return { ...parsed, headers: answer.headers, receivedAtMs: this.now() };
  }

  /**
   * Opens an endless answer.
   * @param timeoutMs until its headers have come
   * @throws as get, which cannot have been billed
   */
  async open(
    path: string,
    params: Readonly<Record<string, string>>,
    { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ): Promise<Opened> {
    const asked = { method: "GET", path } as const;
    await this.limits.admit(path, this.now());
    const { apiUrl, bearerToken } = this.config;
    const outcome = await openStream({ apiUrl, bearerToken, path, params, timeoutMs, signal }).catch(
      (error: unknown) => {
        throw error instanceof TransportError ? this.noAnswer(asked, error, timeoutMs) : error;
      },
    );
    if ("refused" in outcome) {
      const { refused } = outcome;
      throw refused.status >= 400 || refused.status < 300
        ? await this.refused(asked, refused)
        : this.redirected(path, refused);
    }
    this.noteAnswer(path, outcome.opened.headers);
    this.refusals.set(path, 0);
    return outcome.opened;
  }

  /** Ends the requests in flight. */
  abort(): void {
    this.transport.abort();
  }

  /** Called for X's own answers only: a server in between can have another clock. */
  private noteAnswer(endpoint: string, headers: Headers): void {
    this.isReached = true;
    this.noteClock(headers);
    this.limits.note(endpoint, headers, this.now());
  }

  private noteClock(headers: Headers): void {
    const theirs = headerTime(headers, "date");
    if (theirs === undefined) return;
    const ours = this.clock.now();
    const isClose = Math.abs(theirs - ours) <= CLOCK_TOLERANCE_MS;
    this.shown = { atMs: isClose ? ours : theirs, uptimeMs: this.clock.uptime() };
  }

  private async parsed(
    path: string,
    { status, headers, data }: RawAnswer,
    wanted: TextForm = "characters",
  ): Promise<Pick<XAnswer, "body" | "form">> {
    let decoded: Buffer | undefined;
    try {
      decoded = await decodedBody(data, encodingOf(headers));
      const bytes = wanted === "bytes" ? bytesOf(decoded) : undefined;
      return bytes === undefined
        ? { body: parseJson(textOf(decoded)), form: "characters" }
        : { body: parseJson(bytes), form: "bytes" };
    } catch (cause) {
      const what =
        decoded === undefined
          ? `that cannot be decoded (${(cause as Error).message})`
          : `of no JSON: ${described(textOf(decoded))}`;
      throw new SourceError(
        `X answered ${status} on ${path} with ${plural(data.length, "byte")} ${what}.${this.addressHint}`,
        { kind: "transient", mayBeBilled: !isFree(path) },
        { cause },
      );
    }
  }

  private async refused(request: XRequest, { status, headers, data }: RawAnswer): Promise<XResponseError> {
    const { path } = request;
    const endpoint = nameOf(request);
    const body = parsedLoosely(
      await decodedBody(data, encodingOf(headers)).then(textOf, () => data.toString("utf8")),
    );
    const failure: XFailure = { status, body, headers, path, isUnproven: !this.isReached };
    if (!isProblem(body)) return new XResponseError(failure);
    this.noteAnswer(endpoint, headers);
    const refusals = this.refusals.get(endpoint);
    if (!ACCESS_STATUSES.has(status) || refusals === undefined) return new XResponseError(failure);
    this.refusals.set(endpoint, refusals + 1);
    return new XResponseError({ ...failure, isDoubted: refusals < DOUBTED_REFUSALS });
  }

  /** The token is sent to no other address than the configured one. */
  private redirected(path: string, { status, headers }: RawAnswer): SourceError {
    const target = typeof headers.location === "string" ? ` to ${headers.location.slice(0, 200)}` : "";
    return new SourceError(
      `${this.config.apiUrl} answered ${status} on ${path}, a redirect${target}, which is not followed. ` +
        "If X's API has moved there, set X_API_URL to it.",
      { kind: this.isReached ? "transient" : "unreachable" },
    );
  }

  private noAnswer({ method, path }: XRequest, error: TransportError, timeoutMs: number): SourceError {
    const { failure, code, status, wasConnected, cause } = error;
    const target = new URL(this.config.apiUrl).host;
    if (!wasConnected && isNotReached(code)) {
      const kind = this.isReached ? "transient" : "unreachable";
      const message = `X_API_URL: no connection to ${target}${viaProxy(this.config.apiUrl)} (${code}). Check the address and the network.`;
      return new SourceError(message, { kind }, { cause });
    }
    const what =
      failure === "timed_out" ? `no whole answer within ${timeoutMs / 1_000} s` : `no whole answer (${code})`;
    return new SourceError(
      `${method === "GET" ? "Reading" : "Changing"} ${path} at ${target}: ${what}.`,
      { kind: "transient", mayBeBilled: !isFree(path) && (status === undefined || status < 300) },
      { cause },
    );
  }

  /** Until X has answered, the address is the likeliest cause. */
  private get addressHint(): string {
    return this.isReached ? "" : " Check X_API_URL.";
  }
}

/** X has other limits and permissions for another method of the same path. */
function nameOf({ method, path }: XRequest): string {
  return method === "GET" ? path : `${method} ${path}`;
}

function encodingOf(headers: Headers): string | undefined {
  const encoding = headers["content-encoding"];
  return typeof encoding === "string" ? encoding : undefined;
}

function parsedLoosely(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
