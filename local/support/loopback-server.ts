import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { UsageError } from "./usage-error";

/** Where a local server can be reached. */
export interface Address {
  /** For example `http://127.0.0.1:4100`, without a trailing slash. */
  readonly url: string;
  readonly port: number;
}

/**
 * How long open requests may take once the server is closing. A client that hangs (or a fault that makes
 * an answer hang) must not keep the process alive.
 */
const CLOSE_GRACE_MS = 1000;

/**
 * Longer than any pause a client makes between two requests: a server that closes an idle connection in
 * the moment the client reuses it looks like a connection reset, which only a fault should cause here.
 */
const KEEP_ALIVE_MS = 120_000;

/** A plain HTTP server on this machine, started on a given or free port and closed without losing answers. */
export class LoopbackServer {
  private readonly server: Server;

  constructor(handler: RequestListener) {
    this.server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, noDelay: true }, handler);
  }

  /**
   * Starts listening.
   * @param port 0 (the default) takes any free port.
   * @param host the address to bind; `0.0.0.0` lets a container on this machine reach it.
   * @throws UsageError when the port is taken or not permitted.
   */
  listen(port = 0, host = "127.0.0.1"): Promise<Address> {
    return new Promise((resolve, reject) => {
      this.server.once("error", (error: NodeJS.ErrnoException) => reject(explainListenError(error, port)));
      this.server.listen(port, host, () => {
        const bound = (this.server.address() as AddressInfo).port;
        resolve({ url: `http://${host === "0.0.0.0" ? "127.0.0.1" : host}:${bound}`, port: bound });
      });
    });
  }

  /** Stops accepting, lets open requests finish for a moment, then cuts what is left. */
  close(): Promise<void> {
    if (!this.server.listening) return Promise.resolve();
    return new Promise((resolve) => {
      const cut = setTimeout(() => this.server.closeAllConnections(), CLOSE_GRACE_MS);
      this.server.close(() => {
        clearTimeout(cut);
        resolve();
      });
      this.server.closeIdleConnections();
    });
  }
}

function explainListenError(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === "EADDRINUSE") {
    return new UsageError(
      `Port ${port} is already in use. Choose another with --port, or 0 for any free one.`,
    );
  }
  if (error.code === "EACCES") {
    return new UsageError(
      `Port ${port} needs more rights than this user has. Choose one from 1024 to 65535.`,
    );
  }
  return error;
}
