import { readFileSync } from "node:fs";
import { join } from "node:path";
import { INTERFACE_SERVICES } from "../../../stacks/constructs/network/endpoints";
import type { NetworkProps } from "../../../stacks/constructs/network/props";
import { networkProblems } from "../../../stacks/constructs/network/rules";
import type { EnvironmentConfig } from "../../../stacks/environment/environment";
import { environmentWith } from "../../helpers/environment";
import { type Synthesized, synthesize, synthesizeAll, synthesizeVariants } from "../../helpers/synth";

const [A, B, C] = ["eu-west-1a", "eu-west-1b", "eu-west-1c"] as const;

function withNetwork(network: NetworkProps): Synthesized {
  const config: EnvironmentConfig = { ...environmentWith(), network };
  return synthesize(config).ingester;
}

const count = (stack: Synthesized, type: string) => Object.keys(stack.all(type)).length;
const serviceNetwork = (stack: Synthesized) => stack.one("aws_ecs_service").network_configuration;
const endpointServices = (stack: Synthesized, type: string) =>
  Object.values(stack.all("aws_vpc_endpoint"))
    .filter(({ vpc_endpoint_type }) => vpc_endpoint_type === type)
    .map(({ service_name }) => String(service_name).replace("com.amazonaws.eu-west-1.", ""));

const isMadeFirst = (lifecycle: unknown) =>
  (lifecycle as { create_before_destroy?: boolean } | undefined)?.create_before_destroy === true;

describe("network mode public", () => {
  const stack = withNetwork({ mode: "public", availabilityZones: [A, B] });

  it("gives tasks public addresses and pays for no gateway", () => {
    expect(serviceNetwork(stack)).toMatchObject({ assign_public_ip: true });
    expect(count(stack, "aws_nat_gateway")).toBe(0);
  });

  it("makes another network before it deletes the old one", () => {
    const all = Object.entries(stack.document.resource).flatMap(([type, byId]) =>
      Object.entries(byId).map(([id, { lifecycle }]) => ({ address: `${type}.${id}`, lifecycle })),
    );
    const network = all.filter(({ address }) => address.includes(".network_"));
    expect(network.length).toBeGreaterThan(10);
    for (const each of network) {
      expect(each).toMatchObject({ lifecycle: { create_before_destroy: true } });
    }
  });

  it("hands out no public address by default", () => {
    for (const subnet of Object.values(stack.all("aws_subnet"))) {
      expect(subnet.map_public_ip_on_launch).toBe(false);
    }
  });

  it("reaches S3 and DynamoDB through endpoints, which are free", () => {
    expect(endpointServices(stack, "Gateway")).toEqual(["dynamodb", "s3"]);
    expect(endpointServices(stack, "Interface")).toEqual([]);
  });

  it("empties the default security group", () => {
    const group = stack.one("aws_default_security_group");
    expect(group).not.toHaveProperty("ingress");
    expect(group).not.toHaveProperty("egress");
  });

  it("starts tasks only when there is a way out", () => {
    expect(stack.one("aws_ecs_service").depends_on).toContain("aws_route.network_public_internet");
  });
});

describe("network mode nat", () => {
  const stack = withNetwork({ mode: "nat", availabilityZones: [A, B], natGatewayZones: [B] });

  it("puts tasks into private subnets", () => {
    expect(serviceNetwork(stack)).toMatchObject({
      assign_public_ip: false,
      subnets: [
        `\${aws_subnet.network_private_eu_west_1a.id}`,
        `\${aws_subnet.network_private_eu_west_1b.id}`,
      ],
    });
  });

  it("makes a gateway in the named zones only, which all zones use", () => {
    expect(Object.keys(stack.all("aws_nat_gateway"))).toEqual(["network_nat_eu_west_1b"]);
    for (const zone of ["1a", "1b"]) {
      expect(stack.one("aws_route", `network_private_eu_west_${zone}_internet`)).toMatchObject({
        nat_gateway_id: `\${aws_nat_gateway.network_nat_eu_west_1b.id}`,
      });
    }
  });

  it("sends each zone through its own gateway where it has one", () => {
    const both = withNetwork({ mode: "nat", availabilityZones: [A, B], natGatewayZones: [A, B] });
    expect(both.one("aws_route", "network_private_eu_west_1b_internet")).toMatchObject({
      nat_gateway_id: `\${aws_nat_gateway.network_nat_eu_west_1b.id}`,
    });
  });
});

describe("network mode endpoints", () => {
  const stack = withNetwork({ mode: "endpoints", availabilityZones: [A, B], natGatewayZones: [A] });

  it("reaches every AWS service that a task needs through an endpoint", () => {
    expect(endpointServices(stack, "Gateway")).toEqual(["dynamodb", "s3"]);
    expect(endpointServices(stack, "Interface").sort()).toEqual([
      "ecr.api",
      "ecr.dkr",
      "kinesis-firehose",
      "logs",
      "secretsmanager",
    ]);
  });

  it("lets the VPC's HTTPS into the endpoints and nothing else", () => {
    expect(stack.one("aws_vpc_security_group_ingress_rule")).toMatchObject({
      cidr_ipv4: "10.0.0.0/16",
      from_port: 443,
      to_port: 443,
    });
  });

  it("keeps NAT for X", () => {
    expect(count(stack, "aws_nat_gateway")).toBe(1);
  });
});

describe("network mode existing", () => {
  const subnetIds = ["subnet-0123456789abcdef0"];
  const stack = withNetwork({ mode: "existing", vpcId: "vpc-0123456789abcdef0", subnetIds });

  it("makes no network of its own", () => {
    expect(stack.addresses.filter((address) => address.includes("network_"))).toEqual([]);
    expect(serviceNetwork(stack)).toMatchObject({ subnets: subnetIds, assign_public_ip: false });
    expect(stack.one("aws_security_group").vpc_id).toBe("vpc-0123456789abcdef0");
  });
});

describe("flow logs", () => {
  it("record refused connections with a role that writes to their log only", () => {
    const stack = withNetwork({ mode: "public", availabilityZones: [A], flowLogs: true });
    expect(stack.one("aws_flow_log")).toMatchObject({ traffic_type: "REJECT" });
    expect(stack.statements("network_flow_log_role_permissions_document")).toMatchObject([
      {
        resources: [
          "arn:aws:logs:eu-west-1:333333333333:log-group:tweets-test-ingester/refused-connections:log-stream:*",
        ],
      },
    ]);
  });
});

describe("what AWS gives a name once in an account or region", () => {
  const all = [...synthesizeAll(), ...synthesizeVariants()];

  it.each(["aws_iam_role", "aws_cloudwatch_log_group"])(
    "is deleted before it is created again under the same name: %s",
    (type) => {
      const resources = all.flatMap((stack) => Object.values(stack.all(type)));
      expect(resources.length).toBeGreaterThan(5);
      const fixed = resources.filter(({ name }) => name !== undefined);
      expect(fixed.filter(({ lifecycle }) => isMadeFirst(lifecycle)).map(({ name }) => name)).toEqual([]);
    },
  );

  it("is part of flow logs, of which nothing is created before it is destroyed", () => {
    const stack = withNetwork({ mode: "public", availabilityZones: [A], flowLogs: true });
    const addresses = stack.addresses.filter((address) => address.includes(".network_flow_log"));
    expect(addresses).toHaveLength(4);
    expect(addresses.filter((address) => isMadeFirst(stack.at(address)?.lifecycle))).toEqual([]);
  });
});

describe("adding a zone", () => {
  const networks: [string, (zones: string[]) => NetworkProps][] = [
    ["public", (availabilityZones) => ({ mode: "public", availabilityZones })],
    ["nat", (availabilityZones) => ({ mode: "nat", availabilityZones, natGatewayZones: [B] })],
    ["endpoints", (availabilityZones) => ({ mode: "endpoints", availabilityZones, natGatewayZones: [B] })],
  ];
  /** Attributes that force a new resource when they change. */
  const fixed = (stack: Synthesized) =>
    ["aws_vpc", "aws_subnet", "aws_route_table", "aws_route", "aws_nat_gateway", "aws_eip"].map((type) =>
      stack.all(type),
    );

  it.each(networks)("recreates nothing in mode %s, wherever it stands in the list", (_mode, network) => {
    const before = fixed(withNetwork(network([B, C])));
    const after = fixed(withNetwork(network([A, B, C])));
    expect(after).toMatchObject(before);
  });
});

describe("a network", () => {
  const own = { mode: "public", availabilityZones: [A] } as const;
  const subnetIds = (count: number) =>
    Array.from({ length: count }, (_, index) => `subnet-${String(index).padStart(8, "0")}`);
  const accepted: [string, NetworkProps][] = [
    ["a /16", { ...own, vpcCidr: "10.0.0.0/16" }],
    ["a /24", { ...own, vpcCidr: "192.168.7.0/24" }],
    ["the last range before this machine's own", { ...own, vpcCidr: "126.255.0.0/16" }],
    ["the first range behind the link-local ones", { ...own, vpcCidr: "169.255.0.0/16" }],
    ["the last range before multicast", { ...own, vpcCidr: "223.255.0.0/16" }],
    ["16 subnets", { mode: "existing", vpcId: "vpc-0123456789abcdef0", subnetIds: subnetIds(16) }],
    ["zone h", { ...own, availabilityZones: ["eu-west-1h"] }],
  ];
  it.each(accepted)("is accepted with %s", (_case, props) => {
    expect(networkProblems(props, "eu-west-1")).toEqual([]);
  });

  const refused: [string, NetworkProps, RegExp][] = [
    ["a /15", { ...own, vpcCidr: "10.0.0.0/15" }, /^vpcCidr must be an IPv4 range between \/16 and \/24/],
    ["a /25", { ...own, vpcCidr: "10.0.0.0/25" }, /^vpcCidr must be/],
    ["host bits", { ...own, vpcCidr: "10.0.0.1/16" }, /^vpcCidr must be/],
    [
      "a zone of another region",
      { ...own, availabilityZones: ["us-east-1a"] },
      /^availabilityZones.0 must be a zone of eu-west-1/,
    ],
    ...[
      "127.0.0.0/16",
      "127.255.255.0/24",
      "0.1.0.0/16",
      "169.254.0.0/16",
      "169.254.8.0/24",
      "224.0.0.0/16",
    ].map((vpcCidr): [string, NetworkProps, RegExp] => [
      vpcCidr,
      { ...own, vpcCidr },
      /^vpcCidr must be outside of/,
    ]),
    [
      "17 subnets",
      { mode: "existing", vpcId: "vpc-0123456789abcdef0", subnetIds: subnetIds(17) },
      /^subnetIds must be a list of 1 to 16 subnets, got 17/,
    ],
    [
      "a subnet twice",
      { mode: "existing", vpcId: "vpc-0123456789abcdef0", subnetIds: ["subnet-01234567", "subnet-01234567"] },
      /^subnetIds.1 must be unlike subnetIds.0/,
    ],
    [
      "a gateway's zone twice",
      { mode: "nat", availabilityZones: [A], natGatewayZones: [A, A] },
      /^natGatewayZones.1 must be unlike natGatewayZones.0/,
    ],
    ["zone i", { ...own, availabilityZones: ["eu-west-1i"] }, /^availabilityZones.0 must be/],
    ["a local zone", { ...own, availabilityZones: ["eu-west-1-lax-1a"] }, /^availabilityZones.0 must be/],
    [
      "a zone twice",
      { ...own, availabilityZones: [A, A] },
      /^availabilityZones.1 must be unlike availabilityZones.0, got "eu-west-1a"/,
    ],
    [
      "a gateway in a zone without subnets",
      { mode: "nat", availabilityZones: [A], natGatewayZones: [B] },
      /^natGatewayZones must be one or more/,
    ],
    [
      "no gateway",
      { mode: "endpoints", availabilityZones: [A], natGatewayZones: [] },
      /^natGatewayZones must be/,
    ],
    ["no subnet", { mode: "existing", vpcId: "vpc-0123456789abcdef0", subnetIds: [] }, /^subnetIds must be/],
  ];
  it.each(refused)("is refused with %s", (_case, props, message) => {
    expect(networkProblems(props, "eu-west-1").map(({ path, text }) => `${path} ${text}`)).toEqual([
      expect.stringMatching(message),
    ]);
  });

  it("has no endpoints mode in China, where endpoint services have other names", () => {
    const props: NetworkProps = {
      mode: "endpoints",
      availabilityZones: ["cn-north-1a"],
      natGatewayZones: ["cn-north-1a"],
    };
    expect(networkProblems(props, "cn-north-1")).toEqual([expect.objectContaining({ path: "mode" })]);
  });
});

describe("docs/network.md", () => {
  const text = readFileSync(join(__dirname, "../../../docs/network.md"), "utf8");

  it("counts the endpoints that are paid for by the hour", () => {
    for (const service of INTERFACE_SERVICES) expect(text).toContain(`\`${service}\``);
    const monthly = INTERFACE_SERVICES.length * 0.01 * 730;
    expect(text).toContain(`and $${monthly.toFixed(2)} for each zone`);
  });
});
