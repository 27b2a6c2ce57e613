/** Where tasks run, and how they reach X and AWS. Costs of each mode: docs/network.md. */
export type NetworkProps =
  | PublicNetworkProps
  | NatNetworkProps
  | EndpointsNetworkProps
  | ExistingNetworkProps;

/** Props of every network that is created here. */
export interface OwnNetworkProps {
  /** Zones to run in, for example `us-east-1a`. Subnets are keyed by zone: adding one recreates nothing. */
  readonly availabilityZones: readonly string[];
  /**
   * Addresses of the VPC, cut into 16 equal subnets; /16 to /24.
   * @default "10.0.0.0/16"
   */
  readonly vpcCidr?: string;
  /**
   * Log refused connections to CloudWatch Logs.
   * @default false
   */
  readonly flowLogs?: boolean;
}

/** Tasks with public addresses and no NAT gateway: no fixed cost. Nothing reaches them from outside. */
export interface PublicNetworkProps extends OwnNetworkProps {
  /** Public subnets. */
  readonly mode: "public";
}

/** Tasks in private subnets, which reach the internet through NAT gateways. */
export interface NatNetworkProps extends OwnNetworkProps {
  /** Private subnets with NAT gateways. */
  readonly mode: "nat";
  /**
   * Zones with a NAT gateway of their own; the others go through the first of these. Without a default, so that
   * adding a zone never moves a gateway.
   */
  readonly natGatewayZones: readonly string[];
}

/** Tasks in private subnets, which reach AWS through VPC endpoints and X through NAT gateways. */
export interface EndpointsNetworkProps extends OwnNetworkProps {
  /** Private subnets with VPC endpoints and NAT gateways. */
  readonly mode: "endpoints";
  /** As in mode `nat`. */
  readonly natGatewayZones: readonly string[];
}

/** A network that is there already. */
export interface ExistingNetworkProps {
  /** Nothing is created. */
  readonly mode: "existing";
  /** VPC of the subnets: `vpc-` and 8 to 17 hexadecimal digits. */
  readonly vpcId: string;
  /** One or more subnets with routes to X and to AWS. */
  readonly subnetIds: readonly string[];
  /**
   * Needed in subnets that reach the internet without NAT.
   * @default false
   */
  readonly assignPublicIp?: boolean;
}

export const DEFAULT_VPC_CIDR = "10.0.0.0/16";
