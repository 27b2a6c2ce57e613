import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest, type Server } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { selfSigned } from "../../ingester/test/helpers/certificate";
import { ProxyServer } from "../../ingester/test/helpers/proxy-server";
import { type Environment, type Finished, World } from "./world";

/** AWS behind a company's proxy: names that only the proxy can resolve, https, and a password. */
const HOST = "firehose.eu-west-1.example";
const PASSWORD = "pass%20word-of-the-proxy";

let world: World;
let proxy: ProxyServer;
let proxyUrl: string;
let tls: Server;
const directory = mkdtempSync(join(tmpdir(), "proxy-"));
const certificateFile = join(directory, "ca.pem");
const { cert, key } = selfSigned([HOST]);
writeFileSync(certificateFile, cert);

beforeEach(async () => {
  world = await World.create({ posts: 30 });
  const target = String(world.environment().AWS_ENDPOINT_URL_FIREHOSE);
  tls = createServer({ cert, key }, (incoming, answer) => {
    const { method, headers } = incoming;
    const onward = httpRequest(target, { method, headers }, (response) => {
      response.pipe(answer.writeHead(response.statusCode ?? 502, response.headers));
    });
    incoming.pipe(onward);
  }) as unknown as Server;
  tls.listen(0, "127.0.0.1");
  await once(tls, "listening");
  proxy = new ProxyServer(`me:${PASSWORD}`);
  proxy.tunnelTo = (tls.address() as AddressInfo).port;
  proxyUrl = await proxy.listen();
});

afterEach(async () => {
  proxy.close();
  tls.closeAllConnections();
  tls.close();
  await world.close();
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function behindProxy(overrides: Environment = {}): Environment {
  return {
    AWS_ENDPOINT_URL_FIREHOSE: `https://${HOST}`,
    NODE_EXTRA_CA_CERTS: certificateFile,
    HTTPS_PROXY: proxyUrl,
    ...overrides,
  };
}

function expectNoPassword({ stdout, stderr }: Finished): void {
  for (const secret of [PASSWORD, decodeURIComponent(PASSWORD), "bWU6cGFzcyB3"]) {
    expect(stdout + stderr).not.toContain(secret);
  }
}

describe("delivery through a proxy", () => {
  it("reaches Firehose through CONNECT, and X's loopback simulator directly", async () => {
    const run = await world.run(behindProxy());
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(await world.lost()).toBe(0);
    expect(new Set(proxy.requests)).toEqual(new Set([`CONNECT ${HOST}:443`]));
    expectNoPassword(run);
  });

  it("reaches an http endpoint through HTTP_PROXY, where that is set", async () => {
    const endpoint = String(world.environment().AWS_ENDPOINT_URL_FIREHOSE);
    const x = new URL(String(world.environment().X_API_URL)).host;
    const run = await world.run({ HTTP_PROXY: proxyUrl, NO_PROXY: x });
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(new Set(proxy.requests)).toEqual(new Set([`POST ${endpoint}/`]));
    expect(await world.lost()).toBe(0);
  });

  it("goes directly where NO_PROXY says so", async () => {
    const run = await world.run({ HTTP_PROXY: proxyUrl, no_proxy: "127.0.0.1" });
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(proxy.requests).toEqual([]);
  });
});

describe("a proxy that does not help", () => {
  it("is named without its password before anything is bought", async () => {
    const cases: readonly [string, RegExp][] = [
      [
        proxyUrl.replace("me:", "you:"),
        /through the proxy http:\/\/127\.0\.0\.1:\d+ \(HTTPS_PROXY\).*HTTP 407.*NO_PROXY/,
      ],
      [
        `http://me:${PASSWORD}@127.0.0.1:9`,
        /through the proxy http:\/\/127\.0\.0\.1:9 \(HTTPS_PROXY\).*ECONNREFUSED/,
      ],
      [`socks5://me:${PASSWORD}@127.0.0.1:9`, /HTTPS_PROXY must be .*socks5:/],
    ];
    const runs = cases.map(async ([HTTPS_PROXY, words], index) => {
      const CHECKPOINT_FILE = `${world.environment().CHECKPOINT_FILE}-${index}`;
      const run = await world.run(behindProxy({ HTTPS_PROXY, CHECKPOINT_FILE }));
      return { run, words };
    });
    for (const { run, words } of await Promise.all(runs)) {
      expect(run.code).toBe(2);
      expect(run.stderr).toMatch(words);
      expectNoPassword(run);
    }
    expect(world.x.ledger.report().posts).toBe(0);
  });
});
