/** The budget: who has used which part of the tightest limit, every limit with its value, and when the money ends. */
export const BUDGET_SCRIPT = `
const SHARES = [
  ["spent", "Ours", "settled, by everything that uses this ledger"],
  ["atRisk", "At risk", "answers that never arrived: X may have billed them"],
  ["reserved", "Reserved", "requests under way"],
  ["others", "Others", "other programs of the X project"],
];

function showBudget(budget, nowMs) {
  if (budget === undefined) return;
  text("spent", dollars(budget.spent.usd));
  text("spent-note", "spent on " + plural(budget.spent.posts, "post") + " since " + day(budget.cycleStartMs));
  const tightest = [...budget.limits].sort((a, b) => b.used / b.allowed - a.used / a.allowed)[0];
  byId("budget-bar").hidden = tightest === undefined;
  if (tightest !== undefined) showUse(tightest, budget);
  byId("shares").replaceChildren(...SHARES.map((share) => shareOf(share, budget)));
  byId("limits").replaceChildren(...budget.limits.map((limit) => make("li", "", describeLimit(limit, budget, nowMs))));
  byId("limits").hidden = budget.limits.length === 0;
  text("rate", describeRate(budget));
  text("cycle", "The next billing cycle starts on " + minute(budget.cycleEndMs) + ".");
}

function countsIn(name, { scope }) {
  return name !== "others" || scope === "project";
}

function showUse({ limit, unit, allowed, used }, budget) {
  byId("budget-bar").replaceChildren(...SHARES.filter(([name]) => countsIn(name, budget)).map(([name]) => {
    const share = make("span", "share " + name);
    share.style.width = Math.min(100, 100 * budget[name][unit] / allowed) + "%";
    return share;
  }));
  byId("budget-bar").setAttribute("aria-label", limit + ": " + percentOf(used, allowed) + " used");
}

function shareOf([name, label, meaning], budget) {
  const item = make("li", "", label + ": " + dollars(budget[name].usd) + ", " + plural(budget[name].posts, "post"));
  item.prepend(make("span", "swatch " + name));
  item.append(make("span", "note", name === "others" ? othersNote(budget) : meaning));
  return item;
}

function othersNote({ project, scope, limits }) {
  if (project === undefined) return "other programs of the X project: X has not been asked in this cycle";
  return "other programs of the X project, by X's figure of " + minute(project.readAtMs) + (limits.length === 0 ? "" : "; " + (scope === "project" ? "counts against the limits" : "does not count (LIMIT_SCOPE=own)"));
}

const percentOf = (used, allowed) => (allowed === 0 ? 100 : 100 * used / allowed).toFixed(1) + "\\u00a0%";

function describeLimit({ limit, unit, allowed, used, left, runsOutAtMs }, { cycleEndMs }, nowMs) {
  const say = (value) => unit === "posts" ? plural(value, "post") : dollars(value);
  const words = limit + " = " + say(allowed) + ": " + percentOf(used, allowed) + " used, " + say(left) + " left";
  if (left <= 0 || runsOutAtMs === undefined) return words + ".";
  return words + (runsOutAtMs < cycleEndMs ? ", runs out on " + minute(runsOutAtMs) + " (in " + duration((runsOutAtMs - nowMs) / 1000) + ")." : ", lasts until the next billing cycle.");
}

function describeRate({ rate, limits }) {
  if (limits.length === 0) return "No monthly limit is set: only X's own cap limits what is bought. MONTHLY_USD_LIMIT or MONTHLY_POST_LIMIT sets one.";
  if (limits.every(({ left }) => left <= 0)) return "Nothing is left.";
  if (rate === undefined) return "The time at which a limit runs out is shown after one hour.";
  return "Estimated from the last " + duration(rate.overMs / 1000) + ": " + dollars(rate.usdPerHour) + " an hour, " + numbers.format(Math.round(rate.postsPerHour)) + " posts an hour, as if it went on like that.";
}

/** Under the tightest limit. */
function showLeft(budget) {
  const limits = budget?.limits ?? [];
  const left = limits.map((limit) => limit.unit === "posts" ? plural(limit.left, "post") : dollars(limit.left));
  text("left", budget === undefined ? "–" : left.join(", ") || "No limit");
  byId("left").classList.toggle("long", left.join(", ").length > 15);
  const ends = limits.flatMap(({ runsOutAtMs }) => runsOutAtMs ?? []).filter((ms) => ms < budget.cycleEndMs);
  text("left-note", ends.length > 0 ? "runs out on " + minute(Math.min(...ends)) : limits.length === 0 ? "" : "until " + day(budget.cycleEndMs));
}
`;
