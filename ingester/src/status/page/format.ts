/** The page's helpers for text. As all its scripts: plain JavaScript as text, without a template literal of its own. */
export const FORMAT_SCRIPT = `
const byId = (id) => document.getElementById(id);
const numbers = new Intl.NumberFormat("en");
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const dollars = (amount) => new Intl.NumberFormat("en", { style: "currency", currency: "USD" }).format(amount);
const plural = (count, noun, nouns = noun + "s") => numbers.format(count) + " " + (count === 1 ? noun : nouns);

/** Never broken over two lines: dates, times with their zone, numbers with their units, options, versions, names of sections. */
const KEPT = /\\d{4}-\\d\\d-\\d\\d|\\d\\d:\\d\\d(?::\\d\\d)? UTC|(?:\\d{1,3} (?:d|h|min) )?[$]?\\d[\\d,.]{0,19} (?:d|h|min|s|k?B|[MGT]B|posts?|records?|requests?)\\b|--[a-z-]{1,30}|Version [\\d.]+|[a-z]+-[a-z0-9-]{1,20}$/g;

/** Only changes are written: a live region would read the same words again and again. */
function setText(element, value) {
  if (element.textContent === value) return;
  element.replaceChildren();
  let from = 0;
  for (const { 0: kept, index } of value.matchAll(KEPT)) {
    const span = document.createElement("span");
    span.className = "keep";
    span.textContent = kept;
    element.append(value.slice(from, index), span);
    from = index + kept.length;
  }
  element.append(value.slice(from));
}

function text(id, value) {
  setText(byId(id), value);
}

function make(tag, className, value) {
  const element = document.createElement(tag);
  element.className = className;
  if (value !== undefined) setText(element, value);
  return element;
}

/** The two largest units that count: "2 d 3 h", "34 s". */
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

const iso = (ms) => new Date(ms).toISOString();
const day = (ms) => iso(ms).slice(0, 10);
const clock = (ms) => iso(ms).slice(11, 16);
const minute = (ms) => day(ms) + " " + clock(ms) + " UTC";
const second = (ms) => day(ms) + " " + iso(ms).slice(11, 19) + " UTC";

/** "2026-11-23 08:00 to 09:30 UTC", with seconds where they count. */
function between(fromMs, toMs) {
  const digits = toMs - fromMs < 600000 ? 8 : 5;
  const time = (ms) => iso(ms).slice(11, 11 + digits);
  return day(fromMs) + " " + time(fromMs) + " to " + (day(fromMs) === day(toMs) ? "" : day(toMs) + " ") + time(toMs) + " UTC";
}

function bytes(count) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = count < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(count) / 3));
  return (count / 1000 ** power).toFixed(power === 0 ? 0 : 1) + " " + units[power];
}

const runbook = (section) => section === undefined ? "" : "Runbook (docs/runbook.md): " + section;
`;
