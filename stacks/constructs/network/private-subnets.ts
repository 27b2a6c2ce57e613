import { Eip } from "@cdktf/provider-aws/lib/eip";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { nameTag } from "../aws/tags";
import type { NatNetworkProps } from "./props";
import { type OwnVpc, publicSubnet } from "./vpc";
import { eachOnce, zoneSubnets } from "./zone-subnets";

export interface PrivateSubnets {
  readonly subnetIds: string[];
  readonly routeTableIds: string[];
  /** Routes through NAT, and their associations with subnets. */
  readonly waysOut: ITerraformDependable[];
}

type Zones = Pick<NatNetworkProps, "availabilityZones" | "natGatewayZones">;

/** A private subnet with its own route table in every zone, routed through the zone's NAT gateway, or the first one. */
export function privateSubnets(scope: Construct, vpc: OwnVpc, zones: Zones): PrivateSubnets {
  const gateways = new Map(
    eachOnce(zones.natGatewayZones).map((zone) => [zone, natGateway(scope, vpc, zone)]),
  );
  const [first] = gateways.values();
  const parts = eachOnce(zones.availabilityZones).map((zone) =>
    privateSubnet(scope, { vpc, zone, gateway: gateways.get(zone) ?? first }),
  );
  return {
    subnetIds: parts.map(({ subnetId }) => subnetId),
    routeTableIds: parts.map(({ routeTableId }) => routeTableId),
    waysOut: parts.flatMap(({ wayOut }) => wayOut),
  };
}

function natGateway(scope: Construct, vpc: OwnVpc, zone: string): NatGateway {
  const tags = nameTag(`${vpc.networkName}-nat-${zone}`);
  const address = new Eip(scope, `nat_${zone}_address`, { domain: "vpc", tags });
  return new NatGateway(scope, `nat_${zone}`, {
    allocationId: address.id,
    subnetId: publicSubnet(scope, vpc, zone).subnetId,
    tags,
    dependsOn: [vpc.wayOut],
  });
}

interface ZoneProps {
  readonly vpc: OwnVpc;
  readonly zone: string;
  readonly gateway: NatGateway | undefined;
}

function privateSubnet(scope: Construct, { vpc, zone, gateway }: ZoneProps) {
  const tags = nameTag(`${vpc.networkName}-private-${zone}`);
  const subnet = new Subnet(scope, `private_${zone}`, {
    vpcId: vpc.vpcId,
    availabilityZone: zone,
    cidrBlock: zoneSubnets(vpc.vpcCidr, zone).privateCidr,
    tags,
  });
  const routes = new RouteTable(scope, `private_${zone}_routes`, { vpcId: vpc.vpcId, tags });
  const association = new RouteTableAssociation(scope, `private_${zone}_routes_association`, {
    subnetId: subnet.id,
    routeTableId: routes.id,
  });
  return {
    subnetId: subnet.id,
    routeTableId: routes.id,
    wayOut: [association, ...(gateway ? [natRoute(scope, zone, { routes, gateway })] : [])],
  };
}

function natRoute(
  scope: Construct,
  zone: string,
  { routes, gateway }: { routes: RouteTable; gateway: NatGateway },
): Route {
  return new Route(scope, `private_${zone}_internet`, {
    routeTableId: routes.id,
    destinationCidrBlock: "0.0.0.0/0",
    natGatewayId: gateway.id,
  });
}
