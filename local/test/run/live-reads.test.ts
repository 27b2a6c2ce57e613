import { spawn } from "node:child_process";
import { once } from "node:events";
import { liveReads } from "../../run/reads/live-reads";
import type { RecorderMessage } from "../../run/reads/reads";
import { XSimulator } from "../../x-simulator/x-simulator";
import { allIds } from "../helpers/x-client";

/** Reads every page through Node's client and says what it has received. */
const CLIENT = `
  const http = require("node:http");
  const get = (path) => new Promise((done) => {
    const request = http.get(process.env.X_API_URL + path, { headers: { authorization: "Bearer t" } }, async (answer) => {
      let text = "";
      try { for await (const chunk of answer) text += chunk; } catch { text = "{}"; }
      done({ status: answer.statusCode, body: JSON.parse(text) });
    });
    request.on("error", () => done({ status: 0, body: {} }));
  });
  (async () => {
    for (const path of process.argv.slice(1)) console.log((await get(path)).status);
  })();
`;
const PAGE = "/2/tweets/search/recent?query=trains&max_results=60";

const x = new XSimulator({ posts: 60 });
let url: string;
beforeAll(async () => {
  ({ url } = await x.listen());
});
afterAll(() => x.close());

async function read(...paths: readonly string[]) {
  const reads = liveReads(url);
  const child = spawn(process.execPath, ["--require", reads.recorder ?? "", "-e", CLIENT, ...paths], {
    env: { ...process.env, X_API_URL: url },
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  let stdout = "";
  child.stdout?.on("data", (text) => {
    stdout += String(text);
  });
  child.on("message", (message) => reads.onMessage?.(message as RecorderMessage));
  await once(child, "close");
  return { reads, statuses: stdout.trim().split("\n").map(Number) };
}

describe("the account of live reads", () => {
  it("notes every post that X returns, and those that come again", async () => {
    const { reads, statuses } = await read(PAGE, `${PAGE.replace("60", "10")}`);
    expect(statuses).toEqual([200, 200]);
    expect([...reads.ids()].map(String)).toEqual(allIds(x));
    expect([reads.posts(), reads.repeated(), reads.requests()]).toEqual([60, 10, 2]);
  });

  it("notes no post of a problem, of an answer that breaks off, and of a connection that breaks", async () => {
    x.faults.enqueue(
      { kind: "rate-limit-window", resetSeconds: 60 },
      { kind: "truncated-body" },
      { kind: "reset" },
    );
    const { reads, statuses } = await read(PAGE, PAGE, PAGE);
    expect(statuses).toEqual([429, 200, 0]);
    expect([reads.posts(), reads.requests()]).toEqual([0, 2]);
  });
});
