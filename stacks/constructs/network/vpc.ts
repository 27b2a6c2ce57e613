import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { nameTag } from "../aws/tags";
import { replacedWith } from "../terraform/replaced-with";
import { DEFAULT_VPC_CIDR, type OwnNetworkProps } from "./props";
import { zoneSubnets } from "./zone-subnets";

/** A VPC with public subnets that are routed to the internet. */
export interface OwnVpc {
  readonly vpcId: string;
  readonly vpcCidr: string;
  readonly publicRouteTableId: string;
  /** Prefix of the names of all its resources. */
  readonly networkName: string;
  /** The route to the internet. */
  readonly wayOut: ITerraformDependable;
}

/** VPC, an empty default security group, and a route to the internet for public subnets. */
export function ownVpc(scope: Construct, props: OwnNetworkProps & { readonly networkName: string }): OwnVpc {
  const { vpcCidr = DEFAULT_VPC_CIDR, networkName } = props;
  const vpc = new Vpc(scope, "vpc", {
    cidrBlock: vpcCidr,
    enableDnsHostnames: true,
    enableDnsSupport: true,
    tags: nameTag(networkName),
  });
  // Managed without rules, so that a resource that is put into it by mistake has no connections.
  new DefaultSecurityGroup(scope, "default_security_group", {
    vpcId: vpc.id,
    tags: nameTag(`${networkName}-default`),
  });
  const gateway = new InternetGateway(scope, "internet_gateway", {
    vpcId: vpc.id,
    tags: nameTag(networkName),
  });
  // An update in place would move the gateway between VPCs. Tasks would lose their route, and AWS refuses it while they
  // have public addresses.
  replacedWith(gateway, vpc);
  const routes = new RouteTable(scope, "public_routes", {
    vpcId: vpc.id,
    tags: nameTag(`${networkName}-public`),
  });
  const wayOut = new Route(scope, "public_internet", {
    routeTableId: routes.id,
    destinationCidrBlock: "0.0.0.0/0",
    gatewayId: gateway.id,
  });
  return { vpcId: vpc.id, vpcCidr, networkName, publicRouteTableId: routes.id, wayOut };
}

export interface RoutedSubnet {
  readonly subnetId: string;
  /** Tasks need this route before they start. */
  readonly association: ITerraformDependable;
}

/** A subnet that is routed to the internet. Tasks request a public address; the subnet gives none by default. */
export function publicSubnet(scope: Construct, vpc: OwnVpc, zone: string): RoutedSubnet {
  const subnet = new Subnet(scope, `public_${zone}`, {
    vpcId: vpc.vpcId,
    availabilityZone: zone,
    cidrBlock: zoneSubnets(vpc.vpcCidr, zone).publicCidr,
    mapPublicIpOnLaunch: false,
    tags: nameTag(`${vpc.networkName}-public-${zone}`),
  });
  const association = new RouteTableAssociation(scope, `public_${zone}_routes`, {
    subnetId: subnet.id,
    routeTableId: vpc.publicRouteTableId,
  });
  return { subnetId: subnet.id, association };
}
