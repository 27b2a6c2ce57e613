import { type Problem, problem } from "../checks/check";
import { DEFAULT_VPC_CIDR, type NetworkProps, type OwnNetworkProps } from "./props";
import { hasZoneLetter, parseCidr } from "./zone-subnets";

/** A /16 is the largest VPC; a /24 still leaves 16 subnets of the smallest size, /28. */
const VPC_PREFIX = { min: 16, max: 24 };

/** What EC2 would refuse, or leave without a way out. */
export function networkProblems(props: NetworkProps, region: string): Problem[] {
  if (props.mode === "existing") {
    return props.subnetIds.length > 0
      ? []
      : [problem("subnetIds", { allowed: "one subnet or more", got: [], fix: "Name a subnet of the VPC." })];
  }
  return [
    ...cidrProblems(props),
    ...zoneProblems("availabilityZones", props.availabilityZones, region),
    ...(props.mode === "public" ? [] : natProblems(props)),
    ...(props.mode === "endpoints" ? partitionProblems(region) : []),
  ];
}

function cidrProblems({ vpcCidr = DEFAULT_VPC_CIDR }: OwnNetworkProps): Problem[] {
  const cidr = parseCidr(vpcCidr);
  const { min, max } = VPC_PREFIX;
  if (cidr && cidr.prefixLength >= min && cidr.prefixLength <= max && cidr.isNetworkAddress) return [];
  const allowed = `an IPv4 range between /${min} and /${max} without host bits, such as "${DEFAULT_VPC_CIDR}"`;
  return [problem("vpcCidr", { allowed, got: vpcCidr, fix: "It is cut into 16 equal subnets." })];
}

function zoneProblems(path: string, zones: readonly string[], region: string): Problem[] {
  const fix = "Subnets are keyed by the zone's letter.";
  return zones.flatMap((zone, index) => {
    if (!zone.startsWith(region) || !hasZoneLetter(zone) || zone.length !== region.length + 1) {
      return [
        problem(`${path}.${index}`, {
          allowed: `a zone of ${region}, from ${region}a to ${region}h`,
          got: zone,
          fix,
        }),
      ];
    }
    return zones.indexOf(zone) === index
      ? []
      : [problem(`${path}.${index}`, { allowed: "named once", got: zone, fix })];
  });
}

function natProblems(props: Extract<NetworkProps, { mode: "nat" | "endpoints" }>): Problem[] {
  const { availabilityZones, natGatewayZones } = props;
  const strangers = natGatewayZones.filter((zone) => !availabilityZones.includes(zone));
  const allowed = `one or more of availabilityZones (${availabilityZones.join(", ")})`;
  const fix = "Without a NAT gateway private tasks cannot reach X.";
  if (natGatewayZones.length > 0 && strangers.length === 0) return [];
  return [problem("natGatewayZones", { allowed, got: natGatewayZones, fix })];
}

/** Endpoint services have other names there. */
function partitionProblems(region: string): Problem[] {
  if (!region.startsWith("cn-")) return [];
  const fix = "Use nat, or bring a VPC of your own.";
  return [problem("mode", { allowed: "public, nat or existing in China's regions", got: "endpoints", fix })];
}
