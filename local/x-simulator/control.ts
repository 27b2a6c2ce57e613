import type { IncomingMessage, ServerResponse } from "node:http";
import { parseFaultCommand } from "../support/fault-command";
import { readBody, sendJson } from "../support/http-body";
import { UsageError } from "../support/usage-error";
import type { Endpoints } from "./endpoints";
import { X_FAULT_KINDS, type XFault } from "./faults/kinds";
import type { BillSource } from "./ledger";
import {
  IN_STREAM_KINDS,
  type InStreamFault,
  STREAM_FAULT_KINDS,
  type StreamFault,
} from "./stream/fault-kinds";

/** Addresses beside X's own, for looking at the simulator and changing it from outside. */
export const CONTROL_PREFIX = "/__simulator/";

const MAX_BODY_BYTES = 1024 * 1024;
const MAX_REPEATED_SHOWN = 1000;

/**
 * Answers `GET ledger` (counts, and posts returned more than once), `GET ledger/ids` (every post returned,
 * one id a line), `POST posts` (`{"count":N}` writes N newer posts, up to now), `POST faults` (of searches),
 * `POST stream/faults` (of the next connections), `POST stream/inject` (into open ones) and `POST rules/faults`.
 */
export async function control(
  endpoints: Endpoints,
  { request, response, nowMs }: { request: IncomingMessage; response: ServerResponse; nowMs: number },
): Promise<void> {
  const path = (request.url ?? "").slice(CONTROL_PREFIX.length);
  try {
    switch (`${request.method} ${path}`) {
      case "GET ledger":
        return sendJson(response, 200, ledgerBody(endpoints));
      case "GET ledger/ids":
        response.writeHead(200, { "content-type": "text/plain" });
        for (const id of returnedIds(endpoints)) response.write(`${id}\n`);
        response.end();
        return;
      case "POST faults":
        endpoints.faults.apply(parseFaultCommand<XFault>(await text(request), X_FAULT_KINDS));
        return sendJson(response, 200, endpoints.faults.report());
      case "POST rules/faults":
        endpoints.ruleFaults.apply(parseFaultCommand<XFault>(await text(request), X_FAULT_KINDS));
        return sendJson(response, 200, endpoints.ruleFaults.report());
      case "POST stream/faults":
        endpoints.stream.faults.apply(
          parseFaultCommand<StreamFault>(await text(request), STREAM_FAULT_KINDS),
        );
        return sendJson(response, 200, endpoints.stream.faults.report());
      case "POST stream/inject":
        inject(endpoints, await text(request));
        return sendJson(response, 200, { liveStreams: endpoints.stream.liveCount });
      case "POST posts":
        addPosts(endpoints, await text(request), nowMs);
        return sendJson(response, 200, { posts: endpoints.timeline.size });
      default:
        return sendJson(response, 404, {
          message:
            "Use GET ledger, GET ledger/ids, POST posts, POST faults, POST rules/faults, POST stream/faults or POST stream/inject.",
        });
    }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    sendJson(response, 400, { message: error.message });
  }
}

/** The ids of all posts returned at least once, ascending. @param source only those that were bought there */
export function* returnedIds(endpoints: Endpoints, source?: BillSource): Generator<bigint> {
  for (const index of endpoints.ledger.returnedIndexes(source)) yield endpoints.timeline.idAt(index);
}

function inject({ stream }: Endpoints, body: string): void {
  const { queue = [] } = parseFaultCommand<InStreamFault>(body, IN_STREAM_KINDS);
  for (const fault of queue) stream.inject(fault);
}

function ledgerBody({ ledger, timeline, faults, stream }: Endpoints): object {
  const repeated = [...ledger.repeated()].slice(0, MAX_REPEATED_SHOWN);
  return {
    ...ledger.report(),
    timelinePosts: timeline.size,
    repeated: repeated.map(([index, times]) => ({ id: timeline.idAt(index).toString(), times })),
    faults: faults.report(),
    streamFaults: stream.faults.report(),
    liveStreams: stream.liveCount,
  };
}

function addPosts({ timeline }: Endpoints, body: string, nowMs: number): void {
  const count = Number(/^\s*\{\s*"count"\s*:\s*(\d+)\s*\}\s*$/.exec(body)?.[1]);
  if (!(count >= 1)) throw new UsageError('The body must be {"count":N} with N of at least 1.');
  timeline.add({ count, fromMs: timeline.endMs, toMs: Math.max(nowMs, timeline.endMs + 1) });
}

async function text(request: IncomingMessage): Promise<string> {
  return (await readBody(request, MAX_BODY_BYTES)).toString("utf8");
}
