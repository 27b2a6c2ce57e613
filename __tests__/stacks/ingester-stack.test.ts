import { environmentWith } from "../helpers/environment";
import { containersOf, synthesize } from "../helpers/synth";

const ARN = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:333333333333:${resource}`;

describe("the ingester stack", () => {
  const { ingester } = synthesize(environmentWith());
  const [container] = containersOf(ingester);

  it("runs one Fargate task that is stopped before it is replaced", () => {
    expect(ingester.one("aws_ecs_service")).toMatchObject({
      cluster: `\${aws_ecs_cluster.ingester_cluster.arn}`,
      task_definition: `\${aws_ecs_task_definition.ingester_task.arn}`,
      capacity_provider_strategy: [{ capacity_provider: "FARGATE", weight: 1 }],
      force_new_deployment: true,
      desired_count: 1,
      deployment_minimum_healthy_percent: 0,
      deployment_maximum_percent: 100,
      deployment_circuit_breaker: { enable: true, rollback: true },
    });
  });

  it("waits for the routes, the egress rule, the roles and the log before it starts tasks", () => {
    const { depends_on } = ingester.one("aws_ecs_service");
    expect(depends_on).toEqual(
      expect.arrayContaining([
        "aws_route.network_public_internet",
        "aws_route_table_association.network_public_eu_west_1a_routes",
        "aws_vpc_security_group_egress_rule.ingester_security_group_https_out",
        "aws_iam_role_policy.ingester_execution_role_permissions",
        "aws_iam_role_policy.ingester_task_role_permissions",
        "aws_cloudwatch_log_group.ingester_log",
      ]),
    );
  });

  it("defines the task with its size and two different roles", () => {
    expect(ingester.one("aws_ecs_task_definition")).toMatchObject({
      requires_compatibilities: ["FARGATE"],
      network_mode: "awsvpc",
      cpu: "256",
      memory: "512",
      execution_role_arn: `\${aws_iam_role.ingester_execution_role.arn}`,
      task_role_arn: `\${aws_iam_role.ingester_task_role.arn}`,
    });
  });

  it("takes the image from the environment's repository", () => {
    expect(container?.image).toBe("333333333333.dkr.ecr.eu-west-1.amazonaws.com/tweets-test-ecr:1.2.3");
  });

  it("joins a digest with @", () => {
    const digest = `sha256:${"a".repeat(64)}`;
    const [pinned] = containersOf(synthesize(environmentWith({ worker: { image: digest } })).ingester);
    expect(pinned?.image).toMatch(new RegExp(`/tweets-test-ecr@${digest}$`));
  });

  it("maps the HTTP port that the ingester is given", () => {
    expect(container?.portMappings).toEqual([{ containerPort: 8080, hostPort: 8080, protocol: "tcp" }]);
    expect(container?.environment).toContainEqual({ name: "HTTP_PORT", value: "8080" });
  });

  it("maps no port and checks no health when the HTTP port is off", () => {
    const [quiet] = containersOf(synthesize(environmentWith({ ingester: { httpPort: 0 } })).ingester);
    expect(quiet).not.toHaveProperty("portMappings");
    expect(quiet).not.toHaveProperty("healthCheck");
  });

  it("injects the token as a secret, by the ARN that is known beforehand", () => {
    expect(container?.secrets).toEqual([
      { name: "X_BEARER_TOKEN", valueFrom: ARN("secretsmanager", "secret:tweets-test-x-token") },
    ]);
    expect(container?.environment.map(({ name }) => name)).not.toContain("X_BEARER_TOKEN");
  });

  it("sorts variables by name", () => {
    const names = container?.environment.map(({ name }) => name) ?? [];
    expect(names).toEqual([...names].sort());
  });

  it("lets the task put records on its stream and keep its ledger, and nothing else", () => {
    expect(ingester.statements("ingester_task_role_permissions_document")).toEqual([
      {
        sid: "PutRecords",
        actions: ["firehose:DescribeDeliveryStream", "firehose:PutRecord", "firehose:PutRecordBatch"],
        resources: [ARN("firehose", "deliverystream/tweet_stream")],
      },
      {
        sid: "KeepLedger",
        actions: ["dynamodb:GetItem", "dynamodb:PutItem"],
        resources: [ARN("dynamodb", "table/tweets-test-checkpoint")],
      },
    ]);
  });

  it("lets the agent pull one repository, write one log and read one secret", () => {
    const resources = ingester
      .statements("ingester_execution_role_permissions_document")
      .map(({ sid, resources }) => [sid, resources]);
    expect(resources).toEqual([
      ["PullImage", [ARN("ecr", "repository/tweets-test-ecr")]],
      ["LogIn", ["*"]],
      ["WriteLogs", [ARN("logs", "log-group:tweets-test-ingester/ingester:log-stream:*")]],
      [
        "ReadToken",
        [
          ARN("secretsmanager", "secret:tweets-test-x-token"),
          ARN("secretsmanager", "secret:tweets-test-x-token-??????"),
        ],
      ],
    ]);
  });

  it("lets HTTPS out and nothing in", () => {
    expect(ingester.one("aws_vpc_security_group_egress_rule")).toMatchObject({
      from_port: 443,
      to_port: 443,
    });
    expect(ingester.all("aws_vpc_security_group_ingress_rule")).toEqual({});
  });

  it("opens the status page to the given ranges only, one rule for each", () => {
    const statusIngressCidrs = ["10.1.0.0/16", "192.0.2.7/32"];
    const open = synthesize(environmentWith({ worker: { statusIngressCidrs } })).ingester;
    const rules = Object.values(open.all("aws_vpc_security_group_ingress_rule"));
    expect(rules.map(({ cidr_ipv4, from_port }) => [cidr_ipv4, from_port])).toEqual([
      ["10.1.0.0/16", 8080],
      ["192.0.2.7/32", 8080],
    ]);
  });

  it("keeps the other zones' subnets as they are when a zone is added", () => {
    const zones = (availabilityZones: string[]) =>
      synthesize(environmentWith({ network: { mode: "public", availabilityZones } })).ingester.all(
        "aws_subnet",
      );
    const two = zones(["eu-west-1b", "eu-west-1c"]);
    expect(zones(["eu-west-1a", "eu-west-1b", "eu-west-1c"])).toMatchObject(two);
  });
});
