/**
 * The limit: nothing but PutRecordBatch with the same SDK, from memory. What any delivery costs before a post has been
 * read, parsed, metered or remembered.
 */
import { readFileSync } from "node:fs";
import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { variable } from "./variable";

const NEWLINE = 0x0a;

/** Ready lines are sent again and again until so many have been sent. */
async function main(): Promise<void> {
  const posts = Number(variable("BENCH_POSTS"));
  const linesPerRecord = Number(variable("BENCH_LINES_PER_RECORD"));
  const recordsPerBatch = Number(variable("BENCH_RECORDS_PER_BATCH"));
  const records = grouped(linesIn(readFileSync(variable("BENCH_LINES_FILE"))), linesPerRecord);
  const client = new FirehoseClient({ endpoint: variable("AWS_ENDPOINT_URL_FIREHOSE"), maxAttempts: 1 });
  let next = 0;
  for (let sent = 0; sent < posts; sent += linesPerRecord * recordsPerBatch) {
    const batch = Array.from({ length: recordsPerBatch }, () => {
      const record = records[next % records.length];
      next += 1;
      return { Data: record };
    });
    const input = { DeliveryStreamName: variable("FIREHOSE_STREAM_NAME"), Records: batch };
    const { FailedPutCount } = await client.send(new PutRecordBatchCommand(input));
    if (FailedPutCount !== 0) throw new Error(`${FailedPutCount} records failed.`);
  }
}

function linesIn(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0, end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
    lines.push(bytes.subarray(start, end + 1));
    start = end + 1;
  }
  return lines;
}

function grouped(lines: readonly Buffer[], size: number): Buffer[] {
  const groups: Buffer[] = [];
  for (let at = 0; at + size <= lines.length; at += size)
    groups.push(Buffer.concat(lines.slice(at, at + size)));
  return groups;
}

void main();
