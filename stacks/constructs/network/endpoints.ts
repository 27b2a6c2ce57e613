import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import type { AwsLocation } from "../aws/aws-location";
import { nameTag } from "../aws/tags";

/** Gateway endpoints are free, so every network that is created here has these two. */
const GATEWAY_SERVICES = ["s3", "dynamodb"];
/** Endpoints for image, logs, secret and stream. Each has a cost per hour and zone. */
export const INTERFACE_SERVICES = ["ecr.api", "ecr.dkr", "logs", "secretsmanager", "kinesis-firehose"];

interface EndpointProps {
  readonly location: AwsLocation;
  readonly vpcId: string;
  readonly networkName: string;
}

/** Endpoints in route tables. @returns what to wait for before tasks start */
export function gatewayEndpoints(
  scope: Construct,
  props: EndpointProps & { readonly routeTableIds: string[] },
): ITerraformDependable[] {
  return GATEWAY_SERVICES.map(
    (service) =>
      new VpcEndpoint(scope, `endpoint_${service}`, {
        vpcId: props.vpcId,
        serviceName: serviceName(props, service),
        vpcEndpointType: "Gateway",
        routeTableIds: props.routeTableIds,
        tags: nameTag(`${props.networkName}-${service}`),
      }),
  );
}

interface InterfaceEndpointProps extends EndpointProps {
  readonly vpcCidr: string;
  readonly subnetIds: string[];
}

/** Endpoints with an address in every subnet. @returns what to wait for before tasks start */
export function interfaceEndpoints(scope: Construct, props: InterfaceEndpointProps): ITerraformDependable[] {
  const group = endpointSecurityGroup(scope, props);
  return INTERFACE_SERVICES.map(
    (service) =>
      new VpcEndpoint(scope, `endpoint_${service}`, {
        vpcId: props.vpcId,
        serviceName: serviceName(props, service),
        vpcEndpointType: "Interface",
        privateDnsEnabled: true,
        subnetIds: props.subnetIds,
        securityGroupIds: [group.id],
        tags: nameTag(`${props.networkName}-${service}`),
      }),
  );
}

function endpointSecurityGroup(scope: Construct, props: InterfaceEndpointProps): SecurityGroup {
  const group = new SecurityGroup(scope, "endpoints_security_group", {
    name: `${props.networkName}-endpoints`,
    description: "VPC endpoints: HTTPS in from the VPC",
    vpcId: props.vpcId,
    tags: nameTag(`${props.networkName}-endpoints`),
  });
  new VpcSecurityGroupIngressRule(scope, "endpoints_https_in", {
    securityGroupId: group.id,
    description: "HTTPS from the VPC",
    cidrIpv4: props.vpcCidr,
    ipProtocol: "tcp",
    fromPort: 443,
    toPort: 443,
  });
  return group;
}

function serviceName({ location }: EndpointProps, service: string): string {
  return `com.amazonaws.${location.region}.${service}`;
}
