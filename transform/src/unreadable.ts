import { createHash } from "node:crypto";

/** The line's schema: schema/post-line.schema.json. */
const SCHEMA_VERSION = 1;

/**
 * A valid line that carries a broken one unharmed, byte for byte in base64. Its id comes from its content, so that
 * the duplicates of an at-least-once delivery are as easy to remove as those of posts.
 * @param arrivalMs when Firehose took the record, milliseconds since the epoch
 */
export function unreadableLine(line: Buffer, arrivalMs: number): string {
  return `${JSON.stringify({
    id: `unreadable-${createHash("sha256").update(line).digest("hex").slice(0, 32)}`,
    ingestion: {
      schema_version: SCHEMA_VERSION,
      source: "unknown",
      received_at: new Date(arrivalMs).toISOString(),
      dead_letter: {
        reason: "unreadable",
        bytes: line.length,
        omitted_fields: [],
        omitted_count: 0,
        raw_base64: line.toString("base64"),
      },
    },
  })}\n`;
}
