import { Token } from "cdktf";
import { boundProblems, isSound, itemProblems, type Problem, problem, repeatProblems } from "../checks/check";
import {
  DEFAULT_VPC_CIDR,
  type ExistingNetworkProps,
  type NetworkProps,
  type OwnNetworkProps,
} from "./props";
import { type Cidr, hasZoneLetter, parseCidr } from "./zone-subnets";

/** A /16 is the largest VPC; a /24 still leaves 16 subnets of the smallest size, /28. */
const VPC_PREFIX = { min: 16, max: 24 };
/** https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html#vpc-cidr-restrictions */
const NOT_FOR_VPCS = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4"];
/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html */
const MAX_SUBNETS = 16;

/** Problems that EC2 or ECS would refuse, or with which tasks could not reach the internet. */
export function networkProblems(props: NetworkProps, region: string): Problem[] {
  if (props.mode === "existing") return existingProblems(props);
  return [
    ...cidrProblems(props),
    ...zoneProblems("availabilityZones", props.availabilityZones, region),
    ...(props.mode === "public" ? [] : natProblems(props)),
    ...(props.mode === "endpoints" ? partitionProblems(region) : []),
  ];
}

/** IPv4 ranges as security group rules take them. */
export function rangeProblems(path: string, ranges: readonly string[] = []): Problem[] {
  const allowed = 'an IPv4 range without host bits, such as "10.0.0.0/16"';
  return ranges.flatMap((got, index) =>
    Token.isUnresolved(got) || parseCidr(got)?.isNetworkAddress
      ? []
      : [problem(`${path}.${index}`, { allowed, got, fix: "Clear the bits beyond the prefix." })],
  );
}

/** Only Terraform may know the list of subnets. */
function existingProblems({ vpcId, subnetIds }: ExistingNetworkProps): Problem[] {
  const vpc = boundProblems("vpcId", "vpcId", vpcId);
  if (Token.isUnresolved(subnetIds)) return vpc;
  const fix = "Name subnets of the VPC.";
  const count = subnetIds.length;
  return [
    ...vpc,
    ...(count >= 1 && count <= MAX_SUBNETS
      ? []
      : [problem("subnetIds", { allowed: `a list of 1 to ${MAX_SUBNETS} subnets`, got: count, fix })]),
    ...itemProblems("subnetId", "subnetIds", subnetIds),
    ...repeatProblems("subnetIds", subnetIds),
  ];
}

function cidrProblems({ vpcCidr = DEFAULT_VPC_CIDR }: OwnNetworkProps): Problem[] {
  if (Token.isUnresolved(vpcCidr)) return [];
  const cidr = parseCidr(vpcCidr);
  const { min, max } = VPC_PREFIX;
  if (!cidr?.isNetworkAddress || cidr.prefixLength < min || cidr.prefixLength > max) {
    const allowed = `an IPv4 range between /${min} and /${max} without host bits, such as "${DEFAULT_VPC_CIDR}"`;
    return [problem("vpcCidr", { allowed, got: vpcCidr, fix: "It is cut into 16 equal subnets." })];
  }
  if (!NOT_FOR_VPCS.some((range) => isWithin(cidr, parseCidr(range)))) return [];
  const allowed = `outside of ${NOT_FOR_VPCS.join(", ")}`;
  return [problem("vpcCidr", { allowed, got: vpcCidr, fix: "AWS makes no VPC of these addresses." })];
}

function isWithin(inner: Cidr, outer: Cidr | undefined): boolean {
  if (outer === undefined) return false;
  const size = 2 ** (32 - outer.prefixLength);
  return inner.address >= outer.address && inner.address < outer.address + size;
}

function zoneProblems(path: string, zones: readonly string[], region: string): Problem[] {
  const fix = "Subnets are keyed by the zone's letter.";
  if (zones.length === 0) return [problem(path, { allowed: "one zone or more", got: [], fix })];
  const foreign = (zone: string) =>
    !zone.startsWith(region) || !hasZoneLetter(zone) || zone.length !== region.length + 1;
  return [
    ...zones.flatMap((zone, index) =>
      isSound("region", region) && foreign(zone)
        ? [
            problem(`${path}.${index}`, {
              allowed: `a zone of ${region}, from ${region}a to ${region}h`,
              got: zone,
              fix,
            }),
          ]
        : [],
    ),
    ...repeatProblems(path, zones),
  ];
}

function natProblems(props: Extract<NetworkProps, { mode: "nat" | "endpoints" }>): Problem[] {
  const { availabilityZones, natGatewayZones } = props;
  const strangers = natGatewayZones.filter((zone) => !availabilityZones.includes(zone));
  const allowed = `one or more of availabilityZones (${availabilityZones.join(", ")})`;
  const fix = "Without a NAT gateway private tasks cannot reach X.";
  if (natGatewayZones.length > 0 && strangers.length === 0) {
    return repeatProblems("natGatewayZones", natGatewayZones);
  }
  return [problem("natGatewayZones", { allowed, got: natGatewayZones, fix })];
}

/** Endpoint services have other names there. */
function partitionProblems(region: string): Problem[] {
  if (!region.startsWith("cn-")) return [];
  const fix = "Use nat, or bring a VPC of your own.";
  return [problem("mode", { allowed: "public, nat or existing in China's regions", got: "endpoints", fix })];
}
