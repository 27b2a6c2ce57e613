import { ParameterReader } from "../requests/parameter-reader";
import { invalidRequest } from "../x-problem";
import { type Connections, type CountedConnection, ENDPOINT_NAME } from "./connections";

/** `endpoints` and `endpoint_id` of X's OpenAPI 2.167. */
const ENDPOINT_NAMES: readonly string[] = [
  ENDPOINT_NAME,
  "sample_stream",
  "sample10_stream",
  "firehose_stream",
  "tweets_compliance_stream",
  "users_compliance_stream",
  "tweet_label_stream",
  "firehose_stream_lang_en",
  "firehose_stream_lang_ja",
  "firehose_stream_lang_ko",
  "firehose_stream_lang_pt",
  "likes_firehose_stream",
  "likes_sample10_stream",
  "likes_compliance_stream",
];

const FIELDS: readonly string[] = [
  "client_ip",
  "connected_at",
  "disconnect_reason",
  "disconnected_at",
  "endpoint_name",
  "id",
];
/** X does not say what it returns when no fields are asked for; the strictest client asks. */
const DEFAULT_FIELDS: readonly string[] = ["endpoint_name", "id"];

const MAX_UUIDS = 100;
const PATH = "/2/connections/";

/** Answers `GET /2/connections`. @throws XProblem (400) */
export function listConnections(connections: Connections, parameters: URLSearchParams): object {
  const reader = new ParameterReader(parameters);
  reader.checkNames(["status", "endpoints", "max_results", "pagination_token", "connection.fields"]);
  const [status = "active"] = reader.list("status", ["active", "inactive", "all"]);
  const endpoints = reader.list("endpoints", ENDPOINT_NAMES);
  const size = reader.integer("max_results", { min: 1, max: 100, fallback: 10 });
  const from = Number(reader.id("pagination_token") ?? 0);
  const asked = reader.list("connection.fields", FIELDS);
  reader.finish();
  const found = connections
    .list()
    .filter(
      ({ disconnectedMs }) => status === "all" || (status === "active") === (disconnectedMs === undefined),
    )
    .filter(() => endpoints.length === 0 || endpoints.includes(ENDPOINT_NAME));
  const page = found.slice(from, from + size);
  const fields = asked.length > 0 ? asked : DEFAULT_FIELDS;
  const next = from + size < found.length ? { next_token: String(from + size) } : {};
  return {
    ...(page.length > 0 ? { data: page.map((connection) => selected(connection, fields)) } : {}),
    meta: { result_count: page.length, ...next },
  };
}

/**
 * Answers `DELETE /2/connections` (`{"uuids":[...]}`), `/2/connections/all` and `/2/connections/{endpoint_id}`.
 * @throws XProblem (400)
 */
export function endConnections(connections: Connections, path: string, body: string): object {
  const results = idsToEnd(connections, path, body).map((uuid) => {
    const success = connections.terminate(uuid);
    return { uuid, success, ...(success ? {} : { error_message: "Connection not found" }) };
  });
  const successful = results.filter(({ success }) => success).length;
  return {
    data: { successful_kills: successful, failed_kills: results.length - successful, results },
  };
}

function idsToEnd(connections: Connections, path: string, body: string): readonly string[] {
  if (!path.startsWith(PATH)) return readUuids(body);
  const endpoint = path.slice(PATH.length);
  const active = connections.active().map(({ id }) => id);
  if (endpoint === "all" || endpoint === ENDPOINT_NAME) return active;
  if (ENDPOINT_NAMES.includes(endpoint)) return [];
  throw invalidRequest([
    {
      parameters: { endpoint_id: [endpoint] },
      message: `The \`endpoint_id\` path parameter value [${endpoint}] is not one of [${ENDPOINT_NAMES.join(",")}]`,
    },
  ]);
}

function readUuids(body: string): readonly string[] {
  const { uuids } = parsed(body);
  const isList = Array.isArray(uuids) && uuids.every((uuid) => typeof uuid === "string");
  if (!isList || uuids.length < 1 || uuids.length > MAX_UUIDS) {
    throw invalidRequest([
      { parameters: {}, message: `$.uuids: must be an array of 1 to ${MAX_UUIDS} strings` },
    ]);
  }
  return uuids as readonly string[];
}

function parsed(body: string): { readonly uuids?: unknown } {
  try {
    return Object(JSON.parse(body)) as { readonly uuids?: unknown };
  } catch {
    return {};
  }
}

function selected(connection: CountedConnection, fields: readonly string[]): object {
  const all: Readonly<Record<string, string | undefined>> = {
    id: connection.id,
    endpoint_name: ENDPOINT_NAME,
    client_ip: connection.clientIp,
    connected_at: iso(connection.connectedMs),
    disconnected_at: iso(connection.disconnectedMs),
    disconnect_reason: connection.disconnectReason,
  };
  return Object.fromEntries(
    fields.map((name) => [name, all[name]]).filter(([, value]) => value !== undefined),
  );
}

function iso(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}
