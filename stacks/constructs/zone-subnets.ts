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
  const [address = "", prefixLength = ""] = vpcCidr.split("/");
  const subnetLength = Number(prefixLength) + SUBNET_BITS;
  const base = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const start = base + index * 2 ** (32 - subnetLength);
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256);
  return `${octets.join(".")}/${subnetLength}`;
}
