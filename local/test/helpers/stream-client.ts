import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { createGunzip } from "node:zlib";

/** A record of the stream as the tests look at it. */
export interface StreamedRecord {
  readonly data?: { readonly id: string; readonly [field: string]: unknown };
  readonly includes?: Readonly<Record<string, readonly { readonly id: string }[]>>;
  readonly matching_rules?: readonly { readonly id: string; readonly tag?: string }[];
  readonly errors?: readonly Record<string, unknown>[];
  readonly [other: string]: unknown;
}

const CONDITION_MS = 5000;

/** A client of the stream that keeps every chunk as it came. */
export class StreamClient {
  readonly chunks: Buffer[] = [];
  /** How the answer ended: `end`, or the error's code. */
  ending: string | undefined;

  private constructor(
    private readonly outgoing: ClientRequest,
    readonly response: IncomingMessage,
  ) {
    const body = response.headers["content-encoding"] === "gzip" ? response.pipe(createGunzip()) : response;
    body.on("data", (chunk: Buffer) => this.chunks.push(chunk));
    // What was compressed comes a little after the end of the answer itself.
    body.on("end", () => {
      this.ending ??= "end";
    });
    for (const stream of [response, body]) {
      stream.on("error", (error: NodeJS.ErrnoException) => {
        this.ending ??= error.code ?? error.message;
      });
    }
  }

  static connect(
    url: string,
    parameters: Readonly<Record<string, string>> = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<StreamClient> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        `${url}/2/tweets/search/stream?${new URLSearchParams(parameters)}`,
        { headers: { authorization: "Bearer test", ...headers }, agent: false },
        (response) => resolve(new StreamClient(outgoing, response)),
      );
      outgoing.on("error", reject);
      outgoing.end();
    });
  }

  get status(): number | undefined {
    return this.response.statusCode;
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString("utf8");
  }

  /** Complete lines, heartbeats (empty ones) included. */
  get lines(): readonly string[] {
    return this.text.split(/\r?\n/).slice(0, -1);
  }

  get records(): readonly StreamedRecord[] {
    return this.lines.filter((line) => line !== "").map((line) => JSON.parse(line) as StreamedRecord);
  }

  get ids(): readonly string[] {
    return this.records.flatMap(({ data }) => (data ? [data.id] : []));
  }

  /** The body of an answer that is no stream. */
  async body(): Promise<Record<string, unknown>> {
    await this.until(() => this.ending !== undefined);
    return JSON.parse(this.text) as Record<string, unknown>;
  }

  received(count: number): Promise<void> {
    return this.until(() => this.records.length >= count);
  }

  ended(): Promise<void> {
    return this.until(() => this.ending !== undefined);
  }

  async until(condition: () => boolean): Promise<void> {
    for (const end = Date.now() + CONDITION_MS; !condition(); ) {
      if (Date.now() > end)
        throw new Error(`did not come true; ended: ${this.ending}, got: ${this.text.slice(0, 500)}`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  close(): void {
    this.outgoing.destroy();
  }
}

/** Sends a request with a body, as JSON. */
export async function send(
  url: string,
  method: string,
  body?: unknown,
): Promise<{ readonly status: number; readonly body: StreamedRecord }> {
  const response = await fetch(url, {
    method,
    headers: { authorization: "Bearer test", "content-type": "application/json" },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as StreamedRecord };
}
