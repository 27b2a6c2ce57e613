/** A small S3 over a folder: lists in pages, reads ranges, and fails where a test says so. */
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { listObjects } from "../../local/bucket";

/** What one request meets: a full answer, S3's request to slow down, or a connection that breaks in the body. */
export type Fate = "whole" | "slow_down" | "cut" | "denied";

const PAGE = 2;

export class S3Endpoint {
  /** Method, path and query of each request. */
  readonly requests: string[] = [];
  /** Fates of the next reads of objects; then all is well. */
  fates: Fate[] = [];
  private readonly server: Server;

  constructor(
    private readonly bucket: string,
    private readonly folder: string,
  ) {
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  async listen(): Promise<string> {
    await new Promise<void>((done) => this.server.listen(0, "127.0.0.1", done));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "", "http://s3");
    this.requests.push(`${request.method} ${url.pathname}${url.search}`);
    const [, bucket, ...key] = decodeURIComponent(url.pathname).split("/");
    if (bucket !== this.bucket) refuse(response, 404, "NoSuchBucket");
    else if (url.searchParams.get("list-type") === "2") await this.list(url.searchParams, response);
    else this.read(key.join("/"), request.headers.range, response);
  }

  private async list(query: URLSearchParams, response: ServerResponse): Promise<void> {
    const after = query.get("continuation-token") ?? query.get("start-after") ?? "";
    const all = (await listObjects(this.folder, query.get("prefix") ?? "")).filter(({ key }) => key > after);
    const page = all.slice(0, PAGE);
    const next = all.length > PAGE ? page.at(-1)?.key : undefined;
    const contents = page.map(
      ({ key, bytes }) => `<Contents><Key>${key}</Key><Size>${bytes}</Size></Contents>`,
    );
    const token = next === undefined ? "" : `<NextContinuationToken>${next}</NextContinuationToken>`;
    response.setHeader("content-type", "application/xml");
    response.end(
      `<?xml version="1.0"?><ListBucketResult><IsTruncated>${next !== undefined}</IsTruncated>${token}${contents.join("")}</ListBucketResult>`,
    );
  }

  private read(key: string, range: string | undefined, response: ServerResponse): void {
    const fate = this.fates.shift() ?? "whole";
    if (fate === "slow_down") refuse(response, 503, "SlowDown");
    else if (fate === "denied") refuse(response, 403, "AccessDenied");
    else this.send(key, range, { isCut: fate === "cut", response });
  }

  private send(
    key: string,
    range: string | undefined,
    { isCut, response }: { readonly isCut: boolean; readonly response: ServerResponse },
  ): void {
    const whole = readFileSync(join(this.folder, key));
    const [, start = "0", end = ""] = /^bytes=(\d+)-(\d*)$/.exec(range ?? "") ?? [];
    const body = whole.subarray(Number(start), end === "" ? whole.length : Number(end) + 1);
    response.writeHead(range === undefined ? 200 : 206, { "content-length": body.length });
    if (!isCut) response.end(body);
    else response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
  }
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { "content-type": "application/xml" });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}
