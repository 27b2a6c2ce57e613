/**
 * Posts per minute as bars. A minute far above the rest makes the scale logarithmic, and the page says so. A slider,
 * which needs no mouse, gives the value of each minute.
 */
export const CHART_SCRIPT = `
const MINUTES = 60;
/** So many times the smaller minutes: above that, a linear scale would draw those as nothing. */
const SPREAD = 20;
let minutes = [];

function drawChart() {
  for (let i = 0; i < MINUTES; i++) byId("bars").append(make("i", "minute"));
  byId("minute").addEventListener("input", showMinute);
}

/** The scale goes by the smaller minutes: the tenth of those with posts, the running one left out. */
function scaleOf(counts) {
  const whole = counts.slice(0, -1).filter((count) => count > 0).sort((a, b) => a - b);
  const small = whole[Math.floor(whole.length / 10)] ?? 0;
  const highest = Math.max(1, ...counts);
  const isLog = small > 0 && highest > SPREAD * small;
  const size = 10 ** Math.floor(Math.log10(highest));
  const top = isLog ? 10 ** Math.ceil(Math.log10(highest)) : [1, 2, 4, 5, 10].map((step) => step * size).find((value) => value >= highest && value % 2 === 0) ?? 2;
  const ticks = isLog ? Array.from({ length: Math.log10(top) }, (_, i) => 10 ** (i + 1)) : [top / 2, top];
  const share = (count) => isLog ? Math.log10(1 + count) / Math.log10(1 + top) : count / top;
  return { isLog, ticks: [0, ...ticks], percent: (count) => (100 * share(count)).toFixed(2) + "%" };
}

function timeOfMinute(i) {
  return minutes.nowMs - (MINUTES - 1 - i) * 60000;
}

function describeMinute(i) {
  const count = minutes.counts[i];
  const when = clock(timeOfMinute(i)) + " UTC" + (i === MINUTES - 1 ? " (running)" : "");
  return when + ": " + (count === null ? "no data, before the start" : plural(count, "post"));
}

function showMinute() {
  const i = Number(byId("minute").value);
  byId("minute").setAttribute("aria-valuetext", describeMinute(i));
  text("minute-value", describeMinute(i));
  [...byId("bars").children].forEach((bar, at) => bar.classList.toggle("picked", at === i));
}

function showChart({ postsPerMinute: counts, nowMs, startedAtMs }) {
  minutes = { counts, nowMs };
  const scale = scaleOf(counts.map((count) => count ?? 0));
  [...byId("bars").children].forEach((bar, i) => {
    const count = counts[i];
    bar.classList.toggle("nodata", count === null);
    bar.classList.toggle("some", count > 0);
    bar.classList.toggle("running", i === MINUTES - 1);
    bar.style.height = count === null ? "100%" : scale.percent(count);
    bar.title = describeMinute(i);
  });
  byId("ticks").replaceChildren(...scale.ticks.map((tick) => {
    const line = make("div", "tick");
    line.append(make("span", "", compact.format(tick)));
    line.style.bottom = scale.percent(tick);
    return line;
  }));
  [0, MINUTES / 2, MINUTES - 1].forEach((at, i) => setText(byId("times").children[i], clock(timeOfMinute(at))));
  const total = counts.reduce((sum, count) => sum + count, 0);
  const highest = Math.max(...counts);
  const known = counts.filter((count) => count !== null).length;
  const last = known === 1 ? "in the first minute" : "in the last " + plural(known, "minute");
  const summary = total === 0 ? "None " + last + "." : numbers.format(total) + " " + last + ", at most " + numbers.format(highest) + " in one.";
  text("chart-note", summary);
  text("chart-scale", scale.isLog ? "Logarithmic scale, because some minutes are far above the others." : "");
  text("chart-nodata", known === MINUTES ? "" : "Hatched: no data, the ingester started at " + clock(startedAtMs) + " UTC.");
  byId("plot").setAttribute("aria-label", "Bar chart of posts per minute. " + summary);
  showMinute();
}
`;
