/** What changes of a running environment do, planned from applied state: the rows of docs/changes.md. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { local } from "../../environments/local";
import type { EnvironmentConfig } from "../../stacks/environment/environment";
import { namesOf } from "../../stacks/environment/naming";
import { callsOf } from "../review/calls";
import { Deployment } from "./deployment";
import { describeWithEmulator, Emulator } from "./emulator";

const names = namesOf(local);
const { registryStack, dataStack, ingesterStack } = names;
const STACKS = [registryStack, dataStack, ingesterStack];
const TEN_MINUTES = 600_000;
const DOCUMENT = readFileSync(join(__dirname, "../../docs/changes.md"), "utf8");
const KEY = "arn:aws:kms:us-east-1:123456789012:key/1234";

const NETWORK = { mode: "public", availabilityZones: ["us-east-1a", "us-east-1b"] } as const;
const deployed: EnvironmentConfig = { ...local, deletable: false, network: NETWORK };

const SERVICE = "aws_ecs_service.ingester_service";
const TASK = "aws_ecs_task_definition.ingester_task";
const GROUP = "aws_security_group.ingester_security_group";
const REPLACED_AFTERWARDS = "create,delete";

type Actions = Readonly<Record<string, string>>;

interface Row {
  /** As docs/changes.md names it. */
  readonly name: string;
  readonly change: Partial<EnvironmentConfig>;
  readonly stack: string;
  readonly check: (actions: Actions) => void;
}

/** Nothing is replaced or deleted, and something happens. */
function onlyInPlace(actions: Actions): void {
  expect(Object.keys(actions)).not.toEqual([]);
  expect(Object.values(actions).filter((action) => action.includes("delete"))).toEqual([]);
}

const ROLE = "aws_iam_role.";

/** Each role is replaced, and its policy, which is deleted with it, too. */
function rolesWithPolicies(actions: Actions): void {
  const roles = Object.keys(actions).filter((address) => address.startsWith(ROLE));
  expect(roles).not.toEqual([]);
  const both = roles.flatMap((role) => [role, `aws_iam_role_policy.${role.slice(ROLE.length)}_permissions`]);
  expect(actions).toMatchObject(Object.fromEntries(both.map((address) => [address, "delete,create"])));
}

const elsewhere = (
  change: Partial<EnvironmentConfig>,
  stack = namesOf({ ...deployed, ...change }).dataStack,
) => ({
  name: "`app`, `environment`, `accountId`, `region`",
  change,
  stack,
  check: (actions: Actions) => expect([...new Set(Object.values(actions))]).toEqual(["create"]),
});

const rows: readonly Row[] = [
  elsewhere({ app: "posts" }),
  elsewhere({ environment: "another" }),
  {
    name: "`kmsKeyArn`, for images",
    change: { kmsKeyArn: KEY, registry: { useKmsKey: false } },
    stack: registryStack,
    check: onlyInPlace,
  },
  {
    name: "`kmsKeyArn`, for everything else",
    change: { kmsKeyArn: KEY },
    stack: dataStack,
    check: onlyInPlace,
  },
  ...[dataStack, ingesterStack].map((stack) => ({
    name: "`roles.path`",
    change: { roles: { path: "/team/" } },
    stack,
    check: rolesWithPolicies,
  })),
  {
    name: "`worker.image`, size, settings",
    change: { worker: { ...local.worker, image: "0.2.0" } },
    stack: ingesterStack,
    check: (actions) => expect(actions).toEqual({ [TASK]: "delete,create", [SERVICE]: "update" }),
  },
  {
    name: "`worker.capacity`",
    change: { worker: { ...local.worker, capacity: "FARGATE_SPOT" } },
    stack: ingesterStack,
    check: onlyInPlace,
  },
  {
    name: "`worker.run.mode`",
    change: { worker: { ...local.worker, run: { mode: "schedule", expression: "rate(1 hour)" } } },
    stack: ingesterStack,
    check: (actions) =>
      expect(actions).toMatchObject({
        [SERVICE]: "delete",
        "aws_scheduler_schedule.ingester_schedule": "create",
      }),
  },
  {
    name: "`network.availabilityZones`, one more",
    change: { network: { ...NETWORK, availabilityZones: [...NETWORK.availabilityZones, "us-east-1c"] } },
    stack: ingesterStack,
    check: onlyInPlace,
  },
  {
    name: "`network.availabilityZones`, one less",
    change: { network: { ...NETWORK, availabilityZones: ["us-east-1a"] } },
    stack: ingesterStack,
    check: (actions) =>
      expect(actions).toEqual({
        [SERVICE]: "update",
        "aws_subnet.network_public_us_east_1b": "delete",
        "aws_route_table_association.network_public_us_east_1b_routes": "delete",
      }),
  },
  {
    name: "`network.mode`, between `public`, `nat` and `endpoints`",
    change: { network: { ...NETWORK, mode: "nat", natGatewayZones: ["us-east-1a", "us-east-1b"] } },
    stack: ingesterStack,
    check: onlyInPlace,
  },
  {
    name: "`network.mode`, to `existing`",
    change: {
      network: {
        mode: "existing",
        vpcId: "vpc-0123456789abcdef0",
        subnetIds: ["subnet-0123456789abcdef0"],
        assignPublicIp: true,
      },
    },
    stack: ingesterStack,
    check: (actions) =>
      expect(actions).toMatchObject({
        "aws_vpc.network_vpc": "delete",
        [GROUP]: REPLACED_AFTERWARDS,
        [SERVICE]: "update",
      }),
  },
  {
    name: "`network.vpcCidr`",
    change: { network: { ...NETWORK, vpcCidr: "10.9.0.0/16" } },
    stack: ingesterStack,
    check: (actions) => {
      expect(actions).toMatchObject({
        "aws_vpc.network_vpc": REPLACED_AFTERWARDS,
        "aws_subnet.network_public_us_east_1a": REPLACED_AFTERWARDS,
        "aws_internet_gateway.network_internet_gateway": REPLACED_AFTERWARDS,
        [GROUP]: REPLACED_AFTERWARDS,
        [SERVICE]: "update",
      });
      expect(Object.values(actions)).not.toContain("delete,create");
    },
  },
  {
    name: "`logRetentionDays`",
    change: { logRetentionDays: 30 },
    stack: dataStack,
    check: (actions) => expect(actions).toEqual({ "aws_cloudwatch_log_group.delivery_log": "update" }),
  },
  {
    name: "`catalog`",
    change: { catalog: { workgroup: false, parquet: true }, delivery: { bufferingSizeMiB: 64 } },
    stack: dataStack,
    check: (actions) => {
      expect(actions).toMatchObject({
        "aws_glue_catalog_table.catalog": "update",
        "aws_kinesis_firehose_delivery_stream.tweet_stream": "update",
      });
      onlyInPlace(actions);
    },
  },
  {
    name: "`monitoring`",
    change: { monitoring: { lagMinutes: 45, dashboard: false } },
    stack: ingesterStack,
    check: (actions) =>
      expect(actions).toEqual({
        "aws_cloudwatch_dashboard.dashboard": "delete",
        "aws_cloudwatch_metric_alarm.alarms_lag": "update",
      }),
  },
  {
    name: "`deletable: true`",
    change: { deletable: true },
    stack: dataStack,
    check: onlyInPlace,
  },
];

/** What would replace what holds data. */
const refused = [
  {
    name: "`delivery.streamName`",
    change: { delivery: { streamName: "another" } },
    stack: dataStack,
    kept: "tweet_stream",
  },
  {
    name: "`kmsKeyArn`, for images",
    change: { kmsKeyArn: KEY },
    stack: registryStack,
    kept: "image_repository",
  },
];

describe("docs/changes.md", () => {
  it("has no row that is not planned here", () => {
    const documented = [...DOCUMENT.matchAll(/^\| (`.*?) \|/gm)].map(([, name]) => name);
    const planned = new Set([...rows, ...refused].map(({ name }) => name));
    expect(documented.filter((name) => !planned.has(name ?? ""))).toEqual([]);
    expect([...planned].filter((name) => !documented.includes(name))).toEqual([]);
  });
});

describeWithEmulator("a change of a running environment", () => {
  const emulator = new Emulator({ accountId: local.accountId, region: local.region });
  const deployment = new Deployment(emulator);
  const plans = new Map<object, Promise<Actions>>();

  beforeAll(async () => {
    await emulator.mustAnswer();
    deployment.synth(deployed);
    await Promise.all(STACKS.map((stack) => deployment.apply(stack)));
    // moto leaves both out of DescribeServices.
    deployment.report(ingesterStack, SERVICE, {
      availability_zone_rebalancing: "DISABLED",
      capacity_provider_strategy: [{ base: 0, capacity_provider: "FARGATE", weight: 1 }],
    });
    for (const row of [...rows, ...refused]) {
      const plan = deployment.planned({ ...deployed, ...row.change }, row.stack);
      plan.catch(() => undefined);
      plans.set(row, plan);
    }
    await Promise.allSettled(plans.values());
  }, TEN_MINUTES);

  afterAll(async () => {
    deployment.synth({ ...deployed, deletable: true });
    await Promise.all(
      STACKS.map(async (stack) => {
        await deployment.apply(stack);
        await deployment.destroy(stack);
      }),
    );
    expect(STACKS.map((stack) => deployment.resourceCount(stack))).toEqual([0, 0, 0]);
    deployment.remove();
  }, TEN_MINUTES);

  it(
    "has nothing to plan without a change",
    async () => {
      expect(await Promise.all(STACKS.map((stack) => deployment.actions(stack)))).toEqual([{}, {}, {}]);
    },
    TEN_MINUTES,
  );

  it.each([registryStack, dataStack])(
    "never is a destruction of %s: it is refused before anything is touched",
    async (stack) => {
      const before = deployment.resourceCount(stack);
      await expect(deployment.destroy(stack)).rejects.toThrow("Instance cannot be destroyed");
      expect(deployment.resourceCount(stack)).toBe(before);
    },
    TEN_MINUTES,
  );

  it.each(refused)("is refused where it would replace what holds data: $name", async (row) => {
    await expect(plans.get(row)).rejects.toThrow(
      new RegExp(`${row.kept}[^]*Instance cannot be destroyed|Instance cannot be destroyed[^]*${row.kept}`),
    );
  });

  it.each(rows)("does what is documented: $name, in $stack", async (row) => {
    row.check((await plans.get(row)) ?? {});
  });

  it("keeps the task definition before for a rollback", async () => {
    const { taskDefinitionArns } = await emulator.json<{ taskDefinitionArns: string[] }>(
      "ecs",
      "AmazonEC2ContainerServiceV20141113.ListTaskDefinitions",
      { familyPrefix: ingesterStack, status: "ACTIVE" },
    );
    expect(taskDefinitionArns.length).toBeGreaterThan(0);
  });

  it("calls nothing that the list of recorded calls does not have, which the pipeline's roles are held against", () => {
    const calls = deployment.calls();
    expect(calls.length).toBeGreaterThan(50);
    const unknown = calls.filter((call) => {
      const [type = "", action = ""] = call.split(" ");
      const { read, write } = callsOf(type);
      return ![...read, ...write].includes(action);
    });
    expect(unknown).toEqual([]);
  });

  it(
    "by hand shows in the next plan",
    async () => {
      const group = { logGroupName: `${dataStack}/delivery`, retentionInDays: 7 };
      await emulator.json("logs", "Logs_20140328.PutRetentionPolicy", group);
      expect(await deployment.differences(dataStack)).toEqual([
        "aws_cloudwatch_log_group.delivery_log retention_in_days",
      ]);
      await deployment.apply(dataStack);
      expect(await deployment.differences(dataStack)).toEqual([]);
    },
    TEN_MINUTES,
  );
});
