/** The report of an audit, as JSON has it. Pure. */
import type { Contents } from "../../bucket/contents";
import { totalAtRisk, totalSpent } from "../../ledger/account";
import type { Terms } from "../../ledger/limits";
import { useOfLimits } from "../../ledger/limits";
import { costInUsd, postReads, toUsd } from "../../ledger/prices";
import type { DailyUsage } from "../../x/usage";
import { type Completeness, REASONS } from "./completeness";
import type { Finding, FindingsInput } from "./finding";
import { findingsOf } from "./findings";
import type { AuditRow } from "./rows";

export type XSide = { readonly usage: DailyUsage } | { readonly problem: string };

export interface AuditReport {
  readonly event: "audit";
  /** Nothing that is promised is broken. */
  readonly ok: boolean;
  /** Of the ingester. */
  readonly version: string;
  /** ISO 8601. */
  readonly at: string;
  /** UTC days, inclusive. */
  readonly from: string;
  readonly to: string;
  readonly bucket?: {
    readonly name: string;
    readonly objects: number;
    readonly bytes: number;
    readonly lines: number;
    readonly invalid: number;
    readonly unreadable: number;
    readonly foreign: number;
  };
  readonly rows: readonly (AuditRow & { readonly usd: number })[];
  /** Of the whole project; days of which nothing is known are left out. */
  readonly days: readonly DayAtX[];
  readonly budget: {
    readonly cycleStart: string;
    readonly spentPosts: number;
    readonly spentUsd: number;
    readonly atRiskPosts: number;
    readonly limits: readonly { readonly limit: string; readonly allowed: number; readonly used: number }[];
  };
  /** With --counts. */
  readonly counts?: { readonly days: readonly Completeness[]; readonly reasons: readonly string[] };
  /** Breaches first. */
  readonly findings: readonly Finding[];
}

export interface DayAtX {
  readonly date: string;
  /** Post reads of the whole project, by X's own figure, which lags; absent where X does not say. */
  readonly x?: number;
  /** Posts of answers that the ledger knows. */
  readonly ledger: number;
  /** Different posts in the bucket: X bills a post once a day, whichever query returns it. */
  readonly bucket?: number;
}

export interface ReportInput extends FindingsInput {
  readonly version: string;
  readonly dates: readonly string[];
  /** As it was given. */
  readonly bucket: string | undefined;
  readonly x: XSide;
  readonly counts: readonly Completeness[] | undefined;
}

export function reportOf(input: ReportInput): AuditReport {
  const { ledger, joined, contents, terms, nowMs, dates, bucket, x, counts } = input;
  const days = daysAtX(input);
  const findings = [...findingsOf(input), ...aboutX(x, days), ...aboutBucket(bucket)];
  return {
    event: "audit",
    ok: findings.every(({ level }) => level !== "breach"),
    version: input.version,
    at: new Date(nowMs).toISOString(),
    ...{ from: dates[0] ?? "", to: dates.at(-1) ?? "" },
    ...(contents !== undefined && bucket !== undefined && { bucket: bucketOf(bucket, contents) }),
    rows: joined.rows.map((row) => ({
      ...row,
      usd: costInUsd({ posts: row.ledger.billed }, terms.prices),
    })),
    days,
    budget: budgetOf(ledger, terms),
    ...(counts !== undefined && { counts: { days: counts, reasons: REASONS } }),
    findings,
  };
}

function bucketOf(name: string, { objects, bytes, lines, invalid, unreadable, foreign }: Contents) {
  return { name, objects, bytes, lines, invalid, unreadable, foreign };
}

function budgetOf({ budget }: ReportInput["ledger"], terms: Terms): AuditReport["budget"] {
  const spent = totalSpent(budget);
  const uses = useOfLimits({ budget, run: { spent: [], reservations: [], risks: [] } }, terms);
  return {
    cycleStart: new Date(budget.cycle.startMs).toISOString().slice(0, 10),
    ...{ spentPosts: postReads(spent), spentUsd: costInUsd(spent, terms.prices) },
    atRiskPosts: postReads(totalAtRisk(budget)),
    limits: uses.map(({ limit, unit, allowed, spent: own, atRisk }) => {
      const scale = unit === "posts" ? (value: number) => value : toUsd;
      return { limit, allowed: scale(allowed), used: scale(own + atRisk) };
    }),
  };
}

function daysAtX({ x, dates, joined, contents }: ReportInput): readonly DayAtX[] {
  return dates.flatMap((date) => {
    const posts = "usage" in x ? x.usage.days.get(date) : undefined;
    const ofDate = joined.rows.filter((row) => row.date === date);
    if (posts === undefined && ofDate.length === 0) return [];
    return [
      {
        date,
        ...(posts !== undefined && { x: posts }),
        ledger: ofDate.reduce((sum, { ledger }) => sum + ledger.billed, 0),
        ...(contents !== undefined && { bucket: joined.postsByDate.get(date) ?? 0 }),
      },
    ];
  });
}

/** X's figure is the whole project's, and lags: neither more nor less is against a promise. */
function aboutX(x: XSide, days: readonly DayAtX[]): readonly Finding[] {
  if ("problem" in x) return [{ level: "note", code: "x_unknown", text: x.problem }];
  const known = days.filter((day): day is DayAtX & { x: number } => day.x !== undefined);
  const more = known.filter((day) => day.x > day.ledger);
  const less = known.filter((day) => day.x < day.ledger);
  const note = (code: string, text: string): Finding => ({ level: "note", code, text });
  return [
    ...(known.length === 0 ? [note("x_unknown", "X named no day of this range.")] : []),
    ...(more.length > 0
      ? [
          note(
            "x_more",
            `X counts more than the ledger on ${listed(more)}: other programs of the project, included posts, or answers that never arrived (at risk).`,
          ),
        ]
      : []),
    ...(less.length > 0
      ? [
          note(
            "x_less",
            `X counts less than the ledger on ${listed(less)}: its figure lags, and it bills a post that several queries return once a day.`,
          ),
        ]
      : []),
  ];
}

function listed(days: readonly DayAtX[]): string {
  return days.map(({ date }) => date).join(", ");
}

function aboutBucket(bucket: string | undefined): readonly Finding[] {
  if (bucket !== undefined) return [];
  const text = "No bucket was read: --bucket s3://BUCKET compares the ledger with what was delivered.";
  return [{ level: "note", code: "no_bucket", text }];
}
