/** The filtered stream: its connection, and the holes that disconnections have left. */
import { SEARCH_DIFFERENCES } from "../stream/words";
import { row } from "./rows";

const DIFFERENCES = SEARCH_DIFFERENCES.map((words) => `<li>${words}</li>`).join("");

export const STREAM_CARD = `
<section class="card" id="live" aria-labelledby="live-title" hidden>
  <div class="card-head"><h2 id="live-title">Filtered stream</h2><p class="note" id="live-state"></p></div>
  <dl class="rows">
    ${row("Connection", 'id="live-since"')}
    ${row("Next attempt", 'id="live-next"')}
    ${row("Connections attempted", 'id="live-connects"')}
    ${row("Disconnections since the start", 'id="live-ends"')}
    ${row("Last heartbeat", 'id="live-heartbeat"')}
    ${row("Last data of any kind", 'id="live-byte"')}
    ${row("Posts in the last minute", 'id="live-rate"')}
    ${row("Waiting for delivery", 'id="live-buffer"')}
    ${row("Rules", 'id="live-rules"')}
    ${row("Holes", 'id="live-holes"')}
  </dl>
  <ul class="missing" id="live-list"></ul>
  <details id="live-differences"><summary class="note">How search differs from the stream</summary><ul class="plain note">${DIFFERENCES}</ul></details>
</section>`;

export const STREAM_SCRIPT = `
const MAX_OPEN = 10;
const MAX_PAST = 5;

function showStream({ filteredStream: live, nowMs, startedAtMs }) {
  byId("live").hidden = live === undefined;
  if (live === undefined) return;
  const ago = (ms) => ms === undefined ? "none since the start" : duration((nowMs - ms) / 1000) + " ago, " + second(ms);
  text("live-state", live.connected ? "Connected" : "Not connected");
  text("live-since", describeConnection(live, nowMs));
  text("live-next", describeNext(live, nowMs));
  text("live-connects", describeConnects(live.reconnect, nowMs - startedAtMs));
  text("live-ends", describeEnds(live));
  text("live-heartbeat", ago(live.lastHeartbeatMs));
  text("live-byte", ago(live.lastByteMs));
  text("live-rate", (live.postsPerSecond < 10 ? live.postsPerSecond.toFixed(1) : numbers.format(Math.round(live.postsPerSecond))) + " a second");
  text("live-buffer", bytes(live.heldBytes) + " of " + bytes(live.bufferBytes) + ", " + Math.floor(100 * live.heldBytes / live.bufferBytes) + "\\u00a0%");
  text("live-rules", describeRules(live));
  text("live-holes", describeHoles(live));
  byId("live-list").replaceChildren(...listOfHoles(live, nowMs));
  byId("live-differences").hidden = live.holes.filled.length === 0;
}

function describeConnection({ connectedSinceMs, disconnectedSinceMs }, nowMs) {
  const since = connectedSinceMs ?? disconnectedSinceMs;
  if (since === undefined) return "not attempted yet";
  return (connectedSinceMs === undefined ? "none since " : "since ") + second(since) + " (" + duration((nowMs - since) / 1000) + ")";
}

function describeNext({ connected, reconnect }, nowMs) {
  if (connected) return "not needed";
  if (reconnect.limit !== undefined) return "when " + reconnect.limit + " allows it" + (reconnect.renewsAtMs === undefined ? "" : ", at the latest on " + minute(reconnect.renewsAtMs));
  if (reconnect.nextAttemptMs === undefined) return "under way";
  const left = reconnect.nextAttemptMs - nowMs;
  return (left <= 0 ? "now" : "in " + duration(left / 1000) + ", at " + second(reconnect.nextAttemptMs)) + ". Why it waits: " + reconnect.reason.replace(/\\.$/, "") + ".";
}

function describeConnects({ attempts, limits }, runsMs) {
  if (limits === undefined) return "none yet";
  const over = runsMs < limits.windowMs ? "since the start" : "in the last " + duration(limits.windowMs / 1000);
  return numbers.format(attempts) + " " + over + "; at most " + numbers.format(limits.connects) + " in " + duration(limits.windowMs / 1000) + " (X allows " + numbers.format(limits.connectsByX) + ")";
}

function describeEnds({ disconnections, lastDisconnection: last }) {
  return last === undefined ? "none" : numbers.format(disconnections) + ", the last at " + second(last.atMs) + ": " + last.reason;
}

function describeRules({ rules, atX }) {
  if (atX === undefined) return numbers.format(rules) + " configured; X has not been asked yet";
  return numbers.format(atX.inForce) + " in force of " + numbers.format(rules) + " configured; " + (atX.foreign === 0 ? "none of others in the app" : plural(atX.foreign, "rule") + " of others in the app");
}

function describeHoles({ holesOpen, holes, fill }) {
  const kept = numbers.format(holes.filled.length) + " filled by search, " + plural(holes.lost.length, "lost range") + " (as far as the ledger remembers)";
  return numbers.format(holesOpen) + " open, " + kept + (fill ? "" : "; STREAM_FILL=false: search fills none");
}

function listOfHoles({ holes, fill }, nowMs) {
  const left = holes.leftAtMs === undefined ? [] : [holeItem("hole", "Being left: from " + second(holes.leftAtMs) + " until the stream is connected again.")];
  const open = holes.open.slice(0, MAX_OPEN).map((hole) => holeItem("hole", "Open: " + lengthOf(hole) + ". " + describeFill(hole, fill, nowMs)));
  if (holes.open.length > MAX_OPEN) open.push(make("li", "", "and " + plural(holes.open.length - MAX_OPEN, "newer hole") + ", in status.json"));
  const filled = holes.filled.slice(-MAX_PAST).reverse().map((hole) => holeItem("searched", "Filled by search: " + lengthOf(hole) + ", " + plural(hole.rules - hole.skipped, "rule") + ". " + describeSkips(hole)));
  const lost = holes.lost.slice(-MAX_PAST).reverse().map((one) => holeItem("lost", "Lost: " + lengthOf(one) + "."));
  return [...left, ...open, ...lost, ...filled];
}

const lengthOf = ({ fromMs, toMs }) => between(fromMs, toMs) + ", " + duration((toMs - fromMs) / 1000);

function describeFill(hole, fill, nowMs) {
  if (!fill) return "It is not filled (STREAM_FILL=false).";
  const done = hole.searched > 0 ? numbers.format(hole.searched) + " of " + plural(hole.rules, "rule") + " searched for. " : "";
  const when = hole.searchableAtMs > nowMs ? "Search begins in " + duration((hole.searchableAtMs - nowMs) / 1000) + ", when X finds every post. " : "Search fills it, the oldest hole first. ";
  return done + when + describeSkips(hole);
}

function describeSkips({ skipped, skippedRules }) {
  if (skipped === 0) return "";
  const named = skippedRules.map(({ name, reason }) => name + " (" + reason + ")").join("; ");
  const more = skipped - skippedRules.length;
  return plural(skipped, "rule") + " skipped: " + named + (more > 0 ? "; and " + numbers.format(more) + " more" : "") + ".";
}

function holeItem(state, words) {
  const item = make("li", "", words.trim());
  item.prepend(make("span", "swatch " + state));
  return item;
}
`;
