import type { FirehoseReport } from "../firehose/stats";
import { formatBytes, formatCount, formatPrice, POST_PRICE_USD, plural } from "./format";
import type { Verdict } from "./verify";

/** Everything that the summary says. */
export interface RunResult {
  readonly source: string;
  readonly live: boolean;
  /** False when the ingester was stopped or failed before it had caught up. */
  readonly finished: boolean;
  readonly read: number;
  readonly requests: number;
  /** What the endpoint took and delivered in this run. */
  readonly delivery: FirehoseReport;
  readonly verdict: Verdict;
  readonly bucket: string;
  readonly nextCommand: string;
}

/** The summary's lines. */
export function summarize(result: RunResult): readonly string[] {
  const { delivery, verdict, live } = result;
  const bytes = `${formatBytes(delivery.objectBytes)} (${formatBytes(delivery.deliveredBytes)} before GZIP)`;
  const price = live ? "These reads cost" : "These reads would have cost";
  return [
    `Read        ${plural(result.read, "post")} from ${result.source} in ${plural(result.requests, "request")}`,
    delivery.objects === 0
      ? "Delivered   nothing"
      : `Delivered   ${plural(delivery.lines, "post")} in ${plural(delivery.objects, "object")}, ${bytes}`,
    `Bucket      ${result.bucket} holds ${plural(verdict.deliveredPosts, "post")}`,
    `Checked     ${describeVerdict(result)}`,
    `Price       ${price} ${formatPrice(result.read)} at X's $${POST_PRICE_USD} a post`,
    "",
    `Next        ${result.nextCommand}`,
  ];
}

function describeVerdict(result: RunResult): string {
  return [describeReads(result), ...findings(result)].join(", ");
}

function describeReads({ read, verdict, finished }: RunResult): string {
  if (verdict.missing > 0) {
    return `${plural(verdict.missing, "post")} read but NOT delivered${finished ? "" : " yet"}`;
  }
  return read === 0 ? "nothing was read" : `all ${formatCount(read)} posts read are in the bucket`;
}

function findings({ verdict, finished }: RunResult): readonly string[] {
  const { notDelivered, unreadableLines, boughtTwice, duplicateLines } = verdict;
  return [
    notDelivered > 0
      ? `${plural(notDelivered, "post")} ${finished ? "MISSING" : "still to read"}`
      : undefined,
    unreadableLines > 0 ? `${plural(unreadableLines, "line")} that CANNOT BE READ` : undefined,
    boughtTwice > 0 ? `${plural(boughtTwice, "post")} read twice` : "none read twice",
    duplicateLines > 0 ? plural(duplicateLines, "duplicate line") : undefined,
  ].filter((finding) => finding !== undefined);
}
