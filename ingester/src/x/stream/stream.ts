/**
 * The filtered stream as a PostStream. It syncs the rules before the first connection and whenever X has none, connects as
 * often as X allows, and closes a connection that X still counts although its process has ended.
 */
import type { Amounts } from "../../ledger/prices";
import type { RuleSet } from "../../ledger/stream-state";
import { SourceError } from "../../loop/errors";
import type { Observer } from "../../loop/events";
import type { Clock, NamedRule, PostConnection, PostStream } from "../../loop/ports";
import type { XClient } from "../client";
import { meaningOf, refusal, type XFailure, XResponseError } from "../errors";
import { Asking } from "../search/asking";
import { searchLimits } from "../search/source";
import { endConnection, listConnections } from "./connections";
import { StreamReader } from "./reader";
import { CONNECT_LIMIT, type Disconnection, Reconnects } from "./reconnect";
import { syncRules } from "./rules/rule-sync";
import { ownerOfKey, referenceOf, ruleSetOf, type StreamRule } from "./rules/rules";

export interface StreamOptions {
  readonly client: Pick<XClient, "get" | "post" | "delete" | "open" | "now">;
  readonly clock: Clock;
  /** Key of the coverage, for events. */
  readonly key: string;
  /** Owner of the rules at X. */
  readonly owner: string;
  readonly rules: readonly StreamRule[];
  readonly bufferBytes: number;
  /** Undefined: all public post fields. */
  readonly postFields: readonly string[] | undefined;
  readonly expansions: readonly string[];
  readonly observe: Observer;
}

const PATH = "tweets/search/stream";
/** From connecting to the headers of the answer. */
const CONNECT_TIMEOUT_MS = 20_000;
/** After so long, X no longer counts our own ended connection, even if it was not closed by a request. */
const RIVAL_MS = 5 * 60_000;

export class FilteredStream implements PostStream {
  readonly perPost: Amounts;
  readonly rules: readonly NamedRule[];
  readonly ruleSet: RuleSet;
  private readonly reconnects = new Reconnects();
  private readonly asking: Asking;
  private inForce: readonly NamedRule[] | undefined;
  /** Tags as their users wrote them, by X's id of the rule. */
  private tags: ReadonlyMap<string, string> = new Map();
  /** X's ids of the rules in force, by reference. */
  private ids: ReadonlyMap<string, string> = new Map();
  private last: StreamReader | undefined;
  private dueAt = Number.NEGATIVE_INFINITY;
  /** When a connection of another process was closed; undefined again once one of ours has lasted. */
  private endedRivalAt: number | undefined;

  constructor(private readonly options: StreamOptions) {
    const { postFields, expansions, observe } = options;
    const onChange = (message: string) => observe({ type: "request_changed", message });
    this.asking = new Asking({ postFields, expansions, onChange });
    this.perPost = searchLimits(expansions, 1).perPost;
    this.rules = options.rules.map(({ value, tag }) => ({ rule: referenceOf(value), value, tag }));
    this.ruleSet = ruleSetOf(this.rules.map(({ rule }) => rule));
  }

  /** X's id of a rule that is in force. */
  idOf(rule: string): string | undefined {
    return this.ids.get(rule);
  }

  async untilDue(signal: AbortSignal): Promise<void> {
    const ended = this.last?.disconnection;
    if (ended !== undefined) this.failed(ended, "the connection ended");
    this.last = undefined;
    const wait = this.dueAt - this.options.clock.elapsed();
    if (wait > 0) await this.options.clock.sleep(wait, signal);
  }

  async connect(allowed: number, signal: AbortSignal): Promise<PostConnection | undefined> {
    const { client, clock, bufferBytes, observe, key } = this.options;
    try {
      const rules = this.inForce ?? (await this.sync());
      this.reconnects.noteAttempt(clock.elapsed());
      observe({ type: "stream_connecting", key, limit: CONNECT_LIMIT });
      const opened = await client.open(PATH, this.asking.params, { timeoutMs: CONNECT_TIMEOUT_MS, signal });
      this.last = new StreamReader({
        ...{ opened, clock, now: client.now, rules, tags: this.tags, bufferBytes, allowed },
        onReceived: (received) => observe({ type: "stream_received", key, ...received }),
      });
      return this.last;
    } catch (error) {
      if (signal.aborted) return undefined;
      await this.recover(error);
      return undefined;
    }
  }

  private async sync(): Promise<readonly NamedRule[]> {
    const { client, rules, owner, observe, key } = this.options;
    const { inForce, foreign, added, removed } = await syncRules(client, { rules, owner: ownerOfKey(owner) });
    this.tags = new Map(inForce.map(({ id, tag }) => [id, tag]));
    this.ids = new Map(inForce.map(({ id, value }) => [referenceOf(value), id]));
    const tagsOf = (some: readonly StreamRule[]) => some.map(({ tag }) => tag);
    observe({
      type: "rules_in_force",
      key,
      count: inForce.length,
      foreign: foreign.length,
      added: tagsOf(added),
      removed: tagsOf(removed),
    });
    this.inForce = inForce.map(({ value, tag }) => ({ rule: referenceOf(value), value, tag }));
    return this.inForce;
  }

  /** @throws SourceError that neither waiting nor another request can repair */
  private async recover(error: unknown): Promise<void> {
    if (error instanceof SourceError) return this.wait(error, "network");
    if (!(error instanceof XResponseError)) throw error;
    const { failure } = error;
    if (isAboutConnections(failure)) return this.freeConnection(failure);
    if (failure.status === 409) {
      // Another program or a person has removed the rules.
      this.inForce = undefined;
      return this.failed("refused", "X has no rules");
    }
    const meaning = meaningOf(failure, this.options.client.now());
    if (meaning.type === "refused_fields") {
      this.asking.refused(failure, meaning.refused);
      this.dueAt = this.options.clock.elapsed();
      return undefined;
    }
    if (meaning.type !== "error") throw refusal(failure);
    return this.wait(meaning.error, failure.status === 429 ? "limited" : "refused");
  }

  /** @throws the error when waiting does not help */
  private wait(error: SourceError, kind: Disconnection): void {
    const isFinal = error.kind === "access" || error.kind === "invalid_request";
    if (isFinal) throw error;
    const retryAfterMs = error.retryAtMs === undefined ? 0 : error.retryAtMs - this.options.client.now();
    this.failed(kind, error.message, retryAfterMs);
  }

  /**
   * X allows one connection for an app, and may count that of a process that has ended. This worker has claimed the stream
   * in the ledger. Another connection therefore belongs to an ended process, or to a program that does not use the ledger.
   */
  private async freeConnection(failure: XFailure): Promise<void> {
    const { client, clock } = this.options;
    const nowElapsed = clock.elapsed();
    if (this.endedRivalAt !== undefined && nowElapsed - this.endedRivalAt < RIVAL_MS) {
      return this.failed("limited", "another program takes the app's only connection again and again");
    }
    const connections = await listConnections(client).catch(() => []);
    const oldest = connections.toSorted((a, b) => (a.connectedAtMs ?? 0) - (b.connectedAtMs ?? 0))[0];
    if (oldest === undefined) return this.wait(asError(failure, client.now()), "limited");
    const isEnded = await endConnection(client, oldest.id).catch(() => false);
    this.endedRivalAt = nowElapsed;
    const since =
      oldest.connectedAtMs === undefined ? "" : ` of ${new Date(oldest.connectedAtMs).toISOString()}`;
    const did = isEnded ? "it was ended" : "it could not be ended";
    this.failed(isEnded ? "network" : "limited", `X still counts a connection${since} of this app: ${did}`);
  }

  private failed(kind: Disconnection, reason: string, retryAfterMs = 0): void {
    const { clock, client, observe, key } = this.options;
    if (this.last !== undefined && this.last.livedMs >= RIVAL_MS) this.endedRivalAt = undefined;
    const wait = this.reconnects.waitAfter(kind, clock.elapsed(), retryAfterMs);
    this.dueAt = clock.elapsed() + wait;
    observe({ type: "stream_reconnecting", key, reason, waitMs: wait });
    if (wait === 0) return;
    const message = `The stream is not connected: ${reason.replace(/\.$/, "")}.`;
    observe({
      type: "source_waiting",
      reason: "stream",
      message,
      untilMs: client.now() + wait,
      needsPerson: false,
    });
  }
}

function isAboutConnections({ status, body }: XFailure): boolean {
  return (
    status === 429 && /toomanyconnections|connection limit|streaming-connection/i.test(JSON.stringify(body))
  );
}

function asError(failure: XFailure, nowMs: number): SourceError {
  const meaning = meaningOf(failure, nowMs);
  return meaning.type === "error" ? meaning.error : refusal(failure);
}
