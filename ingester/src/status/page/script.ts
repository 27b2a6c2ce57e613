/**
 * The page's script: plain JavaScript kept as text, because a compiled function would carry its compiler's helpers.
 * Everything is set through textContent and attributes, so nothing that comes from outside can become markup.
 */
export const PAGE_SCRIPT = `
"use strict";
const REFRESH_MS = 5000;
const TIMEOUT_MS = 4000;
const SVG = "http://www.w3.org/2000/svg";
const BARS = 60, BAR_WIDTH = 10, HEIGHT = 160;
const TONES = {
  starting: "quiet", stopping: "quiet", reading: "good", caught_up: "good",
  paused_at_limit: "warn", waiting_for_x: "warn", delivery_failing: "bad", failed: "bad",
};
const byId = (id) => document.getElementById(id);
const numbers = new Intl.NumberFormat("en");
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const dollars = (amount) => new Intl.NumberFormat("en", { style: "currency", currency: "USD" }).format(amount);

function text(id, value) {
  const element = byId(id);
  // Only changes are written: a live region would read the same words again and again.
  if (element.textContent !== value) element.textContent = value;
}

function duration(seconds) {
  const units = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];
  let left = Math.max(0, Math.round(seconds));
  const first = units.findIndex(([, size]) => left >= size);
  if (first < 0) return "0 s";
  return units.slice(first, first + 2).map(([name, size]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return count === 0 ? "" : count + " " + name;
  }).filter(Boolean).join(" ");
}

function utc(ms) {
  return new Date(ms).toISOString().slice(0, 19).replace("T", " ") + " UTC";
}

function bytes(count) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = count < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(count) / 3));
  return (count / 1000 ** power).toFixed(power === 0 ? 0 : 1) + " " + units[power];
}

function svg(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

function drawChart() {
  const chart = byId("bars");
  for (const y of [0.5, HEIGHT / 2, HEIGHT - 0.5]) chart.append(svg("line", { x1: 0, x2: BARS * BAR_WIDTH, y1: y, y2: y }));
  for (let i = 0; i < BARS; i++) {
    const last = i === BARS - 1;
    chart.append(svg("rect", { class: last ? "bar running" : "bar", x: i * BAR_WIDTH + 1.5, width: BAR_WIDTH - 3, y: HEIGHT, height: 0 }));
    const hit = svg("rect", { class: "hit", x: i * BAR_WIDTH, width: BAR_WIDTH, y: 0, height: HEIGHT });
    hit.append(svg("title", {}));
    chart.append(hit);
  }
}

function niceTop(highest) {
  const size = 10 ** Math.floor(Math.log10(Math.max(highest, 2)));
  return [1, 2, 4, 5, 10].map((step) => step * size).find((top) => top >= highest && top % 2 === 0) ?? 10 * size;
}

function showChart(counts) {
  const highest = Math.max(...counts);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const top = niceTop(highest);
  const bars = byId("bars").querySelectorAll(".bar");
  const titles = byId("bars").querySelectorAll("title");
  counts.forEach((count, i) => {
    const height = count === 0 ? 0 : Math.max(1.5, (count / top) * HEIGHT);
    bars[i].setAttribute("y", HEIGHT - height);
    bars[i].setAttribute("height", height);
    const when = i === BARS - 1 ? "this minute" : (BARS - 1 - i) + " min ago";
    titles[i].textContent = numbers.format(count) + " posts, " + when;
  });
  text("scale-top", compact.format(top));
  text("scale-middle", compact.format(top / 2));
  const summary = total === 0 ? "none in the last hour" : numbers.format(total) + " in the last hour, at most " + numbers.format(highest) + " a minute";
  text("chart-note", summary);
  byId("bars").setAttribute("aria-label", "Bar chart of posts per minute: " + summary + ".");
}

function showMoney(money) {
  if (money === undefined) return;
  text("spent", dollars(money.spentUsd));
  text("spent-note", "spent on " + numbers.format(money.spent.posts) + " posts in this billing cycle");
  const left = [];
  if (money.leftUsd !== undefined) left.push(dollars(money.leftUsd));
  if (money.leftPosts !== undefined) left.push(numbers.format(money.leftPosts) + " posts");
  const advice = left.length === 0 ? "MONTHLY_USD_LIMIT or MONTHLY_POST_LIMIT caps what can be spent. " : "";
  text("left", left.length === 0 ? "No limit" : left.join(" and ") + " left");
  showBudget(money.usedPercent);
  text("renews", advice + "The billing cycle turns on " + utc(money.cycleEndMs).slice(0, 10) + ".");
}

function showBudget(usedPercent) {
  const used = Math.min(100, usedPercent ?? 0);
  byId("budget").hidden = usedPercent === undefined;
  byId("budget").dataset.tone = used >= 100 ? "bad" : used >= 80 ? "warn" : "good";
  byId("budget-track").setAttribute("aria-valuenow", used.toFixed(1));
  byId("budget-fill").style.width = used + "%";
  text("budget-note", usedPercent === undefined ? "" : usedPercent.toFixed(1) + " % of the limit used");
}

function showCheckpoint(status) {
  const position = status.checkpoint ?? {};
  text("complete", status.completeUpToMs === undefined ? "not known yet" : utc(status.completeUpToMs));
  text("since", position.sinceId ?? "none yet");
  text("window", position.window === undefined ? "none" : position.window.oldestDeliveredId + " to " + position.window.newestId);
  text("gaps", String(position.gaps?.length ?? 0));
}

function showTiles(status) {
  const counts = status.counts;
  text("delivered", numbers.format(counts.postsDelivered));
  text("delivered-note", numbers.format(counts.postsRead) + " read since the start");
  text("lag", status.lagSeconds === undefined ? "–" : duration(status.lagSeconds));
  text("lag-note", status.lagSeconds === undefined ? "nothing read yet" : status.caughtUp ? "since the last poll" : "since the newest post read");
  text("dead", numbers.format(counts.deadLetters));
  text("dead-note", counts.deadLetters > 0 ? "posts delivered incomplete" : counts.postsDelivered > 0 ? "every post arrived whole" : "no post yet");
  text("requests", numbers.format(counts.requests));
  text("requests-note", numbers.format(counts.records) + " records, " + bytes(counts.bytes));
}

function showError(error, nowMs) {
  text("error", error === undefined ? "None" : error.message);
  text("error-time", error === undefined ? "" : duration((nowMs - error.atMs) / 1000) + " ago, " + utc(error.atMs));
}

function show(status) {
  document.title = status.headline + " – Ingester";
  text("key", status.checkpointKey);
  text("headline", status.headline);
  text("detail", status.detail ?? "");
  byId("state").dataset.tone = status.phase.needsPerson ? "bad" : TONES[status.phase.kind];
  showTiles(status);
  showChart(status.postsPerMinute);
  showMoney(status.money);
  showCheckpoint(status);
  showError(status.lastError, status.nowMs);
  text("updated", "Updated " + utc(status.nowMs));
  text("uptime", "Running for " + duration((status.nowMs - status.startedAtMs) / 1000));
}

function showContact(lostSince) {
  byId("main").classList.toggle("stale", lostSince !== undefined);
  byId("contact").hidden = lostSince === undefined;
  text("contact", lostSince === undefined ? "" : "No contact with the ingester since " + utc(lostSince) + ". The figures below are from then.");
}

let lastContact = Date.now();
async function refresh() {
  try {
    const response = await fetch("/status.json", { cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new Error("HTTP " + response.status);
    show(await response.json());
    lastContact = Date.now();
    showContact(undefined);
  } catch {
    showContact(lastContact);
  }
}

drawChart();
(async () => {
  for (;;) {
    if (!document.hidden) await refresh();
    await new Promise((resolve) => setTimeout(resolve, REFRESH_MS));
  }
})();
document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
`;
