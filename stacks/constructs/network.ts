import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { Construct } from "constructs";
import type { AwsLocation } from "./aws-location";
import { zoneSubnets } from "./zone-subnets";

export interface PublicNetworkProps {
  /** Tasks with public addresses and no NAT gateway: no fixed cost. */
  readonly mode: "public";
  /** Zones to run in, for example `us-east-1a`. Subnets are keyed by zone: adding one recreates nothing. */
  readonly availabilityZones: readonly string[];
  /** @default "10.0.0.0/16" */
  readonly vpcCidr?: string;
}

export type NetworkProps = PublicNetworkProps;

/** Where tasks run. */
export class Network extends Construct {
  readonly vpcId: string;
  readonly subnetIds: string[];
  /** Whether tasks need public addresses to reach the internet. */
  readonly assignPublicIp: boolean;

  constructor(scope: Construct, id: string, props: NetworkProps & { readonly location: AwsLocation }) {
    super(scope, id);
    const vpcCidr = props.vpcCidr ?? "10.0.0.0/16";
    const vpc = new Vpc(this, "vpc", {
      cidrBlock: vpcCidr,
      enableDnsHostnames: true,
      enableDnsSupport: true,
    });
    // Adopted without rules, so that nothing put into it by mistake can talk.
    new DefaultSecurityGroup(this, "default_security_group", { vpcId: vpc.id });
    const gateway = new InternetGateway(this, "internet_gateway", { vpcId: vpc.id });
    const routes = new RouteTable(this, "public_routes", { vpcId: vpc.id });
    new Route(this, "public_internet", {
      routeTableId: routes.id,
      destinationCidrBlock: "0.0.0.0/0",
      gatewayId: gateway.id,
    });
    this.vpcId = vpc.id;
    this.subnetIds = props.availabilityZones.map((zone) => {
      const subnet = new Subnet(this, `public_${zone}`, {
        vpcId: vpc.id,
        availabilityZone: zone,
        cidrBlock: zoneSubnets(vpcCidr, zone).publicCidr,
        mapPublicIpOnLaunch: false,
      });
      new RouteTableAssociation(this, `public_${zone}_routes`, {
        subnetId: subnet.id,
        routeTableId: routes.id,
      });
      return subnet.id;
    });
    this.assignPublicIp = true;
  }
}
