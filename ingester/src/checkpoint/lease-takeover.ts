/**
 * Taking a lease that somebody may hold.
 *
 * Clocks of different hosts are never compared. The taker watches the item: a living holder changes it at least every
 * renewal interval, and then holds it; an item that stays the same for the whole lease it states has lost its holder,
 * and is taken on the condition that it is still the same. (The same idea as AWS's DynamoDB lock client.)
 */
import { CheckpointHeldError } from "../errors";
import type { Clock } from "../ports";
import { isConditionFailed } from "./dynamodb-errors";
import type { ItemTable, Update } from "./item-table";
import { type LeaseItem, leaseItemFrom } from "./lease-item";
import { StoppedError } from "./stopped";

export interface LeaseTaker {
  readonly table: ItemTable;
  readonly pk: string;
  readonly ownerId: string;
  /** Who takes, in words for people. */
  readonly holder: string;
  readonly leaseMs: number;
  /** How often a held item is looked at. */
  readonly pollMs: number;
  readonly clock: Clock;
}

/**
 * Returns the item as it is now ours.
 * @throws CheckpointHeldError when its holder lives, or another taker was faster; StoppedError
 */
export async function takeLease(taker: LeaseTaker, signal: AbortSignal): Promise<LeaseItem> {
  let item = await taker.table.firstContact(() => read(taker));
  while (!(await claim(taker, await untilFree(taker, item, signal), signal))) {
    item = await taker.table.persist(() => read(taker), signal);
    // An answer that got lost can hide that the claim succeeded.
    if (item.ownerId === taker.ownerId) return item;
    if (item.ownerId !== undefined) throw held(taker, item);
  }
  return taker.table.persist(() => read(taker), signal);
}

export async function read({ table, pk }: Pick<LeaseTaker, "table" | "pk">): Promise<LeaseItem> {
  return leaseItemFrom(await table.get(pk), pk);
}

/** Resolves with the item once it has no holder, or one that has let its lease lapse. */
async function untilFree(taker: LeaseTaker, seen: LeaseItem, signal: AbortSignal): Promise<LeaseItem> {
  const lapsesAt = performance.now() + (seen.leaseSeconds ?? taker.leaseMs / 1000) * 1000;
  let item = seen;
  while (item.ownerId !== undefined && performance.now() < lapsesAt) {
    await taker.clock.sleep(taker.pollMs, signal);
    if (signal.aborted) throw new StoppedError(`Stopped while waiting for the checkpoint ${taker.pk}.`);
    item = await taker.table.persist(() => read(taker), signal);
    if (item.ownerId !== undefined && !isSame(item, seen)) throw held(taker, item);
  }
  return item;
}

function isSame(a: LeaseItem, b: LeaseItem): boolean {
  return a.ownerId === b.ownerId && a.fence === b.fence && a.renewals === b.renewals;
}

/** @returns false when the item is no longer as it was seen */
async function claim(taker: LeaseTaker, seen: LeaseItem, signal: AbortSignal): Promise<boolean> {
  try {
    await taker.table.persist(() => taker.table.update(taker.pk, claimOf(taker, seen)), signal);
    return true;
  } catch (error) {
    if (isConditionFailed(error)) return false;
    throw error;
  }
}

function claimOf(taker: LeaseTaker, seen: LeaseItem): Update {
  return {
    set:
      "SET fence = :fence, owner_id = :owner, holder = :holder, lease_seconds = :lease, " +
      "renewals = :none, updated_at = :now",
    condition: conditionFor(seen),
    values: {
      ":fence": { N: String(seen.fence + 1) },
      ":owner": { S: taker.ownerId },
      ":holder": { S: taker.holder },
      ":lease": { N: String(taker.leaseMs / 1000) },
      ":none": { N: "0" },
      ":now": { S: new Date(taker.clock.now()).toISOString() },
      ...valuesFor(seen),
    },
  };
}

function conditionFor(seen: LeaseItem): string {
  if (seen.fence === 0) return "attribute_not_exists(fence)";
  if (seen.ownerId === undefined) return "attribute_not_exists(owner_id) AND fence = :seenFence";
  return "owner_id = :seenOwner AND fence = :seenFence AND renewals = :seenRenewals";
}

function valuesFor(seen: LeaseItem): Update["values"] {
  if (seen.fence === 0) return {};
  const fence = { ":seenFence": { N: String(seen.fence) } };
  if (seen.ownerId === undefined) return fence;
  return { ...fence, ":seenOwner": { S: seen.ownerId }, ":seenRenewals": { N: String(seen.renewals) } };
}

function held(taker: LeaseTaker, item: LeaseItem): CheckpointHeldError {
  return new CheckpointHeldError(
    `Another ingester holds this checkpoint: ${item.holder} (item ${taker.pk} of table ${taker.table.name}). ` +
      "A checkpoint feeds one ingester at a time, so that no post is bought twice. " +
      "Stop that one, or give this one a CHECKPOINT_KEY of its own.",
  );
}
