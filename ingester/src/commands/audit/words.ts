/** The report of an audit for people. Pure. */
import { count, plural, usd } from "../../runtime/words";
import { table } from "../terminal/table";
import type { Completeness } from "./completeness";
import type { Finding } from "./finding";
import type { AuditReport, DayAtX } from "./report";
import type { AuditRow } from "./rows";

/** @param room of tables; Infinity without a terminal */
export function describe(report: AuditReport, room: number): string {
  const { rows, findings } = report;
  return [
    `Audit of ${report.from} to ${report.to} (UTC days of X's answers), at ${report.at}, version ${report.version}`,
    bucketLine(report),
    "",
    ...(rows.length === 0
      ? ["Nothing was bought or delivered in this range, as far as is known."]
      : tablesOf(report, room)),
    "",
    ...(report.days.length === 0 ? [] : [...daysAtX(report.days, room), ""]),
    ...budgetLines(report),
    "",
    ...(report.counts === undefined ? [] : [...countLines(report.counts), ""]),
    ...listing("Explained:", findings, "note"),
    ...listing("Does not add up:", findings, "breach"),
    verdict(findings),
    "",
  ].join("\n");
}

function bucketLine({ bucket }: AuditReport): string {
  if (bucket === undefined) return "Bucket: none";
  const { name, objects, bytes, lines } = bucket;
  const size = inTenths(bytes / 1e6, "MB");
  return `Bucket: ${name}, ${plural(objects, "object")}, ${size}, ${plural(lines, "line")}`;
}

const HEAD = ["day", "billed", "delivered", "in bucket", "again", "dead", "owned"] as const;

/** A table for each query: in one table a long query would leave no room for the figures. */
function tablesOf({ rows }: AuditReport, room: number): readonly string[] {
  const names = [...new Set(rows.map(({ name }) => name))];
  const options = { room, head: HEAD, right: [1, 2, 3, 4, 5, 6], indent: "  " };
  const tables = names.flatMap((name) => [
    name,
    ...table(rows.filter((row) => row.name === name).map(cellsOf), options),
  ]);
  return [...tables, LEGEND];
}

const HOUR_MS = 3_600_000;

const LEGEND =
  "billed, delivered: by the ledger (? not recorded). in bucket: different posts. again: further lines of them. owned: hours of posts of that day.";

function cellsOf({ date, ledger, bucket, coverage }: AuditRow): readonly string[] {
  const recorded = (value: number) => (ledger.isWhole || value > 0 ? count(value) : "?");
  const dead = Object.values(bucket?.deadLetters ?? {}).reduce((sum, one) => sum + one, 0);
  const found =
    bucket === undefined ? ["-", "-", "-"] : [bucket.posts, bucket.lines - bucket.posts, dead].map(count);
  return [date, recorded(ledger.billed), recorded(ledger.lines), ...found.map(String), hours(coverage)];
}

function hours({ ownedMs, lostMs, holeMs }: AuditRow["coverage"]): string {
  const inHours = (ms: number) => inTenths(ms / HOUR_MS, "h");
  const parts = [
    inHours(ownedMs),
    ...(holeMs > 0 ? [`hole ${inHours(holeMs)}`] : []),
    ...(lostMs > 0 ? [`lost ${inHours(lostMs)}`] : []),
  ];
  return parts.join(", ");
}

/** What is there is never shown as nothing. */
function inTenths(value: number, unit: string): string {
  if (value > 0 && value < 0.05) return `< 0.1 ${unit}`;
  return `${value.toLocaleString("en-US", { maximumFractionDigits: 1 })} ${unit}`;
}

function daysAtX(days: readonly DayAtX[], room: number): readonly string[] {
  const cell = (value: number | undefined) => (value === undefined ? "?" : count(value));
  return [
    "The whole project: X's own figure (it lags), the ledger, and different posts in the bucket",
    ...table(
      days.map(({ date, x, ledger, bucket }) => [date, cell(x), cell(ledger), cell(bucket)]),
      { room, head: ["day", "X", "ledger", "bucket"], right: [1, 2, 3] },
    ),
  ];
}

function budgetLines({ budget }: AuditReport): readonly string[] {
  const { cycleStart, spentPosts, spentUsd, atRiskPosts, limits } = budget;
  const risk = atRiskPosts === 0 ? "" : `, ${plural(atRiskPosts, "post")} at risk`;
  return [
    `Spent since ${cycleStart}: ${usd(spentUsd)}, ${plural(spentPosts, "post")}${risk}`,
    ...limits.map(({ limit, allowed, used }) => {
      const say = limit.includes("USD") ? usd : count;
      return `${limit}: ${say(used)} of ${say(allowed)}`;
    }),
  ];
}

function countLines({
  days,
  reasons,
}: {
  readonly days: readonly Completeness[];
  readonly reasons: readonly string[];
}): readonly string[] {
  if (days.length === 0) return ["X's counts: no hour of this range is wholly owned."];
  return [
    "X's counts and the bucket, by the day on which posts were made; only hours that are wholly owned:",
    ...days.map(
      ({ date, query, counted, delivered, hours: compared }) =>
        `${date}  X ${count(counted)}, bucket ${count(delivered)}, ${plural(compared, "hour")}  ${query}`,
    ),
    "They differ for these reasons, although nothing is lost:",
    ...reasons.map((reason) => `- ${reason}`),
  ];
}

function listing(title: string, findings: readonly Finding[], level: Finding["level"]): readonly string[] {
  const lines = findings
    .filter((one) => one.level === level)
    .map(({ date, query, text }) => {
      const where = [date, query].filter((part) => part !== undefined).join(" ");
      return where === "" ? `- ${text}` : `- ${where}: ${text}`;
    });
  return lines.length === 0 ? [] : [title, ...lines, ""];
}

/** Findings after which an audit has compared less than it was asked to. */
const NOT_COMPARED = ["not_recorded", "no_bucket", "on_the_way"];

function verdict(findings: readonly Finding[]): string {
  const breaches = findings.filter(({ level }) => level === "breach").length;
  if (breaches > 0)
    return `${plural(breaches, "thing")} that ${breaches === 1 ? "is" : "are"} promised ${breaches === 1 ? "does" : "do"} not add up: docs/audit.md.`;
  return findings.some(({ code }) => NOT_COMPARED.includes(code))
    ? "What could be compared adds up; the notes say what could not."
    : "Everything that is promised adds up.";
}
