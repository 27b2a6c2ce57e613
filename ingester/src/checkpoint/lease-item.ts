/** The item of a checkpoint: who holds it, and the position. */
import { ConfigError } from "../errors";
import type { Position } from "../window";
import type { Item } from "./item-table";
import { positionFrom } from "./position-json";

/**
 * Attributes, as stored: `fence` (N), `owner_id` (S, absent when released), `holder` (S, for people),
 * `lease_seconds` (N), `renewals` (N), `position` (S, JSON, absent before the first save), `updated_at` (S, ISO 8601).
 */
export interface LeaseItem {
  /** Grows with every ingester that takes the checkpoint; 0 while there is no item. */
  readonly fence: number;
  /** Unique to one start of one ingester; undefined when released. */
  readonly ownerId: string | undefined;
  readonly holder: string;
  /** What the holder promises: it writes more often than that. Undefined when released. */
  readonly leaseSeconds: number | undefined;
  /** Changes with every write of the holder. */
  readonly renewals: number;
  readonly position: Position | undefined;
  readonly updatedAt: string | undefined;
}

/** @throws ConfigError when the stored position cannot be understood: starting over would buy every post again */
export function leaseItemFrom(item: Item | undefined, pk: string): LeaseItem {
  return {
    fence: Number(item?.fence?.N ?? 0),
    ownerId: item?.owner_id?.S,
    holder: item?.holder?.S ?? "unknown",
    leaseSeconds: item?.lease_seconds?.N === undefined ? undefined : Number(item.lease_seconds.N),
    renewals: Number(item?.renewals?.N ?? 0),
    position: positionOf(item?.position?.S, pk),
    updatedAt: item?.updated_at?.S,
  };
}

function positionOf(text: string | undefined, pk: string): Position | undefined {
  if (text === undefined) return undefined;
  const position = positionFrom(parseJson(text));
  if (position !== undefined) return position;
  throw new ConfigError([
    `The item ${pk} of CHECKPOINT_TABLE holds no position that can be read. ` +
      "Restore it from a backup, or set another CHECKPOINT_KEY. " +
      "Deleting it starts over from SEARCH_START, which buys again every post that X still returns.",
  ]);
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
