/**
 * Address ranges keyed by availability zone, never by position in a list: adding or removing a zone leaves the
 * others' subnets as they are.
 */
export interface ZoneSubnets {
  readonly publicCidr: string;
  readonly privateCidr: string;
}

/** A VPC is cut into 16 equal subnets: 8 public and 8 private, one of each for the zones a to h. */
const SUBNET_BITS = 4;
const ZONE_LETTERS = "abcdefgh";

/** Zones without repetition: the checks report a repeated zone, and a construct's id must be unique. */
export function eachOnce(zones: readonly string[]): string[] {
  return [...new Set(zones)];
}

/** Whether the VPC has ranges for subnets of this zone. */
export function hasZoneLetter(availabilityZone: string): boolean {
  return ZONE_LETTERS.includes(availabilityZone.slice(-1));
}

/** Ranges of one zone's subnets: `us-east-1c` has the third public and the third private one. */
export function zoneSubnets(vpcCidr: string, availabilityZone: string): ZoneSubnets {
  const index = ZONE_LETTERS.indexOf(availabilityZone.slice(-1));
  return {
    publicCidr: subnetCidr(vpcCidr, index),
    privateCidr: subnetCidr(vpcCidr, index + ZONE_LETTERS.length),
  };
}

/** The `index`-th of the 16 subnets, in CIDR notation. */
function subnetCidr(vpcCidr: string, index: number): string {
  const { address = 0, prefixLength = 0 } = parseCidr(vpcCidr) ?? {};
  const subnetLength = prefixLength + SUBNET_BITS;
  const start = address + index * 2 ** (32 - subnetLength);
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256);
  return `${octets.join(".")}/${subnetLength}`;
}

export interface Cidr {
  /** The first 32 bits, as a number. */
  readonly address: number;
  readonly prefixLength: number;
  /** Whether no bit beyond the prefix is set, as AWS requires. */
  readonly isNetworkAddress: boolean;
}

/** Reads IPv4 CIDR notation; undefined when it is none. */
export function parseCidr(text: string): Cidr | undefined {
  const numbers = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(text)?.slice(1).map(Number);
  if (!numbers) return undefined;
  const prefixLength = numbers.pop() ?? 0;
  if (prefixLength > 32 || numbers.some((octet) => octet > 255)) return undefined;
  const address = numbers.reduce((sum, octet) => sum * 256 + octet, 0);
  return { address, prefixLength, isNetworkAddress: address % 2 ** (32 - prefixLength) === 0 };
}
