/**
 * The items of `CHECKPOINT_TABLE`, by its partition key `pk`:
 *
 * - `checkpoint#<CHECKPOINT_KEY>`: the position and the lease of its ingester
 * - `meter#<CHECKPOINT_KEY>`: the money meter
 */
import { createHash } from "node:crypto";

export type ItemKind = "checkpoint" | "meter";

/** A partition key may have 2,048 bytes (docs.aws.amazon.com, "Constraints in Amazon DynamoDB"); a query can be longer. */
export const MAX_KEY_BYTES = 1_024;
const READABLE_PREFIX = 200;

/** The `pk` of an item. Keys that are too long keep their beginning and are told apart by their SHA-256. */
export function itemKey(kind: ItemKind, key: string): string {
  const readable = `${kind}#${key}`;
  if (Buffer.byteLength(readable) <= MAX_KEY_BYTES) return readable;
  const digest = createHash("sha256").update(key).digest("hex");
  return `${[...readable].slice(0, READABLE_PREFIX).join("")}#sha256:${digest}`;
}
