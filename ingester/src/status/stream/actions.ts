/** What a person should do about a stream, in sentences. */
import { plural } from "../../runtime/words";
import { utcTime } from "../phase-words";
import { DAY_MS, HOUR_MS } from "../spend-rate";
import type { Action } from "../trouble";
import type { FilteredStreamStatus } from "./filtered-stream";

/** X's own disturbances are over by then. */
const LONG_MS = 15 * 60_000;
/** Recent search reaches back so far. */
const REACH_MS = 7 * DAY_MS;

export function actionsOfStream(stream: FilteredStreamStatus, nowMs: number): readonly Action[] {
  return [...aboutConnection(stream, nowMs), ...aboutHoles(stream, nowMs), ...aboutForeignRules(stream)];
}

function aboutConnection(
  { disconnectedSinceMs, reconnect, lastDisconnection }: FilteredStreamStatus,
  nowMs: number,
): readonly Action[] {
  const isLong = disconnectedSinceMs !== undefined && nowMs - disconnectedSinceMs >= LONG_MS;
  if (!isLong || reconnect.limit !== undefined) return [];
  const why = (reconnect.reason ?? lastDisconnection?.reason ?? "the reason is not known").replace(/\.$/, "");
  const text = `The stream has not been connected since ${utcTime(disconnectedSinceMs)}: ${why}. Check X's status page, the token, and that no other program uses the app's connection.`;
  return [{ text, runbook: "disconnected" }];
}

function aboutHoles(
  { fill, holesOpen, oldestHoleSeconds }: FilteredStreamStatus,
  nowMs: number,
): readonly Action[] {
  const forgottenMs = nowMs - oldestHoleSeconds * 1_000 + REACH_MS;
  const until = `X's recent search reaches the oldest until ${utcTime(Math.round(forgottenMs / 60_000) * 60_000)}.`;
  if (holesOpen === 0) return [];
  if (!fill) {
    const [are, them] = holesOpen === 1 ? ["is", "it"] : ["are", "them"];
    const text = `${plural(holesOpen, "hole")} ${are} not filled, because STREAM_FILL is false. ${until} Start with STREAM_FILL=true to fill ${them}.`;
    return [{ text }];
  }
  if (oldestHoleSeconds * 1_000 < HOUR_MS) return [];
  const text = `A hole has been open for more than an hour. ${until} Look at the last error and the budget for the reason.`;
  return [{ text, runbook: "holes-stay-open" }];
}

function aboutForeignRules({ atX }: FilteredStreamStatus): readonly Action[] {
  if (atX === undefined || atX.foreign === 0) return [];
  const text = `The app has ${plural(atX.foreign, "rule")} of others. X sends and bills their posts, too. ingester rules list shows them; an app for each service avoids them.`;
  return [{ text }];
}
