/** What this process remembers of its connection to the filtered stream. Times are those of this machine's clock. */
import type { CollectEvent, ConnectLimit } from "../../loop/events";
import { isId, timeOfId } from "../../posts/ids";

export interface ConnectionMemory {
  /** Absent while there is no connection. */
  readonly connectedAtMs?: number;
  /** Since when there is no connection. Absent while there is one, and before the first attempt. */
  readonly endedAtMs?: number;
  /** Connections that have ended, but for the one that this process was told to end. */
  readonly disconnections: number;
  readonly lastDisconnection?: { readonly atMs: number; readonly reason: string };
  /** The next attempt. Absent while connected, and while an attempt is under way. */
  readonly wait?: { readonly reason: string; readonly sinceMs: number; readonly waitMs: number };
  /** The limit that leaves too little for a connection. */
  readonly limit?: { readonly name: string; readonly renewsAtMs: number | undefined };
  /** When connections were attempted, at most those of the last `connectLimit.windowMs`. */
  readonly attempts: readonly number[];
  readonly connectLimit?: ConnectLimit;
  readonly lastByteMs?: number;
  readonly lastHeartbeatMs?: number;
  readonly heldBytes: number;
  /** Of the last RATE_MS. */
  readonly arrivals: readonly { readonly atMs: number; readonly posts: number }[];
  /** Of the last RATE_MS: how long the slowest post of a batch took from when it was made to when it arrived. */
  readonly delays: readonly { readonly atMs: number; readonly ms: number }[];
  readonly rules?: { readonly inForce: number; readonly foreign: number };
}

export const NOT_CONNECTED: ConnectionMemory = {
  ...{ disconnections: 0, attempts: [], heldBytes: 0, arrivals: [], delays: [] },
};

/** Over which posts per second and the lag are measured. */
export const RATE_MS = 60_000;

/** The memory after an event; the very same object when the event says nothing about the connection. */
export function withEvent(memory: ConnectionMemory, event: CollectEvent, nowMs: number): ConnectionMemory {
  switch (event.type) {
    case "rules_in_force":
      return { ...memory, rules: { inForce: event.count, foreign: event.foreign } };
    case "stream_connecting": {
      const { wait: _wait, limit: _limit, ...rest } = memory;
      const attempts = since(event.limit.windowMs, memory.attempts, nowMs);
      return unconnected({ ...rest, attempts: [...attempts, nowMs], connectLimit: event.limit }, nowMs);
    }
    case "stream_connected": {
      const { wait: _wait, limit: _limit, endedAtMs: _ended, ...rest } = memory;
      return { ...rest, connectedAtMs: nowMs, lastByteMs: nowMs, heldBytes: 0 };
    }
    case "stream_received":
      return received(memory, event, nowMs);
    case "stream_disconnected": {
      const { connectedAtMs: _connected, ...rest } = memory;
      const ended = { ...rest, endedAtMs: nowMs, heldBytes: 0 };
      if (event.stopped) return ended;
      const lastDisconnection = { atMs: nowMs, reason: event.reason };
      return { ...ended, disconnections: memory.disconnections + 1, lastDisconnection };
    }
    case "stream_reconnecting":
      return unconnected(
        { ...memory, wait: { reason: event.reason, sinceMs: nowMs, waitMs: event.waitMs } },
        nowMs,
      );
    case "limit_reached":
      if (memory.connectedAtMs !== undefined) return memory;
      return { ...memory, limit: { name: event.limit, renewsAtMs: event.renewsAtMs } };
    case "page_read": {
      const { provenance, posts, receivedAtMs } = event.page;
      if (provenance.source !== "stream") return memory;
      const made = posts.flatMap(({ id }) => (isId(id) ? [timeOfId(id)] : []));
      const ms = Math.max(0, ...made.map((madeMs) => receivedAtMs - madeMs));
      const delays = memory.delays.filter(({ atMs }) => nowMs - atMs < RATE_MS);
      return { ...memory, delays: [...delays, { atMs: nowMs, ms }] };
    }
    default:
      return memory;
  }
}

function unconnected(memory: ConnectionMemory, nowMs: number): ConnectionMemory {
  return memory.connectedAtMs === undefined ? { ...memory, endedAtMs: memory.endedAtMs ?? nowMs } : memory;
}

function received(
  memory: ConnectionMemory,
  { posts, heartbeat, heldBytes }: Extract<CollectEvent, { readonly type: "stream_received" }>,
  nowMs: number,
): ConnectionMemory {
  const arrivals = memory.arrivals.filter(({ atMs }) => nowMs - atMs < RATE_MS);
  return {
    ...memory,
    ...{ lastByteMs: nowMs, heldBytes },
    ...(heartbeat && { lastHeartbeatMs: nowMs }),
    arrivals: posts === 0 ? arrivals : [...arrivals, { atMs: nowMs, posts }],
  };
}

/** How many connections were attempted in the window of X's limit. */
export function attemptsIn({ attempts, connectLimit }: ConnectionMemory, nowMs: number): number {
  return connectLimit === undefined ? 0 : since(connectLimit.windowMs, attempts, nowMs).length;
}

/** Posts that arrived per second in the last RATE_MS, or since the connection was made. */
export function postsPerSecond({ arrivals, connectedAtMs = 0 }: ConnectionMemory, nowMs: number): number {
  const posts = arrivals
    .filter(({ atMs }) => nowMs - atMs < RATE_MS)
    .reduce((sum, one) => sum + one.posts, 0);
  const first = Math.min(connectedAtMs, arrivals[0]?.atMs ?? nowMs);
  const overMs = Math.max(1_000, Math.min(RATE_MS, nowMs - first));
  return (posts * 1_000) / overMs;
}

/** Seconds that the slowest post of the last RATE_MS took to arrive; undefined when none came. */
export function lagOf({ delays }: ConnectionMemory, nowMs: number): number | undefined {
  const recent = delays.filter(({ atMs }) => nowMs - atMs < RATE_MS);
  return recent.length === 0 ? undefined : Math.max(...recent.map(({ ms }) => ms)) / 1_000;
}

function since(windowMs: number, times: readonly number[], nowMs: number): readonly number[] {
  return times.filter((atMs) => nowMs - atMs < windowMs);
}
