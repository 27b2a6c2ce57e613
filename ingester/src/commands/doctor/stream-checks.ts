/** Checks of doctor in stream mode: what `run` would change at X, who is connected, and what search could fill. */
import type { StreamSourceConfig } from "../../config/source";
import type { Worker } from "../../ledger/ledger";
import { describeWorker } from "../../loop/claim";
import { count, plural, usd } from "../../runtime/words";
import type { XClient } from "../../x/client";
import { RECENT_QUERY_MAX_CHARACTERS } from "../../x/query";
import { listConnections, type StreamConnection } from "../../x/stream/connections";
import type { RuleDiff } from "../../x/stream/rules/rule-diff";
import { unsearchable } from "../../x/stream/rules/rule-source";
import { planRules } from "../../x/stream/rules/rule-sync";
import { ownedTagOf, ownerOfKey, type StreamRule } from "../../x/stream/rules/rules";
import { countMetered } from "../metered-counts";
import type { Attempt, CheckResult } from "./result";

export interface StreamCheckParts {
  readonly client: XClient;
  readonly metering: Parameters<typeof countMetered>[2];
  /** Alive in the ledger. */
  readonly workers: readonly Worker[];
  readonly attempt: Attempt;
}

/** Rules and connections are free; of the rules that search can be asked for, one is counted, and its price is booked. */
export async function* streamChecks(
  source: StreamSourceConfig,
  { client, metering, workers, attempt }: StreamCheckParts,
): AsyncGenerator<CheckResult> {
  const { rules, key } = source;
  yield await attempt("rules", async () =>
    describeDiff(await planRules(client, { rules, owner: ownerOfKey(key) })),
  );
  yield await attempt("connection", async () => describeConnections(await listConnections(client), workers));
  yield await attempt("fill", () => checkFill(source, { client, metering }));
}

const MAX_NAMED = 5;

export function describeDiff({ added, removed, kept, foreign }: RuleDiff): string {
  const names = (rules: readonly { readonly tag: string | undefined }[]) => {
    const shown = rules.slice(0, MAX_NAMED).map(({ tag }) => tag ?? "(no tag)");
    return [...shown, ...(rules.length > MAX_NAMED ? [`${count(rules.length - MAX_NAMED)} more`] : [])].join(
      ", ",
    );
  };
  const changes = [
    ...(added.length > 0 ? [`run would add ${plural(added.length, "rule")}: ${names(added)}`] : []),
    ...(removed.length > 0
      ? [
          `run would remove ${plural(removed.length, "rule")}: ${names(removed.map(({ tag }) => ({ tag: ownedTagOf(tag)?.tag ?? tag })))}`,
        ]
      : []),
  ];
  const others = `the app has ${plural(foreign.length, "rule")} of others: their posts come, and are billed, too (ingester rules list)`;
  return [
    `X accepts them; ${count(kept.length)} in force${changes.length === 0 ? ", nothing to change" : ""}`,
    ...changes,
    ...(foreign.length > 0 ? [others] : []),
  ].join("\n");
}

export function describeConnections(
  connections: readonly StreamConnection[],
  workers: readonly Worker[],
): string {
  const [first] = connections;
  if (first === undefined) return "no connection of this app is open: run can connect";
  const since =
    first.connectedAtMs === undefined ? "" : ` since ${new Date(first.connectedAtMs).toISOString()}`;
  const from = first.clientIp === undefined ? "" : `, from ${first.clientIp}`;
  const open = `${plural(connections.length, "connection")} of this app open${since}${from}`;
  const [worker] = workers;
  if (worker !== undefined)
    return `${open}, probably of ${describeWorker(worker)}; a second run on this ledger ends with exit code 4`;
  return `${open}. No worker of this ledger is alive: run would end it once, because X allows one. Where another program uses the connection, give each an app of its own.`;
}

/** @throws SourceError where X grants no search */
async function checkFill(
  { rules, fill }: StreamSourceConfig,
  { client, metering }: Pick<StreamCheckParts, "client" | "metering">,
): Promise<string> {
  if (!fill) return "STREAM_FILL=false: holes stay in the ledger for 7 days, and are not filled";
  const skipped = rules.filter(({ value }) => unsearchable(value) !== undefined);
  const long = rules.filter((rule) => !skipped.includes(rule) && isLong(rule));
  const [rule] = rules.filter((one) => !skipped.includes(one) && !isLong(one));
  const notes = [
    ...(skipped.length > 0
      ? [
          `${plural(skipped.length, "rule")} with sample: or bio: cannot be searched for: holes stay without their posts`,
        ]
      : []),
    ...(long.length > 0
      ? [
          `${plural(long.length, "rule")} of more than ${RECENT_QUERY_MAX_CHARACTERS} characters need full-archive search; where X does not grant it, they are skipped`,
        ]
      : []),
  ];
  if (rule === undefined) return ["no rule can be searched for by recent search", ...notes].join("\n");
  const buckets = await countMetered(client, { query: rule.value, scope: "recent" }, metering);
  const posts = buckets.reduce((sum, bucket) => sum + bucket.posts, 0);
  const price = usd(metering.terms.prices.recentCounts);
  const found = `X grants search: ${plural(posts, "post")} of ${rule.tag} in the last 7 days (this check cost ${price})`;
  return [found, ...notes].join("\n");
}

function isLong({ value }: StreamRule): boolean {
  return [...value].length > RECENT_QUERY_MAX_CHARACTERS;
}
