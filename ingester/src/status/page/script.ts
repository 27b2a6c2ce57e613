/**
 * The page's script: plain JavaScript kept as text, because a compiled function would carry its compiler's helpers.
 * Everything is set through textContent, attributes and numbers in styles, so nothing that comes from outside can
 * become markup.
 */
import { BUDGET_SCRIPT } from "./budget";
import { CHART_SCRIPT } from "./chart";
import { COVERAGE_SCRIPT } from "./coverage";
import { FORMAT_SCRIPT } from "./format";
import { STREAM_SCRIPT } from "./stream";

const MAIN_SCRIPT = `
const REFRESH_MS = 5000;
const TIMEOUT_MS = 4000;
/** The light in a sign and a word: many people cannot distinguish colours, and a title has none. */
const LIGHTS = {
  green: ["✓", "OK"], amber: ["!", "Attention"], red: ["✕", "Action needed"], grey: ["…", "Please wait"],
  none: ["?", "No contact"],
};

function showLight(light, headline) {
  const [sign, word] = LIGHTS[light];
  byId("state").dataset.light = light;
  text("sign", sign);
  text("word", word);
  text("headline", headline);
  document.title = sign + " " + headline + " – Ingester";
}

function describeTiming({ phase, nowMs, sinceMs, nextPollMs }) {
  const since = "Since " + second(sinceMs) + " (" + duration((nowMs - sinceMs) / 1000) + "). ";
  if (nextPollMs !== undefined) return since + "Next poll in " + duration((nextPollMs - nowMs) / 1000) + ", at " + second(nextPollMs) + ".";
  if (phase.kind === "reading") return since + "The next page is read as soon as this one is delivered.";
  return since;
}

function showActions(actions, light) {
  byId("actions").replaceChildren(...actions.map((action) => {
    const item = make("li", "", action.text);
    if (action.runbook !== undefined) item.append(make("span", "note", runbook(action.runbook)));
    return item;
  }));
  byId("actions").hidden = actions.length === 0;
  byId("no-action").hidden = actions.length > 0;
  text("no-action", light === "amber" ? "Nothing for now: this normally passes by itself." : "Nothing.");
}

function describeLag({ lagSeconds, caughtUp, filteredStream }) {
  if (filteredStream !== undefined) return lagSeconds === undefined ? "no post in the last minute" : "from a post's creation to its arrival";
  return lagSeconds === undefined ? "nothing read yet" : caughtUp ? "since the last poll" : "age of the newest moment read";
}

function showTiles(status) {
  const { counts, lagSeconds, queries, budget } = status;
  text("delivered", numbers.format(counts.postsDelivered));
  text("delivered-note", numbers.format(counts.postsRead) + " read since the start");
  text("lag", lagSeconds === undefined ? "–" : duration(lagSeconds));
  text("lag-note", describeLag(status));
  const holes = queries.reduce((sum, query) => sum + query.holesOpen, 0);
  const losses = queries.reduce((sum, query) => sum + query.losses.length, 0);
  text("holes", numbers.format(holes));
  text("holes-note", losses === 0 ? "no losses" : plural(losses, "lost range"));
  showLeft(budget);
}

function showDelivery({ counts, stream }) {
  text("stream-name", stream);
  text("requests", plural(counts.requests, "request") + " with " + plural(counts.records, "record") + ", " + bytes(counts.bytes));
  text("resent", plural(counts.resentRecords, "record") + ", " + plural(counts.deliveryRetries, "failed attempt"));
  text("dead", counts.deadLetters === 0 ? "none" : plural(counts.deadLetters, "post") + " delivered incomplete");
  text("partial", numbers.format(counts.partialErrors));
  text("waits", numbers.format(counts.sourceWaits));
}

function showError(error, nowMs) {
  text("error", error === undefined ? "None since the start." : error.message);
  text("error-meaning", error === undefined ? "" : error.meaning);
  text("error-runbook", runbook(error?.runbook));
  text("error-time", error === undefined ? "" : duration((nowMs - error.atMs) / 1000) + " ago, " + second(error.atMs));
}

function show(status) {
  showLight(status.light, status.headline);
  text("detail", status.detail);
  text("timing", describeTiming(status));
  text("about", "Delivers to " + status.stream + ". Version " + status.version + ".");
  showActions(status.actions, status.light);
  showTiles(status);
  showStream(status);
  showQueries(status);
  showBudget(status.budget, status.nowMs);
  showChart(status);
  showDelivery(status);
  showError(status.lastError, status.nowMs);
  text("updated", "Updated " + second(status.nowMs));
  text("uptime", "Running for " + duration((status.nowMs - status.startedAtMs) / 1000));
}

let last = { headline: "nothing", atMs: Date.now() };

function showLost() {
  byId("main").classList.add("stale");
  showLight("none", "No contact with the ingester");
  text("detail", "No answer since " + second(last.atMs) + ". Last known then: " + last.headline + ". All figures on this page are from then.");
  text("timing", "");
  showActions([{ text: "Check that the ingester runs, and that this computer reaches it.", runbook: "task-not-running" }], "none");
}

async function refresh() {
  try {
    const response = await fetch("/status.json", { cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new Error("HTTP " + response.status);
    const status = await response.json();
    byId("main").classList.remove("stale");
    show(status);
    last = { headline: status.headline, atMs: Date.now() };
  } catch {
    showLost();
  }
}

drawChart();
(async () => {
  for (;;) {
    // Also in the background: the title of the tab shows the state.
    await refresh();
    await new Promise((resolve) => setTimeout(resolve, REFRESH_MS));
  }
})();
document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
`;

export const PAGE_SCRIPT = `
"use strict";
${FORMAT_SCRIPT}${CHART_SCRIPT}${COVERAGE_SCRIPT}${STREAM_SCRIPT}${BUDGET_SCRIPT}${MAIN_SCRIPT}`;
