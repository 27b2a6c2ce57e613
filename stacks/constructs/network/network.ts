import { type ITerraformDependable, TerraformResource } from "cdktf";
import { Construct } from "constructs";
import type { AwsLocation } from "../aws/aws-location";
import { checkAtSynth } from "../checks/check";
import type { DeletableProps } from "../terraform/kept";
import { gatewayEndpoints, interfaceEndpoints } from "./endpoints";
import { FlowLog } from "./flow-log";
import { privateSubnets } from "./private-subnets";
import type { NetworkProps, OwnNetworkProps } from "./props";
import { networkProblems } from "./rules";
import { ownVpc, publicSubnet } from "./vpc";
import { eachOnce } from "./zone-subnets";

/** Props of a network beside its mode. */
export interface NetworkSurroundings extends DeletableProps {
  readonly location: AwsLocation;
  /** Names security group, log group and role of the network. */
  readonly networkName: string;
  /** How long flow logs are kept. */
  readonly logRetentionDays: number;
  /** Encrypts flow logs. */
  readonly kmsKeyArn?: string | undefined;
}

/** Where tasks run. */
interface TaskNetwork {
  readonly vpcId: string;
  readonly subnetIds: string[];
  readonly assignPublicIp: boolean;
  readonly dependables: ITerraformDependable[];
}

/** The network of one environment: created here, or an existing one. */
export class Network extends Construct implements TaskNetwork {
  readonly vpcId: string;
  readonly subnetIds: string[];
  /** Whether tasks need public addresses to reach the internet. */
  readonly assignPublicIp: boolean;
  /** Routes to X and AWS, which must exist before tasks start. */
  readonly dependables: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: NetworkProps & NetworkSurroundings) {
    super(scope, id);
    checkAtSynth(this, networkProblems(props, props.location.region));
    const network = taskNetwork(this, props);
    this.vpcId = network.vpcId;
    this.subnetIds = network.subnetIds;
    this.assignPublicIp = network.assignPublicIp;
    this.dependables = network.dependables;
    createBeforeDestroy(this);
  }
}

/**
 * A change of address range or zone replaces subnets. Tasks must move into the new ones before the old ones are deleted,
 * because AWS does not delete a subnet, gateway or VPC that a task uses. The flow log is left out: nothing depends on it,
 * and its role and log group have names that must be unique, so that a second one cannot be created beside the first. It
 * is left out whole, because Terraform applies this setting of a resource to everything that the resource depends on.
 */
function createBeforeDestroy(network: Construct): void {
  const watching = new Set(
    network.node.children
      .filter((child) => child instanceof FlowLog)
      .flatMap((child) => child.node.findAll()),
  );
  for (const resource of network.node.findAll()) {
    if (!(resource instanceof TerraformResource) || watching.has(resource)) continue;
    resource.lifecycle = { ...resource.lifecycle, createBeforeDestroy: true };
  }
}

function taskNetwork(scope: Construct, props: NetworkProps & NetworkSurroundings): TaskNetwork {
  if (props.mode === "existing") {
    const { vpcId, subnetIds, assignPublicIp = false } = props;
    return { vpcId, subnetIds: [...subnetIds], assignPublicIp, dependables: [] };
  }
  return props.mode === "public" ? publicNetwork(scope, props) : privateNetwork(scope, props);
}

function publicNetwork(scope: Construct, props: OwnNetworkProps & NetworkSurroundings): TaskNetwork {
  const vpc = ownVpc(scope, props);
  const subnets = eachOnce(props.availabilityZones).map((zone) => publicSubnet(scope, vpc, zone));
  gatewayEndpoints(scope, { ...props, vpcId: vpc.vpcId, routeTableIds: [vpc.publicRouteTableId] });
  watch(scope, vpc.vpcId, props);
  return {
    vpcId: vpc.vpcId,
    subnetIds: subnets.map(({ subnetId }) => subnetId),
    assignPublicIp: true,
    dependables: [vpc.wayOut, ...subnets.map(({ association }) => association)],
  };
}

type PrivateProps = Extract<NetworkProps, { mode: "nat" | "endpoints" }> & NetworkSurroundings;

function privateNetwork(scope: Construct, props: PrivateProps): TaskNetwork {
  const vpc = ownVpc(scope, props);
  const { subnetIds, routeTableIds, waysOut } = privateSubnets(scope, vpc, props);
  const gateways = gatewayEndpoints(scope, { ...props, vpcId: vpc.vpcId, routeTableIds });
  const interfaces =
    props.mode === "endpoints"
      ? interfaceEndpoints(scope, { ...props, vpcId: vpc.vpcId, vpcCidr: vpc.vpcCidr, subnetIds })
      : [];
  watch(scope, vpc.vpcId, props);
  const dependables = [...waysOut, ...gateways, ...interfaces];
  return { vpcId: vpc.vpcId, subnetIds, assignPublicIp: false, dependables };
}

function watch(scope: Construct, vpcId: string, props: OwnNetworkProps & NetworkSurroundings): void {
  if (props.flowLogs) new FlowLog(scope, "flow_log", { ...props, vpcId });
}
