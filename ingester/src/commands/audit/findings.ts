/** What differs between the sides of an audit: explained, or against what is promised. Pure. */
import type { Contents } from "../../bucket/contents";
import { intersect, subtract, unite } from "../../ledger/intervals";
import type { Ledger } from "../../ledger/ledger";
import { useOfLimits } from "../../ledger/limits";
import { toUsd } from "../../ledger/prices";
import { plural, pluralIs, usd } from "../../runtime/words";
import { boughtAgain, rowFindings } from "./delivered";
import type { Finding, FindingsInput } from "./finding";
import type { Joined } from "./rows";

export function findingsOf(input: FindingsInput): readonly Finding[] {
  const { joined, contents } = input;
  const all = [
    ...joined.rows.flatMap((row) => rowFindings(row, input)),
    ...joined.queries.flatMap((query) => boughtAgain(query, joined.rows)),
    ...(contents === undefined ? [] : objectFindings(contents)),
    ...ledgerFindings(input),
    ...elsewhereFindings(joined),
  ];
  return [...all.filter(({ level }) => level === "breach"), ...all.filter(({ level }) => level === "note")];
}

function objectFindings({ bad, invalid, unreadable, foreign }: Contents): readonly Finding[] {
  const shown = bad.map(({ key, line, problem }): Finding => {
    const place = line === undefined ? key : `${key}, line ${line},`;
    const code = line === undefined ? "unreadable_object" : "invalid_line";
    return { level: "breach", code, text: `${place} ${problem}.` };
  });
  const more = invalid + unreadable - bad.length;
  const rest: Finding = {
    ...{ level: "breach", code: "more_of_these", count: more },
    text: `${plural(more, "more line or object", "more lines or objects")} like these.`,
  };
  const others: Finding = {
    ...{ level: "note", code: "foreign_line", count: foreign },
    text: `${pluralIs(foreign, "line")} JSON of something else than this ingester (no id, or no ingestion.received_at).`,
  };
  return [...shown, ...(more > 0 ? [rest] : []), ...(foreign > 0 ? [others] : [])];
}

function ledgerFindings({ ledger, terms }: FindingsInput): readonly Finding[] {
  const over = useOfLimits({ budget: ledger.budget, run: { spent: [], reservations: [], risks: [] } }, terms)
    .filter(({ spent, atRisk, allowed }) => spent + atRisk > allowed)
    .map(({ limit, unit, spent, atRisk, allowed }): Finding => {
      const say = (value: number) => (unit === "posts" ? plural(value, "post") : usd(toUsd(value)));
      return {
        ...{ level: "breach", code: "overspent" },
        text: `${say(spent)} spent and ${say(atRisk)} at risk in this billing cycle, and ${limit} allows ${say(allowed)}. Unless the limit was lowered or the budget corrected since, this must not happen.`,
      };
    });
  return [...over, ...ledger.coverage.flatMap(overlaps)];
}

function overlaps({ key, query, owned, lost, claims }: Ledger["coverage"][number]): readonly Finding[] {
  const breach = (text: string): Finding => ({
    ...{ level: "breach", code: "overlap", query },
    text: `${key}: ${text}`,
  });
  const together = unite(...owned);
  const isSame = together.length === owned.length && subtract(owned, together).length === 0;
  const fences = claims.flatMap((claim, n) =>
    claims.slice(n + 1).filter((other) => intersect([claim], [other]).length > 0),
  );
  return [
    ...(isSame ? [] : [breach("intervals that are owned overlap.")]),
    ...(intersect(owned, lost).length > 0 ? [breach("an interval is owned and lost.")] : []),
    ...(fences.length > 0 ? [breach("a hole is claimed twice.")] : []),
  ];
}

function elsewhereFindings({ elsewhere }: Joined): readonly Finding[] {
  if (elsewhere.length === 0) return [];
  const keys = elsewhere.map((key) => `"${key}"`).join(", ");
  return [
    {
      ...{ level: "note", code: "other_stream", count: elsewhere.length },
      text: `Not compared, because they are delivered to another stream than FIREHOSE_STREAM_NAME: ${keys}.`,
    },
  ];
}
