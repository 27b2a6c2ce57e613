/** What the last line of a terminal says of a `run` in stream mode. Pure. */

import { count, duration, plural } from "../../runtime/words";
import type { Status } from "../../status/status";
import type { FilteredStreamStatus } from "../../status/stream/filtered-stream";

/** The parts, the most important first. @param money what is spent and left, in words; empty: not known */
export function streamParts(status: Status, stream: FilteredStreamStatus, money: string): readonly string[] {
  const { counts, nowMs, lagSeconds } = status;
  return [
    describeState(status, stream),
    stream.holesOpen === 0 ? "" : plural(stream.holesOpen, "hole"),
    plural(counts.postsRead, "post"),
    money,
    `${rate(stream.postsPerSecond)}/s`,
    describeFill(stream, nowMs),
    lagSeconds === undefined ? "" : `lag ${duration(lagSeconds * 1_000)}`,
    stream.heldBytes > stream.bufferBytes / 10 ? `buffer ${share(stream)} %` : "",
    stream.disconnections === 0 ? "" : plural(stream.disconnections, "disconnection"),
  ].filter((part) => part !== "");
}

function describeState({ phase, headline, nowMs }: Status, stream: FilteredStreamStatus): string {
  if (phase.kind === "listening") return `Listening ${duration(nowMs - (stream.connectedSinceMs ?? nowMs))}`;
  const { nextAttemptMs = nowMs } = stream.reconnect;
  const isWaiting =
    phase.kind === "connecting" || (phase.kind === "waiting_for_x" && phase.reason === "stream");
  if (!isWaiting) return headline;
  return nextAttemptMs > nowMs
    ? `Not connected, next try in ${duration(nextAttemptMs - nowMs)}`
    : "Connecting";
}

/** When search fills the oldest hole: it comes first. */
function describeFill({ holes, fill }: FilteredStreamStatus, nowMs: number): string {
  const [oldest] = holes.open;
  if (oldest === undefined) return "";
  if (!fill) return "STREAM_FILL=false";
  const leftMs = oldest.searchableAtMs - nowMs;
  return leftMs > 0 ? `search in ${duration(leftMs)}` : "search fills";
}

function rate(perSecond: number): string {
  return perSecond < 10 ? perSecond.toFixed(1) : count(perSecond);
}

function share({ heldBytes, bufferBytes }: FilteredStreamStatus): number {
  return Math.floor((100 * heldBytes) / bufferBytes);
}
