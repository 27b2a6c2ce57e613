/** What changes of a running environment do, planned from applied state: the rows of docs/changes.md. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { local } from "../../environments/local";
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

type Edit = readonly [from: string, to: string];

const NETWORK = '{ mode: "public", availabilityZones: ["us-east-1a"] }';
const WORKER = 'cpuArchitecture: "X86_64"';
const edits = {
  streamName: ["bufferingSizeMiB: 1,", 'bufferingSizeMiB: 1, streamName: "another",'],
  key: ["logRetentionDays: 1,", `logRetentionDays: 1, kmsKeyArn: "${KEY}",`],
  keyBesideRepository: [
    "logRetentionDays: 1,",
    `logRetentionDays: 1, kmsKeyArn: "${KEY}", registry: { useKmsKey: false },`,
  ],
  spot: [WORKER, `${WORKER}, capacity: "FARGATE_SPOT"`],
  image: ['image: "0.1.0"', 'image: "0.2.0"'],
  schedule: [WORKER, `${WORKER}, run: { mode: "schedule", expression: "rate(1 hour)" }`],
  zone: [NETWORK, '{ mode: "public", availabilityZones: ["us-east-1a", "us-east-1b"] }'],
  nat: [NETWORK, '{ mode: "nat", availabilityZones: ["us-east-1a"], natGatewayZones: ["us-east-1a"] }'],
  range: [NETWORK, '{ mode: "public", availabilityZones: ["us-east-1a"], vpcCidr: "10.9.0.0/16" }'],
  existing: [
    NETWORK,
    '{ mode: "existing", vpcId: "vpc-0123456789abcdef0", subnetIds: ["subnet-0123456789abcdef0"], assignPublicIp: true }',
  ],
} as const satisfies Record<string, Edit>;

const SERVICE = "aws_ecs_service.ingester_service";
const TASK = "aws_ecs_task_definition.ingester_task";
const GROUP = "aws_security_group.ingester_security_group";
const REPLACED_AFTERWARDS = "create,delete";

describeWithEmulator("a change of a running environment", () => {
  const emulator = new Emulator({ accountId: local.accountId, region: local.region });
  const deployment = new Deployment(emulator);

  beforeAll(async () => {
    await emulator.mustAnswer();
    deployment.edit("deletable: true", "deletable: false");
    await deployment.synth();
    for (const stack of STACKS) await deployment.apply(stack);
    // moto leaves both out of DescribeServices.
    deployment.report(ingesterStack, SERVICE, {
      availability_zone_rebalancing: "DISABLED",
      capacity_provider_strategy: [{ base: 0, capacity_provider: "FARGATE", weight: 1 }],
    });
  }, TEN_MINUTES);

  afterAll(async () => {
    deployment.edit("deletable: false", "deletable: true");
    await deployment.synth();
    for (const stack of STACKS) await deployment.apply(stack);
    for (const stack of [...STACKS].reverse()) await deployment.destroy(stack);
    for (const stack of STACKS) expect(deployment.resourceCount(stack)).toBe(0);
    deployment.remove();
  }, TEN_MINUTES);

  async function planned(edit: Edit, stack: string): Promise<Record<string, string>> {
    const [from, to] = edit;
    deployment.edit(from, to);
    try {
      await deployment.synth();
      return await deployment.actions(stack);
    } finally {
      deployment.edit(to, from);
    }
  }

  it(
    "has nothing to plan without a change",
    async () => {
      for (const stack of STACKS) expect(await deployment.actions(stack)).toEqual({});
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

  it.each([
    ["`delivery.streamName`", edits.streamName, dataStack, "tweet_stream"],
    ["`kmsKeyArn`, for images", edits.key, registryStack, "image_repository"],
  ])(
    "is refused where it would replace what holds data: %s",
    async (row, edit, stack, kept) => {
      expect(DOCUMENT).toContain(`| ${row} |`);
      await expect(planned(edit, stack)).rejects.toThrow(
        new RegExp(`${kept}[^]*Instance cannot be destroyed|Instance cannot be destroyed[^]*${kept}`),
      );
    },
    TEN_MINUTES,
  );

  it.each([
    ["`kmsKeyArn`, for images", edits.keyBesideRepository, registryStack],
    ["`kmsKeyArn`, for everything else", edits.key, dataStack],
    ["`worker.capacity`", edits.spot, ingesterStack],
    ["`network.availabilityZones`, one more", edits.zone, ingesterStack],
    ["`network.mode`, between `public`, `nat` and `endpoints`", edits.nat, ingesterStack],
  ])(
    "replaces and deletes nothing: %s",
    async (row, edit, stack) => {
      expect(DOCUMENT).toContain(`| ${row} |`);
      const actions = Object.values(await planned(edit, stack));
      expect(actions.length).toBeGreaterThan(0);
      expect(actions.filter((action) => action.includes("delete"))).toEqual([]);
    },
    TEN_MINUTES,
  );

  it(
    "of the image makes another task definition, and keeps the one before for a rollback",
    async () => {
      expect(DOCUMENT).toContain("| `worker.image`, size, settings |");
      expect(await planned(edits.image, ingesterStack)).toEqual({
        [TASK]: "delete,create",
        [SERVICE]: "update",
      });
      const { taskDefinitionArns } = await emulator.json<{ taskDefinitionArns: string[] }>(
        "ecs",
        "AmazonEC2ContainerServiceV20141113.ListTaskDefinitions",
        { familyPrefix: ingesterStack, status: "ACTIVE" },
      );
      expect(taskDefinitionArns.length).toBeGreaterThan(0);
    },
    TEN_MINUTES,
  );

  it(
    "of the address range makes another network before it deletes the old one",
    async () => {
      expect(DOCUMENT).toContain("| `network.vpcCidr` |");
      const actions = await planned(edits.range, ingesterStack);
      expect(actions).toMatchObject({
        "aws_vpc.network_vpc": REPLACED_AFTERWARDS,
        "aws_subnet.network_public_us_east_1a": REPLACED_AFTERWARDS,
        "aws_internet_gateway.network_internet_gateway": REPLACED_AFTERWARDS,
        [GROUP]: REPLACED_AFTERWARDS,
        [SERVICE]: "update",
      });
      expect(Object.values(actions)).not.toContain("delete,create");
    },
    TEN_MINUTES,
  );

  it(
    "to a VPC of your own moves the service, and makes the new security group first",
    async () => {
      expect(DOCUMENT).toContain("| `network.mode`, to `existing` |");
      const actions = await planned(edits.existing, ingesterStack);
      expect(actions).toMatchObject({
        "aws_vpc.network_vpc": "delete",
        [GROUP]: REPLACED_AFTERWARDS,
        [SERVICE]: "update",
      });
    },
    TEN_MINUTES,
  );

  it(
    "to a schedule deletes the service, whose coverage is in the ledger",
    async () => {
      expect(DOCUMENT).toContain("| `worker.run.mode` |");
      const actions = await planned(edits.schedule, ingesterStack);
      expect(actions).toMatchObject({
        [SERVICE]: "delete",
        "aws_scheduler_schedule.ingester_schedule": "create",
      });
    },
    TEN_MINUTES,
  );

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
      await deployment.synth();
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
