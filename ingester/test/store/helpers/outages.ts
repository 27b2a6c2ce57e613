import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/**
 * `unavailable` and `throttled`: DynamoDB carries nothing out, and says so. `not_aws`: a proxy answers in its place.
 * `answer_lost`: the request takes effect, but its answer does not come back.
 */
export type Outage = "unavailable" | "throttled" | "not_aws" | "answer_lost";

/** Stands in front of a server and breaks the requests that a test names. */
export interface Outages {
  readonly endpoint: string;
  /** Breaks the next requests for these operations ("GetItem", "PutItem", ...), in this order. */
  breakNext(operation: string, ...outages: Outage[]): void;
  close(): void;
}

export async function startOutages(target: string): Promise<Outages> {
  const planned = new Map<string, Outage[]>();
  const server = createServer((incoming, answer) => {
    const operation = String(incoming.headers["x-amz-target"]).split(".")[1] ?? "";
    const outage = planned.get(operation)?.shift();
    pass(incoming, answer, { target, outage }).catch(() => answer.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    breakNext: (operation, ...outages) => planned.set(operation, outages),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

interface Route {
  readonly target: string;
  readonly outage: Outage | undefined;
}

async function pass(
  incoming: IncomingMessage,
  answer: ServerResponse,
  { target, outage }: Route,
): Promise<void> {
  const body = await buffer(incoming);
  if (outage !== undefined && outage !== "answer_lost") return REFUSALS[outage](answer);
  const { method, headers } = incoming;
  const outgoing = request(target, { method, headers });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.on("response", resolve).on("error", reject);
  });
  outgoing.end(body);
  const response = await answered;
  const content = await buffer(response);
  if (outage === "answer_lost") return fail(answer);
  answer.writeHead(response.statusCode ?? 500, response.headers).end(content);
}

const REFUSALS = {
  unavailable: fail,
  throttled: (answer: ServerResponse) => {
    answer
      .writeHead(400, { "content-type": "application/x-amz-json-1.0" })
      .end('{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException","message":"Rate exceeded"}');
  },
  not_aws: (answer: ServerResponse) => {
    answer.writeHead(503, { "content-type": "text/html" }).end("<h1>Service Unavailable</h1>");
  },
};

function fail(answer: ServerResponse): void {
  answer
    .writeHead(500, { "content-type": "application/x-amz-json-1.0" })
    .end('{"__type":"InternalServerError"}');
}
