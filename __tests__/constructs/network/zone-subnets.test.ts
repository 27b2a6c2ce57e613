import fc from "fast-check";
import { parseCidr, zoneSubnets } from "../../../stacks/constructs/network/zone-subnets";

const vpcs = fc
  .record({
    prefixLength: fc.integer({ min: 16, max: 24 }),
    address: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  })
  .map(({ prefixLength, address }) => {
    const start = address - (address % 2 ** (32 - prefixLength));
    const octets = [24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256);
    return `${octets.join(".")}/${prefixLength}`;
  });

const range = (cidr: string) => {
  const { address = 0, prefixLength = 0 } = parseCidr(cidr) ?? {};
  return { from: address, to: address + 2 ** (32 - prefixLength) };
};

describe("subnets by zone", () => {
  it("lie in the VPC and apart from each other", () => {
    fc.assert(
      fc.property(vpcs, (vpcCidr) => {
        const vpc = range(vpcCidr);
        const subnets = [..."abcdefgh"]
          .flatMap((letter) => Object.values(zoneSubnets(vpcCidr, `eu-west-1${letter}`)))
          .map(range)
          .sort((left, right) => left.from - right.from);
        expect(subnets[0]?.from).toBe(vpc.from);
        expect(subnets.at(-1)?.to).toBe(vpc.to);
        for (const [index, subnet] of subnets.entries()) {
          expect(subnets[index + 1]?.from ?? vpc.to).toBe(subnet.to);
        }
      }),
    );
  });

  it("depend on the zone's letter only", () => {
    expect(zoneSubnets("10.0.0.0/16", "us-east-1c")).toEqual({
      publicCidr: "10.0.32.0/20",
      privateCidr: "10.0.160.0/20",
    });
  });
});

describe("CIDR notation", () => {
  it.each(["10.0.0.0", "10.0.0/16", "10.0.0.0/33", "256.0.0.0/8", "ten"])("refuses %s", (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });

  it("sees host bits", () => {
    expect(parseCidr("10.0.0.1/16")).toMatchObject({ isNetworkAddress: false });
  });
});
