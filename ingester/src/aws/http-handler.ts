import { NodeHttpHandler, type NodeHttpHandlerOptions } from "@smithy/node-http-handler";
import { agentFor } from "../runtime/network/proxy";

type Handle = NodeHttpHandler["handle"];
type Request = Parameters<Handle>[0];

/**
 * The SDK's HTTP handler, with the proxy that the environment names for each host. One client can talk to several:
 * its service, and STS or SSO for its credentials.
 */
export class ProxiedHttpHandler {
  readonly metadata = { handlerProtocol: "http/1.1" };
  private readonly handlers = new Map<string, NodeHttpHandler>();

  constructor(private readonly options: NodeHttpHandlerOptions) {}

  readonly handle = async (...[request, options]: Parameters<Handle>): ReturnType<Handle> =>
    this.handlerFor(request).handle(request, options);

  updateHttpClientConfig(): void {}

  httpHandlerConfigs(): NodeHttpHandlerOptions {
    return this.options;
  }

  destroy(): void {
    for (const handler of this.handlers.values()) handler.destroy();
    this.handlers.clear();
  }

  private handlerFor({ protocol, hostname, port }: Request): NodeHttpHandler {
    const origin = `${protocol}//${hostname}${port === undefined ? "" : `:${port}`}`;
    const known = this.handlers.get(origin);
    if (known !== undefined) return known;
    const agent = agentFor(origin, { keepAlive: true, maxSockets: MAX_SOCKETS });
    // The handler takes any agent; its types ask for the class of the scheme.
    const handler = new NodeHttpHandler({ ...this.options, httpAgent: agent, httpsAgent: agent as never });
    this.handlers.set(origin, handler);
    return handler;
  }
}

/** The SDK's own default. */
const MAX_SOCKETS = 50;
