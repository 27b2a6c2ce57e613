import { offlinePlans, type Plan } from "../helpers/plan";
import { describeWithTerraform } from "../helpers/terraform";
import { Consumer, exampleNames } from "./consumer";

const TEN_MINUTES = 600_000;
/** What a person would give in terraform.tfvars. */
const VARIABLES: Readonly<Record<string, unknown>> = {
  vpc_id: "vpc-0123456789abcdef0",
  subnet_ids: ["subnet-0123456789abcdef0"],
};

let consumer: Consumer;
const stacks = new Map<string, string>();
beforeAll(() => {
  consumer = new Consumer();
  consumer.compile();
  for (const name of exampleNames) stacks.set(name, consumer.synthesize(name));
}, TEN_MINUTES);
afterAll(() => consumer.remove());

const resourcesOf = (name: string): Record<string, Record<string, Record<string, unknown>>> =>
  JSON.parse(stacks.get(name) ?? "{}").resource;

describe("the packed package", () => {
  it("holds compiled constructs with their types, the line's schema and the function, and no sources", () => {
    expect(consumer.packed).toEqual(
      expect.arrayContaining([
        "LICENSE",
        "README.md",
        "dist/schema/post-line.schema.json",
        "dist/stacks/constructs/storage/tweet-bucket.js",
        "dist/stacks/constructs/storage/tweet-bucket.d.ts",
        "dist/stacks/ingestion/ingestion.js",
        "package.json",
        "transform/dist/transform.zip",
      ]),
    );
    expect(consumer.packed.filter((path) => /(?<!\.d)\.ts$/.test(path))).toEqual([]);
  });
});

describe("the package for npm", () => {
  it("is publishable, and says whom it is compiled for", () => {
    const manifest = JSON.parse(consumer.manifest);
    expect(manifest.private).toBeUndefined();
    expect(manifest).toMatchObject({
      license: "Apache-2.0",
      engines: { node: expect.any(String) },
      peerDependencies: { cdktf: expect.any(String), constructs: expect.any(String) },
    });
    expect(manifest.dependencies).toBeUndefined();
  });

  it(
    "compiles in the project that cdktf init makes",
    () => {
      expect(() => consumer.compileAsInitialized()).not.toThrow();
    },
    TEN_MINUTES,
  );
});

describe("examples, compiled and run as a stranger's project would", () => {
  it("are the six that the docs promise", () => {
    expect(exampleNames).toEqual([
      "existing-vpc",
      "live",
      "minimal",
      "own-kms-key",
      "transform-and-parquet",
      "two-topics",
    ]);
  });

  it.each(exampleNames)("%s delivers to a bucket", (name) => {
    const { aws_s3_bucket, aws_kinesis_firehose_delivery_stream } = resourcesOf(name);
    const topics = name === "two-topics" ? 2 : 1;
    expect(Object.keys(aws_s3_bucket ?? {})).toHaveLength(topics);
    expect(Object.keys(aws_kinesis_firehose_delivery_stream ?? {})).toHaveLength(topics);
  });

  it("existing-vpc creates no network, and a schedule instead of a service", () => {
    const types = Object.keys(resourcesOf("existing-vpc"));
    expect(types).toContain("aws_scheduler_schedule");
    expect(types.filter((type) => /^aws_(vpc|subnet|ecs_service|nat_gateway)$/.test(type))).toEqual([]);
  });

  it("live listens by its rules, as a service of one task, and watches its connection", () => {
    const { aws_ecs_task_definition, aws_ecs_service, aws_cloudwatch_metric_alarm } = resourcesOf("live");
    const [task] = Object.values(aws_ecs_task_definition ?? {});
    expect(task?.container_definitions).toContain('"name" = "STREAM_RULES", "value" = "[{');
    expect(task?.container_definitions).not.toContain("SEARCH_QUERY");
    expect(Object.values(aws_ecs_service ?? {})).toMatchObject([{ desired_count: 1 }]);
    const alarms = Object.values(aws_cloudwatch_metric_alarm ?? {}).map(({ alarm_name }) => alarm_name);
    expect(alarms).toEqual(
      expect.arrayContaining(["pets-disconnected", "pets-holes-stay-open", "pets-reconnect-waits"]),
    );
  });

  it("own-kms-key encrypts bucket, stream, table and logs by its key", () => {
    const resources = resourcesOf("own-kms-key");
    const [key] = Object.keys(resources.aws_kms_key ?? {});
    for (const type of [
      "aws_s3_bucket_server_side_encryption_configuration",
      "aws_kinesis_firehose_delivery_stream",
      "aws_dynamodb_table",
      "aws_cloudwatch_log_group",
    ]) {
      const all = Object.values(resources[type] ?? {});
      expect(all.length).toBeGreaterThan(0);
      for (const resource of all) expect(JSON.stringify(resource)).toContain(`aws_kms_key.${key}.arn`);
    }
  });

  it("transform-and-parquet calls the packed function, converts, and keeps what came", () => {
    const resources = resourcesOf("transform-and-parquet");
    const [stream] = Object.values(resources.aws_kinesis_firehose_delivery_stream ?? {});
    expect(stream?.extended_s3_configuration).toMatchObject({
      processing_configuration: { enabled: true },
      data_format_conversion_configuration: { enabled: true },
      s3_backup_mode: "Enabled",
    });
    expect(Object.keys(resources.aws_lambda_function ?? {})).toHaveLength(1);
  });
});

describeWithTerraform("examples, planned by the real provider", () => {
  let plans: Plan[];
  beforeAll(async () => {
    const texts = exampleNames.map((stackName) => ({
      stackName,
      json: answered(stacks.get(stackName) ?? "{}"),
    }));
    plans = await offlinePlans(texts);
  }, TEN_MINUTES);

  it.each(exampleNames)("%s creates each of its resources", (name) => {
    const plan = plans[exampleNames.indexOf(name)];
    const created = plan?.resource_changes.filter(({ change }) => change.actions.join() === "create");
    const declared = Object.entries(resourcesOf(name)).flatMap(([type, byId]) =>
      Object.keys(byId).map((id) => `${type}.${id}`),
    );
    expect(created?.map(({ address }) => address).sort()).toEqual(declared.sort());
  });
});

/** Variables with values, since a plan of several stacks has no place for a file of them; state is the reader's affair. */
function answered(json: string): string {
  const document = JSON.parse(json);
  delete document.terraform.backend;
  for (const [name, block] of Object.entries<Record<string, unknown>>(document.variable ?? {})) {
    block.default = VARIABLES[name];
  }
  return JSON.stringify(document);
}
