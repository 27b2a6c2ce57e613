/** The filtered stream in the status: its connection, and the holes that disconnections have left. */
import { coverageOf, type Ledger } from "../../ledger/ledger";
import type { ConnectLimit } from "../../loop/events";
import type { TimedPhase } from "../phase";
import { latestOf, type QueryStatus } from "../query-status";
import { attemptsIn, type ConnectionMemory, lagOf, postsPerSecond, RATE_MS } from "./connection";
import { type HolesStatus, holesStatusOf, openSince } from "./holes";
import { streamStretchesOf } from "./stretches";

/** A stream as it is configured. */
export interface WatchedStream {
  /** Of its coverage. */
  readonly key: string;
  readonly rules: number;
  /** Whether search fills its holes. */
  readonly fill: boolean;
  readonly bufferBytes: number;
}

export interface FilteredStreamStatus extends WatchedStream {
  readonly connected: boolean;
  /** While connected. */
  readonly connectedSinceMs?: number;
  /** While not connected, from the first attempt on. */
  readonly disconnectedSinceMs?: number;
  /** Since this process started. */
  readonly disconnections: number;
  readonly lastDisconnection?: { readonly atMs: number; readonly reason: string };
  readonly reconnect: ReconnectStatus;
  readonly lastByteMs?: number;
  readonly lastHeartbeatMs?: number;
  /** Of the last minute. */
  readonly postsPerSecond: number;
  /** Bytes that wait for delivery; at bufferBytes the connection is closed on purpose. */
  readonly heldBytes: number;
  /** At X: those of this ingester, and those of others, whose posts come too. Absent until X has been asked. */
  readonly atX?: { readonly inForce: number; readonly foreign: number };
  readonly holes: HolesStatus;
  /** Holes that can still be filled, the one that is being left included. */
  readonly holesOpen: number;
  /** Age of the oldest of them; 0 without one. */
  readonly oldestHoleSeconds: number;
}

export interface ReconnectStatus {
  /** Length of the wait before the next attempt; 0 while connected or connecting. */
  readonly waitSeconds: number;
  /** What is waited for, and until when. Absent while nothing is waited for. */
  readonly reason?: string;
  readonly nextAttemptMs?: number;
  /** The limit that leaves too little for a connection, and when it renews. */
  readonly limit?: string;
  readonly renewsAtMs?: number;
  /** Connections attempted in the last `limits.windowMs`, by this process. */
  readonly attempts: number;
  /** Absent before the first attempt. */
  readonly limits?: ConnectLimit;
}

export interface Known {
  readonly ledger: Ledger | undefined;
  readonly nowMs: number;
}

export function filteredStreamStatusOf(
  watched: WatchedStream,
  memory: ConnectionMemory,
  { ledger, nowMs }: Known,
): FilteredStreamStatus {
  const { connectedAtMs, endedAtMs, lastDisconnection, lastByteMs, lastHeartbeatMs, rules } = memory;
  const connected = connectedAtMs !== undefined;
  const holes = holesStatusOf(ledger && coverageOf(ledger, watched.key), connected);
  const since = openSince(holes);
  return {
    ...watched,
    connected,
    ...(connected && { connectedSinceMs: connectedAtMs }),
    ...(endedAtMs !== undefined && { disconnectedSinceMs: endedAtMs }),
    disconnections: memory.disconnections,
    ...(lastDisconnection && { lastDisconnection }),
    reconnect: reconnectOf(memory, nowMs),
    ...(lastByteMs !== undefined && { lastByteMs }),
    ...(lastHeartbeatMs !== undefined && { lastHeartbeatMs }),
    postsPerSecond: postsPerSecond(memory, nowMs),
    heldBytes: memory.heldBytes,
    ...(rules && { atX: rules }),
    holes,
    holesOpen: since.length,
    oldestHoleSeconds: since.length === 0 ? 0 : Math.max(0, nowMs - Math.min(...since)) / 1_000,
  };
}

function reconnectOf(memory: ConnectionMemory, nowMs: number): ReconnectStatus {
  const { wait, limit, connectLimit: limits } = memory;
  return {
    waitSeconds: (wait?.waitMs ?? 0) / 1_000,
    ...(wait && { reason: wait.reason, nextAttemptMs: wait.sinceMs + wait.waitMs }),
    ...(limit && { limit: limit.name }),
    ...(limit?.renewsAtMs !== undefined && { renewsAtMs: limit.renewsAtMs }),
    attempts: attemptsIn(memory, nowMs),
    ...(limits && { limits }),
  };
}

/**
 * The query that stands for a stream. Its lag is how long posts take to arrive; where nothing arrives because there is no
 * connection, or delivery hangs, how long ago something was delivered last.
 */
export function streamQueryStatusOf(
  query: QueryStatus,
  stream: FilteredStreamStatus,
  {
    memory,
    heardMs,
    ledger,
    nowMs,
  }: Known & {
    readonly memory: ConnectionMemory;
    /** When everything that had come was delivered. */
    readonly heardMs: number | undefined;
  },
): QueryStatus {
  const { lagSeconds: _lag, completeUpToMs: _complete, ...rest } = query;
  const coverage = ledger && coverageOf(ledger, query.key);
  const silentMs = heardMs === undefined ? 0 : nowMs - heardMs;
  const lagSeconds = silentMs > RATE_MS ? silentMs / 1_000 : lagOf(memory, nowMs);
  const coverageNow = coverage === undefined ? [] : streamStretchesOf(coverage, stream, nowMs);
  const missing = openSince(stream.holes);
  const owned = coverageNow.filter(({ state }) => state === "owned" || state === "searched");
  const completeUpToMs = missing.length > 0 ? Math.min(...missing) : owned.at(-1)?.toMs;
  return {
    ...rest,
    caughtUp: query.caughtUp && stream.connected && missing.length === 0,
    holesOpen: stream.holesOpen,
    ...latestOf(coverageNow),
    ...(lagSeconds !== undefined && { lagSeconds }),
    ...(completeUpToMs !== undefined && { completeUpToMs }),
  };
}

/** What a search calls reading or caught up is listening on a stream, or connecting to it. */
export function streamPhaseOf(timed: TimedPhase, { connectedAtMs, endedAtMs }: ConnectionMemory): TimedPhase {
  const { kind } = timed.phase;
  if (kind !== "reading" && kind !== "caught_up") return timed;
  if (connectedAtMs !== undefined) return { phase: { kind: "listening" }, sinceMs: connectedAtMs };
  return { phase: { kind: "connecting" }, sinceMs: endedAtMs ?? timed.sinceMs };
}
