import type { FirehoseReport } from "../../firehose/stats";
import { formatBytes, formatCount, formatPrice, POST_PRICE_USD, plural } from "../format";
import { type Balance, faultsOf } from "./balance";
import { RULES } from "./live-x";

/** How long it is listened to before the connection is broken. */
export const LISTEN_MS = 20_000;

/** What is printed at the beginning. */
export function introOf(bucket: string, port: number): readonly string[] {
  return [
    `Filtered stream of the X API simulator -> ingester -> Firehose endpoint -> ${bucket}`,
    ...RULES.map(({ value, tag }) => `  rule ${tag.padEnd(8)} ${value}`),
    "",
    "What happens, in about two minutes:",
    "  1. The ingester writes its rules at X, connects, and delivers posts as they are written.",
    `  2. After ${LISTEN_MS / 1_000} s the connection is broken on purpose. Posts that are written meanwhile are a hole.`,
    "  3. A minute after the hole's end, when search finds every post, search fills it. The stream goes on.",
    "  4. The run ends and is checked: every post that X billed is in the bucket, once.",
    "",
    `Status page until then: http://127.0.0.1:${port}/   Ctrl-C ends earlier.`,
    "",
  ];
}

/** Everything the summary tells. */
export interface StreamResult {
  readonly balance: Balance;
  /** Posts that were written and match a rule; undefined: the run was ended before they could all arrive. */
  readonly written: number | undefined;
  /** Filled by search. */
  readonly holes: number;
  readonly openHoles: number;
  readonly delivery: FirehoseReport;
  /** Posts that the ingester's own ledger counts as spent, and as at risk. */
  readonly booked: number;
  readonly atRisk: number;
  readonly bucket: string;
}

/** The summary's lines. */
export function summarizeStream(result: StreamResult): readonly string[] {
  const { balance, written, delivery, booked, atRisk, bucket } = result;
  const faults = problemsOf(result);
  return [
    ...(written === undefined
      ? []
      : [`Written     ${plural(written, "post")} that match the rules, while this run lasted`]),
    `Streamed    ${plural(balance.streamed, "post")} that X sent while the ingester was connected`,
    ...describeSearches(result),
    `Bucket      ${bucket} holds ${plural(balance.delivered, "post")} in ${plural(delivery.objects, "object")}, ${formatBytes(delivery.objectBytes)}`,
    `Ledger      the ingester has booked all ${plural(booked, "read")} against its limits${atRisk === 0 ? "" : `, and ${plural(atRisk, "post")} as at risk: X can have sent them while the connection was closed; the next start would search for them`}`,
    `Checked     ${faults.length === 0 ? `balanced: ${describeDelivered(balance)}` : faults.join("; ")}`,
    `Price       at X's $${POST_PRICE_USD} a post these would have cost ${formatPrice(balance.billed)}`,
    "",
    "Next        docs/stream.md: rules, holes, money, and how search differs from the stream",
  ];
}

function describeDelivered({ billed, missing }: Balance): string {
  if (missing === 0) return `all ${formatCount(billed)} billed posts are in the bucket, each in one line`;
  return `${formatCount(billed - missing)} of ${formatCount(billed)} billed posts are in the bucket; the others were on their way, and are at risk`;
}

function describeSearches({ balance, holes, openHoles }: StreamResult): readonly string[] {
  const open =
    openHoles === 0
      ? []
      : [`Open        ${plural(openHoles, "hole")}: the run ended before search could fill the rest`];
  if (holes === 0) return open;
  return [
    `Searched    ${plural(balance.searched, "post")} for ${plural(holes, "hole")}, rule by rule, in ${plural(balance.searchReads, "read")}`,
    `Again       ${plural(balance.againInHoles, "post")} more than once, all of them in holes: at the edges of a hole it is not known`,
    "            what was sent, and a post can match two rules. X charges a post once per UTC day; it is delivered once",
    ...open,
  ];
}

/**
 * What does not balance, in words. Where a run was ended early, posts can have been on their way: the ledger has them as
 * at risk.
 */
export function problemsOf({ balance, written, booked, atRisk }: StreamResult): readonly string[] {
  const bought = balance.streamed + balance.searchReads;
  const unread = (written ?? balance.billed) - balance.billed;
  return [
    ...faultsOf(balance, written === undefined ? atRisk : 0),
    ...(unread > 0 ? [`${plural(unread, "post")} that match the rules were NEVER read`] : []),
    ...(booked + atRisk < bought ? [`the ledger has booked ${bought - booked} reads TOO FEW`] : []),
  ];
}
