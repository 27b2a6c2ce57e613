import { environmentWith } from "../../helpers/environment";
import { containersOf, synthesize } from "../../helpers/synth";

const KEY = "arn:aws:kms:eu-west-1:333333333333:key/1234";
const scheduled = { run: { mode: "schedule", expression: "rate(15 minutes)" } } as const;
const worker = (changes: Parameters<typeof environmentWith>[0]) =>
  synthesize(environmentWith(changes)).ingester;

describe("a worker on a schedule", () => {
  const stack = worker({ worker: scheduled });

  it("has no service, and is started by EventBridge Scheduler", () => {
    expect(stack.all("aws_ecs_service")).toEqual({});
    expect(stack.one("aws_scheduler_schedule")).toMatchObject({
      schedule_expression: "rate(15 minutes)",
      schedule_expression_timezone: "UTC",
      state: "ENABLED",
      flexible_time_window: { mode: "OFF" },
      target: {
        arn: `\${aws_ecs_cluster.ingester_cluster.arn}`,
        ecs_parameters: {
          capacity_provider_strategy: [{ capacity_provider: "FARGATE", weight: 1 }],
          propagate_tags: "TASK_DEFINITION",
          task_count: 1,
        },
      },
    });
  });

  it("makes the ingester exit when it has caught up", () => {
    const [container] = containersOf(stack);
    expect(container?.environment).toContainEqual({ name: "RUN_ONCE", value: "true" });
  });

  it("lets the scheduler run this task on this cluster and pass these two roles", () => {
    expect(stack.statements("ingester_schedule_role_permissions_document")).toEqual([
      {
        sid: "RunTask",
        actions: ["ecs:RunTask"],
        resources: ["arn:aws:ecs:eu-west-1:333333333333:task-definition/tweets-test-ingester:*"],
        condition: [
          {
            test: "ArnEquals",
            variable: "ecs:cluster",
            values: ["arn:aws:ecs:eu-west-1:333333333333:cluster/tweets-test-ingester"],
          },
        ],
      },
      {
        sid: "TagTask",
        actions: ["ecs:TagResource"],
        resources: ["arn:aws:ecs:eu-west-1:333333333333:task/tweets-test-ingester/*"],
        condition: [{ test: "StringEquals", variable: "ecs:CreateAction", values: ["RunTask"] }],
      },
      {
        sid: "PassRoles",
        actions: ["iam:PassRole"],
        resources: [
          "arn:aws:iam::333333333333:role/tweets-test-ingester-task",
          "arn:aws:iam::333333333333:role/tweets-test-ingester-execution",
        ],
        condition: [
          { test: "StringEquals", variable: "iam:PassedToService", values: ["ecs-tasks.amazonaws.com"] },
        ],
      },
    ]);
  });

  it("can be paused", () => {
    const paused = worker({ worker: { run: { ...scheduled.run, enabled: false } } });
    expect(paused.one("aws_scheduler_schedule").state).toBe("DISABLED");
  });
});

describe("a worker as a service", () => {
  it("runs until it is stopped", () => {
    const [container] = containersOf(worker({}));
    expect(container?.environment.map(({ name }) => name)).not.toContain("RUN_ONCE");
  });

  it("does not rebalance zones, which would need two tasks for a moment", () => {
    expect(worker({}).one("aws_ecs_service").availability_zone_rebalancing).toBe("DISABLED");
  });

  it("pauses with no task", () => {
    const paused = worker({ worker: { run: { mode: "service", desiredCount: 0 } } });
    expect(paused.one("aws_ecs_service").desired_count).toBe(0);
  });
});

describe("a worker on Fargate Spot", () => {
  const stack = worker({ worker: { capacity: "FARGATE_SPOT" } });

  it("asks for the capacity provider, after the cluster has it", () => {
    expect(stack.one("aws_ecs_service")).toMatchObject({
      capacity_provider_strategy: [{ capacity_provider: "FARGATE_SPOT", weight: 1 }],
      depends_on: expect.arrayContaining(["aws_ecs_cluster_capacity_providers.ingester_cluster_capacity"]),
    });
    expect(stack.one("aws_ecs_service")).not.toHaveProperty("launch_type");
  });
});

describe("the task", () => {
  it.each(["ARM64", "X86_64"] as const)("runs on %s", (cpuArchitecture) => {
    expect(worker({ worker: { cpuArchitecture } }).one("aws_ecs_task_definition").runtime_platform).toEqual({
      cpu_architecture: cpuArchitecture,
      operating_system_family: "LINUX",
    });
  });

  it("runs neither as root nor on a writable disk, in any container", () => {
    const sidecars = [{ name: "agent", image: "public.ecr.aws/agent:1.0" }];
    const containers = containersOf(worker({ worker: { sidecars } }));
    expect(
      containers.map(({ name, user, readonlyRootFilesystem }) => [name, user, readonlyRootFilesystem]),
    ).toEqual([
      ["ingester", "1000:1000", true],
      ["agent", "1000:1000", true],
    ]);
  });

  it("is not stopped by a sidecar that stops", () => {
    const sidecars = [{ name: "agent", image: "public.ecr.aws/agent:1.0" }];
    const [ingester, agent] = containersOf(worker({ worker: { sidecars } }));
    expect([ingester?.essential, agent?.essential]).toEqual([true, false]);
  });

  it("has time to stop by itself before it is killed", () => {
    const [container] = containersOf(worker({}));
    const given = container?.environment.find(({ name }) => name === "SHUTDOWN_SECONDS")?.value;
    expect(Number(given)).toBeLessThan(Number(container?.stopTimeout));
  });

  it("has the disk that was asked for", () => {
    const stack = worker({ worker: { ephemeralStorageGiB: 50 } });
    expect(stack.one("aws_ecs_task_definition").ephemeral_storage).toEqual({ size_in_gib: 50 });
  });
});

describe("a customer-managed key", () => {
  const { registry, data, ingester } = synthesize(environmentWith({ kmsKeyArn: KEY, worker: scheduled }));

  it("encrypts everything that is kept", () => {
    expect(data.one("aws_kinesis_firehose_delivery_stream").server_side_encryption).toMatchObject({
      key_type: "CUSTOMER_MANAGED_CMK",
      key_arn: KEY,
    });
    expect(data.one("aws_dynamodb_table").server_side_encryption).toEqual({
      enabled: true,
      kms_key_arn: KEY,
    });
    expect(JSON.stringify(data.one("aws_s3_bucket_server_side_encryption_configuration"))).toContain(KEY);
    expect(data.one("aws_cloudwatch_log_group").kms_key_id).toBe(KEY);
    expect(ingester.one("aws_cloudwatch_log_group").kms_key_id).toBe(KEY);
    expect(ingester.one("aws_scheduler_schedule").kms_key_arn).toBe(KEY);
    expect(registry.one("aws_secretsmanager_secret").kms_key_id).toBe(KEY);
  });

  it("may be used by exactly those who need it", () => {
    const uses = (stack: typeof data, id: string) =>
      stack
        .statements(id)
        .filter(({ resources }) => resources?.includes(KEY))
        .flatMap(({ actions }) => actions);
    expect(uses(ingester, "ingester_task_role_permissions_document")).toEqual([
      "kms:Decrypt",
      "kms:GenerateDataKey",
    ]);
    expect(uses(ingester, "ingester_execution_role_permissions_document")).toEqual(["kms:Decrypt"]);
    expect(uses(ingester, "ingester_schedule_role_permissions_document")).toEqual(["kms:Decrypt"]);
    expect(uses(data, "firehose_role_permissions_document")).toEqual(["kms:Decrypt", "kms:GenerateDataKey"]);
  });
});
