/** What a team has already: used, never changed. docs/adopt.md */
import { checkEnvironments } from "../../stacks/environment/check-environments";
import type { EnvironmentConfig } from "../../stacks/environment/environment";
import { environmentWith } from "../helpers/environment";
import { synthesize } from "../helpers/synth";
import { variants } from "../helpers/variants";

const { registry, data, ingester } = synthesize(variants.adopted);
const outputs = (json: string): Record<string, { value: string }> => JSON.parse(json).output;

function problemsOf(config: EnvironmentConfig): string {
  try {
    checkEnvironments({ "adopted.ts": config });
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

describe("an environment of what is there already", () => {
  it("creates none of it, and sets nothing on it", () => {
    const types = [registry, data, ingester].flatMap(({ addresses }) =>
      addresses.map((address) => address.split(".")[0] ?? ""),
    );
    const others = /^aws_(s3_bucket|ecr_|secretsmanager_|dynamodb_|ecs_cluster|security_group|vpc|sns_)/;
    expect(types.filter((type) => others.test(type))).toEqual([]);
    // The pipeline's two roles are the environment's own.
    expect(Object.keys(registry.all("aws_iam_role"))).toEqual(["github_apply", "github_plan"]);
    for (const stack of [data, ingester]) expect(stack.all("aws_iam_role_policy")).toEqual({});
  });

  it("runs in the given cluster, with the given roles", () => {
    const service = ingester.one("aws_ecs_service");
    expect(service).toMatchObject({
      cluster: "arn:aws:ecs:eu-west-1:333333333333:cluster/shared",
      network_configuration: { security_groups: ["sg-0123456789abcdef0"] },
    });
    const task = ingester.one("aws_ecs_task_definition");
    expect(task).toMatchObject({
      task_role_arn: "arn:aws:iam::333333333333:role/team/task",
      execution_role_arn: "arn:aws:iam::333333333333:role/team/execution",
    });
    expect(String(task.container_definitions)).toContain(
      "444444444444.dkr.ecr.us-east-1.amazonaws.com/team/tweets:1.2.3",
    );
    const alarm = ingester.one("aws_cloudwatch_metric_alarm", "alarms_task_not_running");
    expect(alarm.dimensions).toMatchObject({ ClusterName: "shared" });
  });

  it("says what each role has to be allowed, since it grants nothing itself", () => {
    expect(Object.keys(outputs(ingester.json))).toEqual(
      expect.arrayContaining(["task_role_permissions", "execution_role_permissions"]),
    );
    const sids = (id: string) => ingester.statements(id).map(({ sid }) => sid);
    expect(sids("ingester_task_role_permissions_document")).toEqual(["PutRecords", "KeepLedger"]);
    const [keep] = ingester
      .statements("ingester_task_role_permissions_document")
      .filter(({ sid }) => sid === "KeepLedger");
    expect(keep?.resources).toEqual(["arn:aws:dynamodb:eu-west-1:333333333333:table/team-ledger"]);
    expect(outputs(data.json).delivery_role_permissions?.value).toContain("permissions_document.json");
    expect(outputs(data.json).bucket_name?.value).toBe("example-posts");
  });

  it("lets the pipeline pass the roles, and change neither them nor bucket, table, repository and secret", () => {
    const text = registry.json;
    expect(text).toContain("arn:aws:iam::333333333333:role/team/task");
    for (const each of ["PutBucketPolicy", "dynamodb:UpdateTable", "ecr:CreateRepository", "UpdateSecret"]) {
      expect(text).not.toContain(each);
    }
  });

  it("is refused with every problem at once, each with its place", () => {
    const message = problemsOf(
      environmentWith({
        registry: { repositoryArn: "arn:aws-cn:ecr:cn-north-1:333333333333:repository/a", keepImages: 3 },
        token: { kmsKeyArn: "arn:aws:kms:eu-west-1:333333333333:key/1-2" },
        storage: {
          existingBucket: { bucket: "s3://posts", kmsKeyArn: "arn:aws:kms:us-east-1:333333333333:key/1-2" },
          expireAfterDays: 30,
        },
        ledger: { kmsKeyArn: "arn:aws:kms:us-east-1:333333333333:key/1-2" },
        delivery: { roleArn: "arn:aws:iam::444444444444:role/firehose" },
        transform: { roleArn: "firehose" },
        worker: {
          clusterArn: "arn:aws:ecs:us-east-1:444444444444:cluster/shared",
          securityGroupIds: [],
          statusIngressCidrs: ["10.0.0.0/8"],
          taskRoleArn: "arn:aws-us-gov:iam::333333333333:role/task",
          schedulerRoleArn: "arn:aws:iam::333333333333:role/scheduler",
          extraEgress: [{ description: "<proxy>", port: 0, cidr: "10.0.0.1/8" }],
          extraPermissions: [{ sid: "a-b", actions: ["*"], resources: [] }],
        },
        monitoring: { topicArn: "arn:aws:sns:us-east-1:333333333333:on-call" },
      }),
    );
    for (const expected of [
      'registry.repositoryArn must be a repository of the partition aws, got "arn:aws-cn',
      "registry.keepImages must be left out with repositoryArn",
      "token.kmsKeyArn is that of a secret that is there already",
      "storage.existingBucket.bucket must be the name or the ARN of a bucket",
      "storage.existingBucket.kmsKeyArn must be a key of eu-west-1",
      "storage.expireAfterDays must be left out with existingBucket",
      "ledger.kmsKeyArn must be a key of eu-west-1",
      "ledger.kmsKeyArn is that of existingTableName",
      "delivery.roleArn must be a role of the account 333333333333",
      "transform.roleArn must be the ARN of an IAM role",
      "worker.clusterArn must be a cluster of eu-west-1",
      "worker.clusterArn must be a cluster of the account 333333333333",
      "worker.securityGroupIds must be a list of 1 to 5 security groups, got 0",
      "worker.statusIngressCidrs must be left out with securityGroupIds",
      "worker.extraEgress must be left out with securityGroupIds",
      "worker.taskRoleArn must be a role of the partition aws",
      "worker.extraPermissions must be left out with taskRoleArn",
      'worker.schedulerRoleArn must be left out without run.mode "schedule"',
      "worker.extraEgress.0.description must be",
      "worker.extraEgress.0.port must be",
      "worker.extraEgress.0.cidr must be",
      "worker.extraPermissions.0.sid must be",
      "worker.extraPermissions.0.actions.0 must be",
      "worker.extraPermissions.0.resources must be a list of one or more",
      "monitoring.topicArn must be a topic of eu-west-1",
    ]) {
      expect(message).toContain(`adopted.ts: ${expected}`);
    }
  });
});

describe("what is added to what is created", () => {
  const worker = {
    extraEgress: [
      { description: "Proxy", port: 3128, cidr: "10.1.0.0/16" },
      { description: "Resolver", port: 53, protocol: "udp", prefixListId: "pl-0123456789abcdef0" },
    ],
    extraPermissions: [
      {
        sid: "WriteMetrics",
        actions: ["aps:RemoteWrite"],
        resources: ["arn:aws:aps:eu-west-1:333333333333:workspace/a"],
      },
    ],
  } as const;

  it("is a rule of its own for each way out, and a statement of the task role", () => {
    const { ingester: stack } = synthesize(environmentWith({ worker }));
    const rules = stack.all("aws_vpc_security_group_egress_rule");
    expect(Object.keys(rules).sort()).toEqual([
      "ingester_security_group_egress_tcp_3128_10_1_0_0_16",
      "ingester_security_group_egress_udp_53_pl_0123456789abcdef0",
      "ingester_security_group_https_out",
    ]);
    const service = stack.one("aws_ecs_service");
    expect(service.depends_on).toEqual(
      expect.arrayContaining([
        "aws_vpc_security_group_egress_rule.ingester_security_group_egress_tcp_3128_10_1_0_0_16",
      ]),
    );
    const sids = stack.statements("ingester_task_role_permissions_document").map(({ sid }) => sid);
    expect(sids).toContain("WriteMetrics");
  });
});
