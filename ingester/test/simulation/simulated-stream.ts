/**
 * X's filtered stream: rules whose value is a query of the simulated posts, one connection for the app, posts that are
 * billed when they are sent. Posts that nothing is connected for are found by search alone.
 */
import { Readable } from "node:stream";
import { SourceError } from "../../src/loop/errors";
import type { Id } from "../../src/posts/ids";
import type { XAnswer } from "../../src/x/client";
import { XResponseError } from "../../src/x/errors";
import type { Opened } from "../../src/x/stream/opening";
import type { VirtualClock } from "./virtual-clock";

export const streamFaults = [
  "break",
  "close",
  "silence",
  "cut record",
  "disconnect message",
  "ghost",
  "repeat",
] as const;
export type StreamFault = (typeof streamFaults)[number];

export const connectFaults = ["html", "503", "429", "no route"] as const;
export type ConnectFault = (typeof connectFaults)[number];

const HEARTBEAT_MS = 20_000;
/** docs.x.com: posts come within 7 s. */
const SEND_DELAYS_MS = [200, 900, 2_500, 5_000];
/** A record that was sent, and billed, is lost when the connection ends before it has arrived. */
const ON_THE_WAY_MS = 400;
const PATH = "tweets/search/stream";
const RULES_PATH = "tweets/search/stream/rules";

interface Rule {
  readonly id: string;
  readonly value: string;
  readonly tag: string;
}

/** What X knows of a connection. */
export class Connection {
  /** X sends on it. */
  open = true;
  /** X counts it, though nothing may be sent. */
  counted = true;
  silent = false;
  lastByteMs: number;
  readonly body = new Readable({ read: () => undefined });
  private listener: (bytes: number) => void = () => undefined;

  constructor(
    readonly id: string,
    readonly openedMs: number,
  ) {
    this.lastByteMs = openedMs;
    this.body.on("error", () => undefined);
  }

  get opened(): Opened {
    return {
      headers: {},
      body: this.body,
      onBytes: (listener) => {
        this.listener = listener;
      },
      isComplete: () => false,
      close: () => {
        this.open = false;
        this.counted = false;
        this.body.destroy();
      },
    };
  }

  write(text: string, nowMs: number): void {
    if (this.body.destroyed) return;
    this.lastByteMs = nowMs;
    this.listener(text.length);
    this.body.push(text);
  }

  end(error?: Error): void {
    this.open = false;
    this.counted = false;
    if (error !== undefined) this.body.destroy(error);
    else this.body.push(null);
  }
}

export class SimulatedStream {
  readonly connections: Connection[] = [];
  readonly faultsOfConnecting: ConnectFault[] = [];
  private rules: readonly Rule[] = [];
  private sent = 0;
  private names = 0;
  /** The last record. */
  private last = "\r\n";

  constructor(
    private readonly clock: VirtualClock,
    private readonly bill: (ids: readonly Id[]) => void,
  ) {}

  /** @throws XResponseError, SourceError as the client would */
  open(): Connection {
    const fault = this.faultsOfConnecting.shift();
    if (fault === "no route") throw new SourceError("the connection broke", { kind: "transient" });
    if (fault === "html") throw failure(502, "<html>");
    if (fault !== undefined) throw failure(Number(fault), { title: "x" });
    if (this.rules.length === 0) throw failure(409, { title: "RuleConfigurationIssue" });
    if (this.connections.some(({ counted }) => counted))
      throw failure(429, { title: "ConnectionException", connection_issue: "TooManyConnections" });
    const connection = new Connection(this.name("connection"), this.clock.nowMs);
    this.connections.push(connection);
    this.beat(connection);
    return connection;
  }

  get(path: string): XAnswer {
    if (path === RULES_PATH) return this.answer({ data: this.rules });
    const counted = this.connections.filter(({ counted }) => counted);
    return this.answer({
      data: counted.map(({ id, openedMs }) => ({ id, connected_at: new Date(openedMs).toISOString() })),
    });
  }

  post(body: unknown, params: Readonly<Record<string, string>>): XAnswer {
    const { add = [], delete: gone } = body as {
      readonly add?: readonly Omit<Rule, "id">[];
      readonly delete?: { readonly ids: readonly string[] };
    };
    const news = add
      .filter(({ value }) => !this.rules.some((rule) => rule.value === value))
      .map((rule) => ({ ...rule, id: this.name("rule") }));
    const known = add.flatMap(({ value }) => this.rules.filter((rule) => rule.value === value));
    if (params.dry_run !== "true") {
      this.rules = [...this.rules.filter(({ id }) => gone?.ids.includes(id) !== true), ...news];
    }
    const errors = known.map(({ id, value }) => ({
      type: "x/duplicate-rules",
      title: "DuplicateRule",
      id,
      value,
    }));
    return this.answer({ data: news, ...(errors.length > 0 ? { errors } : {}) });
  }

  delete(ids: readonly string[]): XAnswer {
    const ended = this.connections.filter(({ id, counted }) => counted && ids.includes(id));
    for (const connection of ended) connection.end();
    return this.answer({ data: { successful_kills: ended.length } });
  }

  /** A post was made: what is connected gets it a little later. */
  made(id: Id, query: string): void {
    this.sent += 1;
    const delayMs = SEND_DELAYS_MS[this.sent % SEND_DELAYS_MS.length] ?? 0;
    const matching = this.rules.filter(({ value }) => value === query);
    if (matching.length === 0) return;
    const matching_rules = matching.map(({ id: ruleId, tag }) => ({ id: ruleId, tag }));
    const text = `${JSON.stringify({ data: { id, text: id }, matching_rules })}\r\n`;
    void this.clock.sleep(delayMs).then(() => this.send(id, text));
  }

  /** The process that reads has died. @param isGhost X has not seen it, and counts the connection for a minute */
  lose(connection: Connection, isGhost: boolean): void {
    connection.open = false;
    if (!isGhost) connection.counted = false;
    else void this.clock.sleep(60_000).then(() => connection.end());
  }

  disturb(fault: StreamFault): void {
    const connection = this.connections.find(({ open }) => open);
    if (connection === undefined) return;
    const nowMs = this.clock.nowMs;
    if (fault === "break" || fault === "ghost") {
      connection.end(Object.assign(new Error("reset"), { code: "ECONNRESET" }));
      if (fault === "ghost") this.lose(Object.assign(connection, { counted: true }), true);
    } else if (fault === "close") this.finish(connection, "");
    else if (fault === "silence") Object.assign(connection, { silent: true, open: false });
    else if (fault === "cut record") this.finish(connection, '{"data":{"id":"1');
    else if (fault === "disconnect message") {
      const errors = [{ title: "operational-disconnect", disconnect_type: "UpstreamOperationalDisconnect" }];
      this.finish(connection, `${JSON.stringify({ errors })}\r\n`);
    } else connection.write(this.last, nowMs);
  }

  /** X sends something last, and closes: what it has sent before arrives before. */
  private finish(connection: Connection, text: string): void {
    connection.open = false;
    void this.clock.sleep(ON_THE_WAY_MS).then(() => {
      if (text !== "") connection.write(text, this.clock.nowMs);
      connection.end();
    });
  }

  private send(id: Id, text: string): void {
    const connection = this.connections.find(({ open }) => open);
    if (connection === undefined) return;
    this.bill([id]);
    this.last = text;
    void this.clock.sleep(ON_THE_WAY_MS).then(() => connection.write(text, this.clock.nowMs));
  }

  private beat(connection: Connection): void {
    void this.clock.sleep(HEARTBEAT_MS).then(() => {
      if (!connection.open) return;
      connection.write("\r\n", this.clock.nowMs);
      this.beat(connection);
    });
  }

  private answer(body: unknown): XAnswer {
    return { body, headers: {}, receivedAtMs: this.clock.nowMs };
  }

  private name(kind: string): string {
    this.names += 1;
    return `${kind}-${this.names}`;
  }
}

function failure(status: number, body: unknown): XResponseError {
  return new XResponseError({ status, body, headers: {}, path: PATH });
}
