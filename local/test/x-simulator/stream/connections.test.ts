import { SimulatedClock } from "../../../support/simulated-clock";
import { XSimulator } from "../../../x-simulator/x-simulator";
import { StreamClient, send } from "../../helpers/stream-client";
import { schemaOf } from "../../helpers/x-schema";

const isHistory = schemaOf("GetConnectionHistoryResponse");
const endings = {
  all: schemaOf("DeleteAllConnectionsResponse"),
  filtered_stream: schemaOf("DeleteConnectionsByEndpointResponse"),
  uuids: schemaOf("DeleteConnectionsByUuidsResponse"),
};

const clock = new SimulatedClock();
let simulator: XSimulator;
let url = "";
const ALL_FIELDS = "client_ip,connected_at,disconnect_reason,disconnected_at,endpoint_name,id";

interface Connection {
  readonly id: string;
  readonly [field: string]: string;
}

beforeEach(async () => {
  simulator = new XSimulator({ posts: 10, clock });
  ({ url } = await simulator.listen());
  simulator.stream.rules.add([{ value: "cats" }]);
});
afterEach(() => simulator.close());

async function list(parameters = ""): Promise<readonly Connection[]> {
  const { status, body } = await send(`${url}/2/connections${parameters}`, "GET");
  expect(status).toBe(200);
  expect(isHistory(body)).toBe(true);
  return (body.data ?? []) as unknown as readonly Connection[];
}

/** A connection that X counts although its client is gone. */
async function ghost(): Promise<string> {
  simulator.stream.faults.enqueue({ kind: "ghost" });
  const client = await StreamClient.connect(url);
  client.close();
  await client.until(() => simulator.stream.liveCount === 0);
  return (await list())[0]?.id ?? "";
}

describe("GET /2/connections", () => {
  it("lists open connections, and those of the past when asked", async () => {
    expect(await list()).toEqual([]);
    const client = await StreamClient.connect(url);
    const [open] = await list(`?status=active&endpoints=filtered_stream&connection.fields=${ALL_FIELDS}`);
    expect(open).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      endpoint_name: "filtered_stream",
      client_ip: expect.stringContaining("127.0.0.1"),
      connected_at: new Date(clock.now()).toISOString(),
    });
    client.close();
    await client.until(() => simulator.stream.liveCount === 0);
    expect(await list()).toEqual([]);
    const [past] = await list(`?status=inactive&connection.fields=${ALL_FIELDS}`);
    expect(past).toMatchObject({ id: open?.id, disconnect_reason: "client disconnected" });
    expect(await list("?status=all&endpoints=sample_stream")).toEqual([]);
  });

  it("gives id and endpoint when no fields are asked for", async () => {
    const client = await StreamClient.connect(url);
    expect(Object.keys((await list())[0] ?? {}).sort()).toEqual(["endpoint_name", "id"]);
    client.close();
  });

  it("pages", async () => {
    for (let count = 0; count < 3; count += 1) {
      const client = await StreamClient.connect(url);
      client.close();
      await client.until(() => simulator.stream.liveCount === 0);
    }
    const { body } = await send(`${url}/2/connections?status=all&max_results=2`, "GET");
    expect(body.meta).toMatchObject({ result_count: 2, next_token: expect.any(String) });
    const { next_token } = body.meta as { next_token: string };
    expect(await list(`?status=all&max_results=2&pagination_token=${next_token}`)).toHaveLength(1);
  });

  it.each(["?status=dead", "?endpoints=radio", "?max_results=101", "?connection.fields=colour", "?x=1"])(
    "refuses %s",
    async (parameters) => {
      expect((await send(`${url}/2/connections${parameters}`, "GET")).status).toBe(400);
    },
  );

  it("shows a ghost until it has lingered long enough", async () => {
    const id = await ghost();
    expect(id).not.toBe("");
    const refused = await StreamClient.connect(url);
    expect(refused.status).toBe(429);
    clock.advance(3_600_000);
    expect(await list()).toEqual([]);
    const client = await StreamClient.connect(url);
    expect(client.status).toBe(200);
    client.close();
  });
});

describe("DELETE /2/connections", () => {
  it.each(["uuids", "filtered_stream", "all"] as const)("(%s) ends a live connection", async (way) => {
    const client = await StreamClient.connect(url);
    const uuids = (await list()).map(({ id }) => id);
    const { status, body } =
      way === "uuids"
        ? await send(`${url}/2/connections`, "DELETE", { uuids })
        : await send(`${url}/2/connections/${way}`, "DELETE");
    expect(status).toBe(200);
    expect(endings[way](body)).toBe(true);
    expect(body.data).toMatchObject({
      successful_kills: 1,
      failed_kills: 0,
      results: [{ uuid: uuids[0], success: true }],
    });
    await client.ended();
    expect(client.ending).toBe("end");
    expect(await list()).toEqual([]);
  });

  it("clears a ghost, so that the next connection is let in", async () => {
    const id = await ghost();
    await send(`${url}/2/connections`, "DELETE", { uuids: [id] });
    const client = await StreamClient.connect(url);
    expect(client.status).toBe(200);
    client.close();
  });

  it("says which ids it does not know", async () => {
    const { body } = await send(`${url}/2/connections`, "DELETE", { uuids: ["x"] });
    expect(endings.uuids(body)).toBe(true);
    expect(body.data).toMatchObject({
      successful_kills: 0,
      failed_kills: 1,
      results: [{ uuid: "x", success: false, error_message: "Connection not found" }],
    });
  });

  it("ends nothing of other endpoints and refuses unknown ones", async () => {
    const other = await send(`${url}/2/connections/sample_stream`, "DELETE");
    expect(other.body.data).toMatchObject({ successful_kills: 0, failed_kills: 0 });
    expect((await send(`${url}/2/connections/radio`, "DELETE")).status).toBe(400);
  });

  it.each([
    ["no body", undefined],
    ["no ids", { uuids: [] }],
    ["101 ids", { uuids: Array(101).fill("x") }],
  ])("refuses %s", async (_, body) => {
    expect((await send(`${url}/2/connections`, "DELETE", body)).status).toBe(400);
  });
});
