import { once } from "node:events";
import { createServer, get as httpGet, type IncomingMessage, type Server } from "node:http";
import { createServer as createSecureServer, get as httpsGet } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import {
  agentFor,
  proxyFor,
  proxyProblems,
  proxySecrets,
  viaProxy,
} from "../../../src/runtime/network/proxy";
import { createScrubber } from "../../../src/runtime/scrub";
import { selfSigned } from "../../helpers/certificate";
import { ProxyServer } from "../../helpers/proxy-server";

const environment = { ...process.env };
const PROXY = "http://proxy.example:3128";

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (/_proxy$/i.test(name)) delete process.env[name];
});

afterAll(() => {
  process.env = environment;
});

describe("proxyFor", () => {
  it.each<[string, Readonly<Record<string, string>>, string, string | undefined]>([
    ["nothing is set", {}, "https://api.x.com", undefined],
    ["HTTPS_PROXY, for https", { HTTPS_PROXY: PROXY }, "https://api.x.com", `${PROXY}/`],
    ["https_proxy in lowercase", { https_proxy: PROXY }, "https://api.x.com", `${PROXY}/`],
    [
      "lowercase before uppercase",
      { https_proxy: PROXY, HTTPS_PROXY: "http://other" },
      "https://x",
      `${PROXY}/`,
    ],
    ["HTTPS_PROXY, not for http", { HTTPS_PROXY: PROXY }, "http://127.0.0.1:4566", undefined],
    ["HTTP_PROXY, for http", { HTTP_PROXY: PROXY }, "http://emulator:4566", `${PROXY}/`],
    ["HTTP_PROXY, not for https", { HTTP_PROXY: PROXY }, "https://api.x.com", undefined],
    ["ALL_PROXY, for both", { ALL_PROXY: PROXY }, "http://emulator:4566", `${PROXY}/`],
    ["an empty variable", { HTTPS_PROXY: "" }, "https://api.x.com", undefined],
    ["a proxy without a scheme", { HTTPS_PROXY: "proxy.example:3128" }, "https://api.x.com", `${PROXY}/`],
    ["space around it", { HTTPS_PROXY: ` ${PROXY} ` }, "https://api.x.com", `${PROXY}/`],
    ["credentials", { HTTPS_PROXY: "http://me:s%40fe@p:1" }, "https://api.x.com", "http://me:s%40fe@p:1/"],
  ])("heeds %s", (_name, variables, url, proxy) => {
    Object.assign(process.env, variables);
    expect(proxyFor(url)).toBe(proxy);
  });

  it.each([
    ["*", "https://api.x.com"],
    ["api.x.com", "https://api.x.com"],
    ["API.X.com", "https://api.x.com"],
    [".x.com", "https://api.x.com"],
    ["*.x.com", "https://api.x.com"],
    ["localhost, .amazonaws.com", "https://firehose.eu-west-1.amazonaws.com"],
    ["localhost .amazonaws.com", "https://firehose.eu-west-1.amazonaws.com"],
    ["api.x.com:443", "https://api.x.com"],
    ["127.0.0.1:8443", "https://127.0.0.1:8443/path"],
    ["[::1]", "https://[::1]:8443"],
  ])("keeps to NO_PROXY=%s for %s", (exceptions, url) => {
    Object.assign(process.env, { HTTPS_PROXY: PROXY, NO_PROXY: exceptions });
    expect(proxyFor(url)).toBeUndefined();
    Object.assign(process.env, { NO_PROXY: "", no_proxy: exceptions });
    expect(proxyFor(url)).toBeUndefined();
  });

  it.each([
    ["api.x.com:8443", "https://api.x.com"],
    ["x.com.example", "https://api.x.com"],
    [".y.com", "https://api.x.com"],
  ])("is not misled by NO_PROXY=%s for %s", (exceptions, url) => {
    Object.assign(process.env, { HTTPS_PROXY: PROXY, NO_PROXY: exceptions });
    expect(proxyFor(url)).toBe(`${PROXY}/`);
  });
});

describe("an unusable proxy", () => {
  it.each([
    ["no URL", "http://me:se#cret@proxy:3128"],
    ["an unencoded percent sign", "http://me:se%cret@proxy:3128"],
    ["no port", "http://me:secret@proxy:port"],
    ["an unsupported kind", "socks5://me:secret@proxy:1080"],
  ])("is a configuration error that shows no password: %s", (_name, value) => {
    process.env.HTTPS_PROXY = value;
    const [problem, ...others] = proxyProblems();
    expect(others).toEqual([]);
    expect(problem).toMatch(/^HTTPS_PROXY must be an http:\/\/ or https:\/\/ URL/);
    expect(problem).not.toMatch(/cret|me:/);
    expect(() => proxyFor("https://api.x.com")).toThrow(problem);
    expect(proxyFor("http://127.0.0.1")).toBeUndefined();
    expect(createScrubber(proxySecrets())(value)).not.toContain("cret");
  });

  it("is named once, by the variable that is in force", () => {
    Object.assign(process.env, { ALL_PROXY: "socks5://proxy", HTTPS_PROXY: "" });
    expect(proxyProblems()).toEqual([expect.stringMatching(/^ALL_PROXY .*socks5:\/\//)]);
  });
});

describe("secrets of proxies", () => {
  it("are hidden in every spelling", () => {
    process.env.HTTPS_PROXY = "http://me:s%40fe-w0rd@proxy:3128";
    const scrub = createScrubber(proxySecrets());
    const basic = Buffer.from("me:s@fe-w0rd").toString("base64");
    for (const said of ["s%40fe-w0rd", "s@fe-w0rd", "http://me:s%40fe-w0rd@proxy", basic]) {
      expect(scrub(`it said ${said}!`)).not.toMatch(/w0rd|bWU6/);
    }
    expect(viaProxy("https://api.x.com")).toBe(" through the proxy http://proxy:3128 (HTTPS_PROXY)");
  });

  it("are none without credentials", () => {
    process.env.HTTPS_PROXY = PROXY;
    expect(proxySecrets()).toEqual([]);
    expect(viaProxy("http://localhost")).toBe("");
  });
});

describe("agentFor", () => {
  const { cert, key } = selfSigned();
  const answers = (_request: IncomingMessage, response: { end(text: string): void }) => response.end("hello");
  const servers: Server[] = [];
  let proxy: ProxyServer;
  let ports: { readonly http: number; readonly https: number };

  beforeAll(async () => {
    servers.push(createServer(answers), createSecureServer({ cert, key }, answers) as unknown as Server);
    const [http, https] = await Promise.all(
      servers.map(async (server) => {
        server.listen(0, "127.0.0.1");
        await once(server, "listening");
        return (server.address() as AddressInfo).port;
      }),
    );
    ports = { http: http ?? 0, https: https ?? 0 };
  });

  beforeEach(async () => {
    proxy = new ProxyServer("me:s%40fe");
    process.env.ALL_PROXY = await proxy.listen();
  });

  afterEach(() => proxy.close());

  afterAll(() => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });

  async function ask(url: string, agent = agentFor(url, { keepAlive: true })) {
    const get = url.startsWith("https:") ? httpsGet : httpGet;
    const request = get(url, { agent, ca: cert });
    const [response] = (await once(request, "response")) as [IncomingMessage];
    return { status: response.statusCode, body: await text(response), agent };
  }

  it("reaches https targets through CONNECT, with one tunnel for many requests", async () => {
    const url = `https://localhost:${ports.https}/path`;
    const { body, agent } = await ask(url);
    expect(body).toBe("hello");
    await ask(url, agent);
    expect(proxy.requests).toEqual([`CONNECT localhost:${ports.https}`]);
  });

  it("reaches http targets through absolute URLs", async () => {
    const url = `http://localhost:${ports.http}/path?query=1`;
    expect((await ask(url)).body).toBe("hello");
    expect(proxy.requests).toEqual([`GET ${url}`]);
  });

  it.each(["http", "https"] as const)("goes directly where NO_PROXY says so: %s", async (scheme) => {
    process.env.NO_PROXY = "localhost";
    expect((await ask(`${scheme}://localhost:${ports[scheme]}`)).body).toBe("hello");
    expect(proxy.requests).toEqual([]);
  });

  it("shows a refusal of the proxy as the answer, and sends the target nothing", async () => {
    process.env.ALL_PROXY = String(process.env.ALL_PROXY).replace("s%40fe", "wrong");
    expect((await ask(`https://localhost:${ports.https}`)).status).toBe(407);
  });
});
