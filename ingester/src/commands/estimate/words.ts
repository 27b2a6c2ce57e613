/** An estimate in words and bars. Pure. */

import { duration, plural, usd } from "../../runtime/words";
import { barChart } from "../terminal/draw";
import { amountCells, table } from "../terminal/table";
import type { Amount, Estimate, Lasting } from "./figures";

const HOUR_MS = 3_600_000;

/** @param columns of the chart @param room of tables; Infinity: every row is one line */
export function describe(estimate: Estimate, columns: number, room = columns): string {
  return [
    `Query: ${estimate.query}`,
    `${plural(estimate.posts, "post")} in the last ${plural(estimate.hours, "hour")}. At that rate:`,
    ...amountLines({ hour: estimate.perHour, day: estimate.perDay, month: estimate.perMonth }, room),
    "",
    ...chart(estimate, columns),
    ...variantLines(estimate, room),
  ].join("\n");
}

function amountLines(amounts: Readonly<Record<string, Amount>>, room: number): readonly string[] {
  const rows = Object.entries(amounts).map(([name, amount]) => [`per ${name}`, ...amountCells(amount)]);
  return table(rows, { room, right: [1, 2], indent: "  " });
}

/** Distinguishable without colour. */
const WHOLE = "█";
const PART = "▒";

function chart({ days }: Estimate, columns: number): readonly string[] {
  const rows = days.map(({ date, posts, hours }) => ({
    label: date,
    value: posts,
    mark: hours < 24 ? PART : WHOLE,
  }));
  const legend = rows.some(({ mark }) => mark === PART) ? `, ${PART} part of a day` : "";
  return [`Posts per day (UTC)${legend}:`, barChart(rows, columns), ""];
}

function variantLines({ perMonth, variants }: Estimate, room: number): readonly string[] {
  if (variants.length === 0) return [];
  const rows = [{ term: "as it is", perMonth, percent: 100 }, ...variants];
  return [
    "Side by side, per month:",
    ...table(
      rows.map((row) => [row.term, ...amountCells(row.perMonth), `${Math.round(row.percent)} %`]),
      { room, right: [1, 2, 3], indent: "  " },
    ),
    "",
  ];
}

/** All queries together; only where there are several. */
export function describeTotal(estimates: readonly Estimate[], room = Number.POSITIVE_INFINITY): string {
  if (estimates.length < 2) return "";
  const sum = (of: (estimate: Estimate) => Amount): Amount => ({
    posts: estimates.reduce((total, estimate) => total + of(estimate).posts, 0),
    usd: estimates.reduce((total, estimate) => total + of(estimate).usd, 0),
  });
  return [
    `${estimates.length} queries together:`,
    ...amountLines({ day: sum(({ perDay }) => perDay), month: sum(({ perMonth }) => perMonth) }, room),
    "",
    "",
  ].join("\n");
}

export function describeLasting(lasting: readonly Lasting[]): string {
  if (lasting.length === 0) {
    return "No limit is set: MONTHLY_USD_LIMIT or MONTHLY_POST_LIMIT caps a collection.\n";
  }
  return lasting
    .map(({ limit, unit, allowed, left, wholeHours, leftHours }) => {
      const say = (value: number) => (unit === "usd" ? usd(value) : plural(value, "post"));
      if (wholeHours === undefined || leftHours === undefined)
        return `${limit} is not touched at this rate.\n`;
      const rest =
        left < allowed ? `; what is left of it, ${say(left)}, lasts ${duration(leftHours * HOUR_MS)}` : "";
      return `${limit} of ${say(allowed)} lasts ${duration(wholeHours * HOUR_MS)} at this rate${rest}.\n`;
    })
    .join("");
}

export function describeCost(estimates: readonly Estimate[]): string {
  const cost = estimates.reduce((sum, { requestUsd }) => sum + requestUsd, 0);
  const isMetered = estimates.every(({ metered }) => metered);
  const note = isMetered ? "" : " It is in no budget: set CHECKPOINT_FILE or CHECKPOINT_TABLE to count it.";
  return `This estimate cost ${usd(cost)}.${note}\n`;
}
