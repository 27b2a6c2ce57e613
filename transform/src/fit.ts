import type { TransformedRecord } from "./firehose-event";

const FRAME_BYTES = Buffer.byteLength('{"records":[]}');

/**
 * Chooses one answer for each record so that the response fits. Every record starts with its smallest answer; then,
 * level by level, records take better ones while there is room: all are delivered somehow before any is delivered
 * formatted.
 * @param choices for each record its answers, best first, smallest last
 * @param maxBytes of the response as JSON
 * @returns for each record the index of its answer
 */
export function fit(choices: readonly (readonly TransformedRecord[])[], maxBytes: number): number[] {
  const sizes = choices.map((answers) => answers.map(sizeOf));
  const chosen = sizes.map(({ length }) => length - 1);
  const levels = Math.max(0, ...sizes.map(({ length }) => length));
  let bytes = FRAME_BYTES + sizes.reduce((sum, ofRecord) => sum + sizeAt(ofRecord, ofRecord.length - 1), 0);
  for (let level = 2; level <= levels; level += 1) {
    for (const [record, ofRecord] of sizes.entries()) {
      const better = ofRecord.length - level;
      const growth = sizeAt(ofRecord, better) - sizeAt(ofRecord, chosen[record]);
      if (better < 0 || bytes + growth > maxBytes) continue;
      chosen[record] = better;
      bytes += growth;
    }
  }
  return chosen;
}

function sizeAt(sizes: readonly number[], index = 0): number {
  return sizes[index] ?? 0;
}

const COMMA_BYTES = 1;

/** Base64 needs no escapes, so its length is enough: megabytes need not be turned into JSON to be measured. */
function sizeOf(answer: TransformedRecord): number {
  const dataBytes = "data" in answer ? answer.data.length : 0;
  const frame = JSON.stringify("data" in answer ? { ...answer, data: "" } : answer);
  return Buffer.byteLength(frame) + dataBytes + COMMA_BYTES;
}
