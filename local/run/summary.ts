import type { FirehoseReport } from "../firehose/stats";
import { formatBytes, formatCount, formatPrice, POST_PRICE_USD, plural } from "./format";
import type { Verdict } from "./verify";

/** Everything the summary tells. */
export interface RunResult {
  readonly source: string;
  readonly live: boolean;
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

function describeVerdict({ read, verdict }: RunResult): string {
  const findings = [
    verdict.missing > 0 ? `${plural(verdict.missing, "post")} read but NOT delivered` : undefined,
    verdict.notDelivered > 0
      ? `${plural(verdict.notDelivered, "post")} of the source NOT delivered`
      : undefined,
    verdict.unreadableLines > 0
      ? `${plural(verdict.unreadableLines, "line")} that cannot be read`
      : undefined,
    verdict.boughtTwice > 0 ? `${plural(verdict.boughtTwice, "post")} read twice` : undefined,
    verdict.duplicateLines > 0 ? `${plural(verdict.duplicateLines, "duplicate line")}` : undefined,
  ].filter((finding) => finding !== undefined);
  if (findings.length > 0) return findings.join(", ");
  if (read === 0) return "nothing new to read; nothing was read twice";
  return `all ${formatCount(read)} posts read are in the bucket, each once`;
}
