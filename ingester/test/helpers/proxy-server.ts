/** A proxy as companies run them: CONNECT for https, absolute URLs for http, a password where it is given one. */
import { once } from "node:events";
import { createServer, request as httpRequest, type IncomingMessage, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

export class ProxyServer {
  /** What was asked for, such as `CONNECT localhost:8443` or `GET http://localhost:8080/`. */
  readonly requests: string[] = [];
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  /** Every tunnel leads here, whatever host it was asked for. @default - the host that was asked for */
  tunnelTo: number | undefined;
  /** Answers every request with this status instead of passing it on. */
  refuseWith: number | undefined;

  /** @param credentials `user:password` that it insists on */
  constructor(private readonly credentials?: string) {
    this.server = createServer((request, response) => {
      const status = this.note(request);
      if (status !== undefined)
        return response.writeHead(status, { "content-type": "text/html" }).end("<html>");
      const target = new URL(request.url ?? "");
      const headers = { ...request.headers };
      delete headers["proxy-authorization"];
      const onward = httpRequest(target, { method: request.method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      onward.on("error", () => response.writeHead(502).end());
      return request.pipe(onward);
    });
    this.server.on("connect", (request, socket, head) => this.tunnel(request, socket as Socket, head));
    this.server.on("connection", (socket) => this.sockets.add(socket));
  }

  /** @returns its URL, credentials included */
  async listen(): Promise<string> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    const { port } = this.server.address() as AddressInfo;
    return `http://${this.credentials === undefined ? "" : `${this.credentials}@`}127.0.0.1:${port}`;
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }

  /** @returns the status to refuse the request with */
  private note(request: IncomingMessage): number | undefined {
    this.requests.push(`${request.method} ${request.url}`);
    if (this.refuseWith !== undefined) return this.refuseWith;
    if (this.credentials === undefined) return undefined;
    const [user = "", password = ""] = this.credentials.split(":").map(decodeURIComponent);
    const expected = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
    return request.headers["proxy-authorization"] === expected ? undefined : 407;
  }

  private tunnel(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const status = this.note(request);
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${status} No\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n<html>`);
      return;
    }
    const [host, port] = (request.url ?? "").split(":");
    const onward = connect(this.tunnelTo ?? Number(port), this.tunnelTo === undefined ? host : "127.0.0.1");
    this.sockets.add(onward);
    onward.on("connect", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    for (const end of [onward, socket]) {
      end.on("error", () => undefined);
      end.on("close", () => (end === onward ? socket : onward).destroy());
    }
  }
}
