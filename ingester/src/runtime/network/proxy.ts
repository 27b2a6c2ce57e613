/**
 * The proxies that the environment names, for every connection that leaves this process: HTTPS_PROXY for https targets
 * (through CONNECT), HTTP_PROXY for http targets, ALL_PROXY for both, NO_PROXY for exceptions. Lowercase names come
 * before uppercase ones. Without a proxy, a target is connected directly, and neither Node nor the AWS SDK looks at
 * these variables by itself.
 */
import { type AgentOptions, Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { HttpProxyAgent } from "http-proxy-agent";
import { HttpsProxyAgent } from "https-proxy-agent";
import { getProxyForUrl } from "proxy-from-env";
import { ConfigError } from "../../loop/errors";

type Scheme = "http" | "https";
const SCHEMES: readonly Scheme[] = ["https", "http"];

/** A variable that names a proxy, as it was set. */
interface Setting {
  readonly name: string;
  readonly value: string;
}

/**
 * The proxy for a target, credentials included; undefined: connect directly.
 * @param url of the target; its host and port decide about NO_PROXY
 * @throws ConfigError when the variable that applies holds no usable proxy
 * @example proxyFor("https://api.x.com") // "http://proxy.example:3128/"
 */
export function proxyFor(url: string): string | undefined {
  const setting = settingFor(url);
  if (setting === undefined) return undefined;
  const problem = problemOf(setting);
  if (problem !== undefined) throw new ConfigError([problem]);
  return parsed(setting.value)?.href;
}

/**
 * An agent for a target, through its proxy where there is one.
 * @param url of the target: scheme, host and port
 * @throws ConfigError as proxyFor
 * @example http.get(url, { agent: agentFor(url, { keepAlive: true }) })
 */
export function agentFor(url: string, options: AgentOptions = {}): HttpAgent {
  const isSecure = schemeOf(url) === "https";
  const proxy = proxyFor(url);
  if (proxy === undefined) return isSecure ? new HttpsAgent(options) : new HttpAgent(options);
  // Credentials go into a header: the agents write the proxy's URL to stderr where DEBUG is set.
  const { bare, headers } = split(new URL(proxy));
  const through = { ...options, headers };
  return isSecure ? new HttpsProxyAgent(bare, through) : new HttpProxyAgent(bare, through);
}

/**
 * Names the proxy of a target for a message, without its credentials; empty where there is none.
 * @example ` through the proxy http://proxy.example:3128 (HTTPS_PROXY)`
 */
export function viaProxy(url: string): string {
  const setting = settingFor(url);
  const proxy = setting && parsed(setting.value);
  return proxy === undefined ? "" : ` through the proxy ${proxy.protocol}//${proxy.host} (${setting?.name})`;
}

/** What is wrong with the variables, one sentence each; no value is shown, since it can hold a password. */
export function proxyProblems(): readonly string[] {
  const problems = SCHEMES.map(inForce).flatMap((setting) => (setting && problemOf(setting)) ?? []);
  return [...new Set(problems)];
}

/** What must never be written: passwords of proxies, alone and as they are sent. */
export function proxySecrets(): readonly string[] {
  return SCHEMES.map(inForce).flatMap((setting) => (setting === undefined ? [] : secretsIn(setting.value)));
}

function settingFor(url: string): Setting | undefined {
  const scheme = schemeOf(url);
  return scheme === undefined || getProxyForUrl(url) === "" ? undefined : inForce(scheme);
}

function schemeOf(url: string): Scheme | undefined {
  return SCHEMES.find((scheme) => url.toLowerCase().startsWith(`${scheme}:`));
}

/** In the order in which proxy-from-env looks; an empty variable is none. */
function inForce(scheme: Scheme): Setting | undefined {
  const names = [`${scheme}_proxy`, "all_proxy"].flatMap((name) => [name, name.toUpperCase()]);
  const name = names.find((candidate) => process.env[candidate]);
  return name === undefined ? undefined : { name, value: process.env[name] ?? "" };
}

/** Without a scheme, the proxy itself is spoken to in plain http, as in curl. */
function parsed(value: string): URL | undefined {
  const text = value.trim();
  const url = text.includes("://") ? text : `http://${text}`;
  return URL.canParse(url) ? new URL(url) : undefined;
}

function problemOf({ name, value }: Setting): string | undefined {
  const url = parsed(value);
  const allowed = "an http:// or https:// URL, such as http://proxy.example:3128";
  const encode = "Percent-encode special characters of its user name and password.";
  if (url === undefined || decoded(url.username) === undefined || decoded(url.password) === undefined) {
    return `${name} must be ${allowed}; its value is no such URL (not shown: it can hold a password). ${encode}`;
  }
  if (url.protocol === "http:" || url.protocol === "https:") return undefined;
  return `${name} must be ${allowed}; proxies of the kind ${url.protocol}// are not supported.`;
}

function split(proxy: URL): { readonly bare: string; readonly headers: Record<string, string> } {
  const bare = `${proxy.protocol}//${proxy.host}`;
  if (proxy.username === "" && proxy.password === "") return { bare, headers: {} };
  return { bare, headers: { "Proxy-Authorization": `Basic ${basic(proxy)}` } };
}

function basic({ username, password }: URL): string {
  return Buffer.from(`${decoded(username)}:${decoded(password)}`).toString("base64");
}

function secretsIn(value: string): readonly string[] {
  const url = parsed(value);
  if (url === undefined) return (/([^/]*)@/.exec(value) ?? []).slice(1);
  const { username, password } = url;
  if (username === "" && password === "") return [];
  return [password, decoded(password) ?? "", `${username}:${password}`, basic(url)];
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
