/** The coverage of each query: its figures, its timeline, and what is missing as sentences. */
export const COVERAGE_SCRIPT = `
const TIMELINE_MS = 7 * 86400000;
const MAX_LISTED = 10;
const LONG_QUERY = 160;
const STATES = {
  owned: "delivered", recent: "delivered; asked for again, because X may list a post late", unread: "not read yet",
  searched: "filled by search", heard: "connected; the last posts of this time may still come",
  buying: "being bought", hole: "hole", lost: "lost",
};

function partsOf(card) {
  return Object.fromEntries([...card.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));
}

function showQueries(status) {
  const cards = byId("queries");
  if (cards.children.length !== status.queries.length) {
    cards.replaceChildren(...status.queries.map(() => byId("query").content.cloneNode(true)));
  }
  status.queries.forEach((query, i) => showQuery(cards.children[i], query, status));
}

function showQuery(card, query, { nowMs, budget, filteredStream }) {
  const isStream = filteredStream?.key === query.key;
  const parts = partsOf(card);
  setText(parts.name, query.name);
  showText(parts, query);
  const spent = budget?.byQuery.find(({ key }) => key === query.key);
  setText(parts.posts, numbers.format(query.counts.postsDelivered) + " delivered of " + numbers.format(query.counts.postsRead) + " read");
  setText(parts.spent, spent === undefined ? "nothing" : dollars(spent.usd) + " for " + plural(spent.posts, "post"));
  setText(parts.lag, query.lagSeconds === undefined ? (isStream ? "no post in the last minute" : "nothing read yet") : duration(query.lagSeconds));
  setText(parts.complete, query.completeUpToMs === undefined ? "not known yet" : second(query.completeUpToMs));
  setText(parts.holes, numbers.format(query.holesOpen) + (query.losses.length === 0 ? "" : ", and " + plural(query.losses.length, "lost range")));
  setText(parts.state, query.caughtUp ? (isStream ? "Complete" : "Caught up") : query.coverage.length === 0 ? "" : "Behind");
  showTimeline(parts, query, { nowMs, isStream });
}

/** A query can have 4,096 characters: a long one is folded. */
function showText({ short, long, full }, { query }) {
  long.hidden = query.length <= LONG_QUERY;
  short.hidden = !long.hidden;
  setText(short, query);
  setText(long.firstElementChild, query.slice(0, LONG_QUERY) + "…");
  setText(full, query);
}

function showTimeline({ bar, from, to, legend, missing, since }, { coverage, olderStretches, caughtUp }, { nowMs, isStream }) {
  const startMs = coverage[0]?.fromMs;
  const fromMs = Math.max(startMs ?? nowMs, nowMs - TIMELINE_MS);
  const drawn = coverage.filter((one) => one.toMs > fromMs);
  const states = Object.keys(STATES).filter((state) => drawn.some((one) => one.state === state));
  bar.replaceChildren(...drawn.map((one) => stretchOf(one, fromMs, nowMs)));
  bar.parentElement.hidden = drawn.length === 0;
  bar.setAttribute("aria-label", "Timeline from " + minute(fromMs) + " to now: " + states.map((state) => STATES[state]).join(", ") + ". What is missing is listed below.");
  setText(from, minute(fromMs));
  setText(to, "now");
  legend.replaceChildren(...states.map((state) => {
    const item = make("li", "", STATES[state]);
    item.prepend(make("span", "swatch " + state));
    return item;
  }));
  const gone = coverage.filter(({ state }) => ["buying", "hole", "lost"].includes(state) || (state === "unread" && !caughtUp)).reverse();
  const listed = gone.slice(0, MAX_LISTED).map((one) => itemOf(one, isStream));
  const more = gone.length - MAX_LISTED;
  if (more > 0) listed.push(make("li", "", describeOlder(more, olderStretches > 0)));
  missing.replaceChildren(...listed);
  const nothing = "Nothing is missing since " + (startMs === undefined ? "" : minute(startMs)) + ".";
  setText(since, startMs === undefined ? "Nothing is known about the coverage yet." : gone.length === 0 ? nothing : "Missing, newest first:");
}

/** @param isCut the status holds only the latest stretches */
function describeOlder(more, isCut) {
  return "and " + (isCut ? "more than " : "") + plural(more, "older one") + "; ingester coverage lists all of them";
}

/** However short it is, it can be seen. */
function stretchOf({ state, fromMs, toMs }, startMs, endMs) {
  const element = make("span", "stretch " + state);
  const percent = (ms) => 100 * Math.min(1, Math.max(0, (ms - startMs) / Math.max(1, endMs - startMs)));
  element.style.left = "min(calc(100% - 4px), " + percent(fromMs) + "%)";
  element.style.width = (percent(toMs) - percent(fromMs)) + "%";
  element.title = describeStretch({ state, fromMs, toMs });
  return element;
}

function describeStretch({ state, fromMs, toMs, note }, isStream) {
  const words = STATES[state][0].toUpperCase() + STATES[state].slice(1) + ": " + between(fromMs, toMs) + ", " + duration((toMs - fromMs) / 1000) + ".";
  if (state === "buying") return words + " By " + (note ?? "a worker that is gone") + ".";
  if (state === "hole" && isStream && note !== undefined) return words + " " + note[0].toUpperCase() + note.slice(1) + ".";
  if (state === "hole") return words + (note === undefined ? " No worker has claimed it." : " Claimed by " + note + ".");
  return note === undefined ? words : words + " It is " + note + ".";
}

function itemOf(one, isStream) {
  const item = make("li", "", describeStretch(one, isStream));
  item.prepend(make("span", "swatch " + one.state));
  return item;
}
`;
