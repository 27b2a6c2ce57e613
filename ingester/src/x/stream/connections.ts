/**
 * The connections that X counts for this app. X may count the connection of a process that has ended for some time, and
 * refuses a new one meanwhile. None of these requests is billed.
 */
import { isObject } from "../../posts/post";
import type { XClient } from "../client";
import { explained } from "../errors";

export interface StreamConnection {
  readonly id: string;
  /** Epoch milliseconds; undefined where X does not say. */
  readonly connectedAtMs: number | undefined;
  /** The address that X sees; undefined where X does not say. */
  readonly clientIp: string | undefined;
}

const PATH = "connections";
const QUESTION = {
  status: "active",
  endpoints: "filtered_stream",
  max_results: "100",
  "connection.fields": "client_ip,connected_at,id",
} as const;

/**
 * Active connections of the filtered stream, as X orders them. X allows 25 requests in 15 minutes. @throws SourceError
 */
export async function listConnections(
  client: Pick<XClient, "get" | "now">,
): Promise<readonly StreamConnection[]> {
  const { body } = await explained(client.get(PATH, QUESTION), client.now());
  const data = isObject(body) && Array.isArray(body.data) ? body.data.filter(isObject) : [];
  return data.flatMap(({ id, connected_at, client_ip }) => {
    if (typeof id !== "string") return [];
    const connectedAtMs = Date.parse(String(connected_at));
    return [
      {
        id,
        connectedAtMs: Number.isNaN(connectedAtMs) ? undefined : connectedAtMs,
        clientIp: typeof client_ip === "string" ? client_ip : undefined,
      },
    ];
  });
}

/** @returns false when X says that it has not ended it, such as because it had ended already @throws SourceError */
export async function endConnection(client: Pick<XClient, "delete" | "now">, id: string): Promise<boolean> {
  const { body } = await explained(client.delete(PATH, { uuids: [id] }), client.now());
  const data = isObject(body) && isObject(body.data) ? body.data : {};
  return data.successful_kills === 1;
}
