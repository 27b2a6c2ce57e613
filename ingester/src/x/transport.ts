/**
 * One request through twitter-api-v2, which returns the bytes of the answer unchanged. The library builds the request. Its
 * own parsing of answers is not used: it depends on the content type, accepts a body that broke off as complete, and
 * collects bodies of any size.
 */

import { Agent, type ClientRequest, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { ApiRequestError, ApiResponseError, TwitterApi, type TwitterResponse } from "twitter-api-v2";
import { agentFor } from "../runtime/network/proxy";
import { VERSION } from "../runtime/version";
import { count } from "../runtime/words";
import { ACCEPT_ENCODING, MAX_BODY_BYTES } from "./body";

export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface XRequest {
  readonly method: "GET" | "POST" | "DELETE";
  /** Such as `tweets/search/recent`. */
  readonly path: string;
  readonly params?: Readonly<Record<string, string>>;
  /** Sent as JSON; never with GET. */
  readonly body?: object;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly data: Buffer;
}

/** Why no complete answer arrived. */
export type TransportFailure = "broken" | "timed_out" | "too_large";

export class TransportError extends Error {
  readonly wasConnected: boolean;

  constructor(
    readonly failure: TransportFailure,
    /** The system's name, such as `ECONNREFUSED`, or words where it has none. */
    readonly code: string,
    /** Of the answer that broke off; undefined when none had begun. */
    readonly status: number | undefined,
    /** `wasConnected`: there was a connection to X, so that the request can have arrived. */
    { wasConnected = false, ...options }: ErrorOptions & { readonly wasConnected?: boolean } = {},
  ) {
    super(`No whole answer: ${failure} (${code})`, options);
    this.wasConnected = wasConnected;
  }
}

/**
 * Idle connections are closed early: a request on a connection that X has closed fails, and cannot be told from one that
 * was billed.
 */
const IDLE_SOCKET_MS = 4_000;
/** X asks clients to send their name and version. */
export const REQUEST_HEADERS = {
  accept: "application/json",
  "accept-encoding": ACCEPT_ENCODING,
  "user-agent": `tweets-to-s3/${VERSION}`,
};

interface Connection {
  readonly agent: Agent;
  readonly api: TwitterApi;
}

export class Transport {
  private connection: Connection | undefined;
  private readonly inFlight = new Set<Exchange>();
  /** The request that the library is building. */
  private starting: Exchange | undefined;

  /** @param apiUrl without a slash at its end */
  constructor(
    private readonly apiUrl: string,
    private readonly bearerToken: string,
  ) {}

  /**
   * @param timeoutMs from connecting to the last byte
   * @throws TransportError when no whole answer came
   */
  async send(request: XRequest, timeoutMs: number): Promise<RawAnswer> {
    const exchange = new Exchange(request);
    const deadline = setTimeout(() => this.end(exchange, "timed_out"), timeoutMs);
    this.inFlight.add(exchange);
    try {
      return await exchange.outcome(this.request(exchange, request));
    } finally {
      clearTimeout(deadline);
      this.inFlight.delete(exchange);
    }
  }

  /** Ends the requests in flight. */
  abort(): void {
    for (const exchange of this.inFlight) this.end(exchange, "broken");
    this.disconnect();
  }

  private request(
    exchange: Exchange,
    { method, path, params = {}, body = {} }: XRequest,
  ): Promise<TwitterResponse<Buffer>> {
    const { v2 } = this.connect().api;
    const prefix = `${this.apiUrl}/2/`;
    const options = {
      fullResponse: true,
      forceParseMode: "buffer",
      prefix,
      headers: { ...REQUEST_HEADERS },
    } as const;
    this.starting = exchange;
    switch (method) {
      case "GET":
        return v2.get<Buffer>(path, params, options);
      case "POST":
        return v2.post<Buffer>(path, body, { ...options, query: params });
      case "DELETE":
        return v2.delete<Buffer>(path, params, options);
    }
  }

  private end(exchange: Exchange, failure: TransportFailure): void {
    exchange.end(failure, failure);
    // Without a socket, a request waits behind another one, or for a connection through a proxy, which has none to close.
    if (![...this.inFlight].some(({ hasSocket }) => hasSocket)) this.disconnect();
  }

  private connect(): Connection {
    if (this.connection !== undefined) return this.connection;
    const agent = agentOf(this.apiUrl);
    watchRequests(agent, (request) => this.starting?.begin(request));
    const api = new TwitterApi(this.bearerToken, { httpAgent: agent, compression: false });
    this.connection = { agent, api };
    return this.connection;
  }

  private disconnect(): void {
    this.connection?.agent.destroy();
    this.connection = undefined;
  }
}

/** One request, and the parts of its answer that have arrived. */
class Exchange {
  private request: ClientRequest | undefined;
  private response: IncomingMessage | undefined;
  private bytes = 0;
  private wasConnected = false;
  private reject: (reason: TransportError) => void = () => undefined;
  private readonly ended = new Promise<never>((_resolve, reject) => {
    this.reject = reject;
  });

  constructor(private readonly asked: XRequest) {}

  begin(request: ClientRequest): void {
    this.request = request;
    if (this.asked.method === "DELETE" && this.asked.body !== undefined) writeJson(request, this.asked.body);
    request.once("socket", (socket) => this.watchConnection(request, socket));
    request.once("response", (response) => this.watch(response));
  }

  get hasSocket(): boolean {
    return this.request?.socket != null;
  }

  /** @throws TransportError */
  async outcome(answer: Promise<TwitterResponse<Buffer>>): Promise<RawAnswer> {
    const body = answer.then(
      ({ data }) => data,
      (error: unknown) => this.refusedBody(error),
    );
    const data = await Promise.race([body, this.ended]);
    if (this.response?.complete !== true) throw this.failure("broken", "the answer broke off");
    return { status: this.response.statusCode ?? 0, headers: this.response.headers, data };
  }

  end(failure: TransportFailure, code: string): void {
    this.reject(this.failure(failure, code));
    this.request?.destroy();
  }

  private watchConnection(request: ClientRequest, socket: Socket): void {
    const connected = () => {
      this.wasConnected = true;
    };
    if (request.reusedSocket) connected();
    else socket.once(socket instanceof TLSSocket ? "secureConnect" : "connect", connected);
  }

  private watch(response: IncomingMessage): void {
    this.response = response;
    response.on("data", (chunk: Buffer) => {
      this.bytes += chunk.length;
      if (this.bytes > MAX_BODY_BYTES) this.end("too_large", `more than ${count(MAX_BODY_BYTES)} bytes`);
    });
  }

  private refusedBody(error: unknown): Buffer {
    if (error instanceof ApiResponseError) return error.data as unknown as Buffer;
    const cause = error instanceof ApiRequestError ? causeOf(error) : (error as NodeJS.ErrnoException);
    throw this.failure("broken", cause.code ?? cause.message, cause);
  }

  private failure(failure: TransportFailure, code: string, cause?: Error): TransportError {
    const { response, wasConnected } = this;
    return new TransportError(failure, code, response?.statusCode, { cause, wasConnected });
  }
}

/** The library sends no body with DELETE. */
function writeJson(request: ClientRequest, body: object): void {
  const data = Buffer.from(JSON.stringify(body));
  request.setHeader("content-type", "application/json;charset=UTF-8");
  request.setHeader("content-length", data.length);
  request.write(data);
}

/**
 * Plain http is allowed for this machine only (config/x.ts). It uses no proxy, which would get the token unencrypted.
 */
function agentOf(apiUrl: string): Agent {
  const options = { keepAlive: true, maxSockets: 1, timeout: IDLE_SOCKET_MS };
  return apiUrl.startsWith("http:") ? new Agent(options) : agentFor(apiUrl, options);
}

/**
 * Only an agent can observe the library's requests: the library's results lack the status, and its debug events leave
 * listeners on reused connections. The agent also removes the brackets around IPv6 addresses, which the library leaves.
 */
function watchRequests(agent: Agent, onRequest: (request: ClientRequest) => void): void {
  const watched = agent as unknown as {
    addRequest(request: ClientRequest, options: { readonly host?: string | undefined }): void;
  };
  const addRequest = watched.addRequest.bind(agent);
  watched.addRequest = (request, options) => {
    onRequest(request);
    addRequest(request, { ...options, host: options.host?.replace(/^\[|\]$/g, "") });
  };
}

/** twitter-api-v2 1.29.1 keeps the cause under another name than its own getter `requestError` reads. */
function causeOf(error: ApiRequestError): NodeJS.ErrnoException {
  const { _options: options } = error as unknown as { readonly _options?: { readonly error?: Error } };
  return options?.error ?? error;
}
