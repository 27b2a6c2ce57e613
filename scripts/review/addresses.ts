import type { Move, TerraformJson } from "./terraform-json";

/** Every address a stack ever had, by stack. State files out there know all of them. */
export type PinnedAddresses = Readonly<Record<string, readonly string[]>>;

/** Addresses of a stack's resources, `type.logical_id`, sorted. */
export function addressesOf(stack: TerraformJson): string[] {
  const types = Object.entries(stack.resource ?? {});
  return types.flatMap(([type, byId]) => Object.keys(byId).map((id) => `${type}.${id}`)).sort();
}

/**
 * Pinned addresses that a state file may hold and that the stacks have lost: Terraform would destroy what is there.
 * An address may go only where `moved` entries lead to one that exists.
 */
export function lostAddresses(
  pinned: PinnedAddresses,
  stacks: ReadonlyMap<string, TerraformJson>,
): Array<{ stack: string; address: string }> {
  return Object.entries(pinned).flatMap(([stack, addresses]) => {
    const found = stacks.get(stack) ?? {};
    const existing = new Set(addressesOf(found));
    const lost = addresses.filter((address) => !existing.has(followed(address, found.moved ?? [])));
    return lost.map((address) => ({ stack, address }));
  });
}

/** Where the chain of moves that starts at an address ends; a circle ends where it closes. */
function followed(address: string, moves: readonly Move[]): string {
  const passed = new Set<string>();
  let current = address;
  for (;;) {
    const next = moves.find(({ from }) => from === current);
    if (!next || passed.has(current)) return current;
    passed.add(current);
    current = next.to;
  }
}

/** The pins with every new address added. None is dropped: that takes a person. */
export function pinnedWith(
  pinned: PinnedAddresses,
  stacks: ReadonlyMap<string, TerraformJson>,
): PinnedAddresses {
  const names = [...new Set([...Object.keys(pinned), ...stacks.keys()])].sort();
  return Object.fromEntries(
    names.map((name) => {
      const all = new Set([...(pinned[name] ?? []), ...addressesOf(stacks.get(name) ?? {})]);
      return [name, [...all].sort()];
    }),
  );
}
