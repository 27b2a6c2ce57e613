import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { Testing } from "cdktf";
import { Construct } from "constructs";
import { BaseStack } from "../../stacks/base-stack";
import { environmentWith } from "../helpers/environment";
import { synthesize, synthesizeAll } from "../helpers/synth";

class EmptyStack extends BaseStack {}

describe("every stack", () => {
  const { registry, data, ingester } = synthesize(
    environmentWith({ tags: { team: "social", "cost center": "R+D 天気" } }),
  );

  it("asks for the provider range and the account of its environment", () => {
    expect(data.document.terraform).toMatchObject({
      required_providers: { aws: { version: ">= 5.100.0, < 7.0.0" } },
    });
    expect(data.document.provider.aws[0]).toMatchObject({
      region: "eu-west-1",
      allowed_account_ids: ["333333333333"],
    });
  });

  it("tags through the provider; resources without a name of their own have a Name tag beside", () => {
    expect(ingester.document.provider.aws[0]).toMatchObject({
      default_tags: [
        {
          tags: {
            app: "tweets",
            environment: "test",
            stack: "tweets-test-ingester",
            team: "social",
            "cost center": "R+D 天気",
          },
        },
      ],
    });
    for (const { document } of synthesizeAll()) {
      const resources = Object.values(document.resource).flatMap((byId) => Object.values(byId));
      const tags = resources.flatMap((resource) => ("tags" in resource ? [resource.tags] : []));
      expect(tags.map((own) => Object.keys(own as object))).toEqual(tags.map(() => ["Name"]));
    }
  });

  it("keeps its state in a file beside cdktf.json", () => {
    expect(registry.document.terraform.backend).toEqual({
      local: { path: "../../../terraform.tweets-test-registry.tfstate" },
    });
  });

  it("keeps its state in a bucket with native locking, if configured", () => {
    const { data } = synthesize(environmentWith({ state: { kind: "s3", bucket: "states" } }));
    expect(data.document.terraform.backend).toEqual({
      s3: {
        bucket: "states",
        key: "tweets-test-data/terraform.tfstate",
        region: "eu-west-1",
        encrypt: true,
        use_lockfile: true,
      },
    });
  });

  it("keeps its state under a prefix and a key, and takes a role, where an organization asks for that", () => {
    const kmsKeyArn = "arn:aws:kms:eu-west-1:333333333333:key/1234";
    const { data } = synthesize(
      environmentWith({
        state: { kind: "s3", bucket: "states", keyPrefix: "team/", kmsKeyArn },
        assumeRole: { roleArn: "arn:aws:iam::333333333333:role/deploy", externalId: "team" },
      }),
    );
    expect(data.document.terraform.backend).toMatchObject({
      s3: { key: "team/tweets-test-data/terraform.tfstate", kms_key_id: kmsKeyArn },
    });
    expect(data.document.provider.aws[0]).toMatchObject({
      assume_role: [{ role_arn: "arn:aws:iam::333333333333:role/deploy", external_id: "team" }],
    });
  });

  it("makes every role under the path and within the boundary that an organization asks for", () => {
    const permissionsBoundaryArn = "arn:aws:iam::333333333333:policy/boundary";
    const stacks = synthesize(
      environmentWith({
        roles: { path: "/team/", permissionsBoundaryArn },
        network: { flowLogs: true },
        worker: { run: { mode: "schedule", expression: "rate(1 hour)" } },
        state: { kind: "s3", bucket: "states" },
        github: { repository: "octo-org/my-repo" },
      }),
    );
    const roles = Object.values(stacks).flatMap((stack) => Object.values(stack.all("aws_iam_role")));
    expect(roles.length).toBeGreaterThan(6);
    for (const role of roles) {
      expect(role).toMatchObject({ path: "/team/", permissions_boundary: permissionsBoundaryArn });
    }
    const text = Object.values(stacks)
      .map(({ json }) => json)
      .join();
    expect(text).toContain(":role/team/tweets-test-ingester-task");
    expect(text.match(/:role\/(?!team\/|aws-service-role\/)/g)).toBeNull();
  });

  it("says what others build on", () => {
    const { registry, data, ingester } = synthesize(environmentWith({ catalog: {} }));
    const outputs = [registry, data, ingester].map(({ json }) => Object.keys(JSON.parse(json).output).sort());
    expect(outputs).toEqual([
      ["repository_arn", "repository_url", "token_secret_arn", "token_secret_name"],
      [
        ...["bucket_arn", "bucket_name", "catalog_database", "catalog_table", "checkpoint_table_arn"],
        ...["checkpoint_table_name", "delivery_log_group_name", "delivery_role_arn", "query_workgroup"],
        ...["stream_arn", "stream_name"],
      ],
      [
        ...["alarm_topic_arn", "cluster_arn", "dashboard_name", "execution_role_arn", "log_group_name"],
        ...["metrics_namespace", "security_group_id", "task_role_arn", "vpc_id", "worker_name"],
      ],
    ]);
  });

  it("reads nothing from AWS while planning", () => {
    for (const { document } of synthesizeAll()) {
      expect(Object.keys(document.data ?? {})).toEqual(document.data ? ["aws_iam_policy_document"] : []);
    }
  });

  it("takes the partition of its region", () => {
    const regions = { "cn-north-1": "arn:aws-cn:", "us-gov-west-1": "arn:aws-us-gov:" };
    for (const [region, partition] of Object.entries(regions)) {
      const stacks = synthesize(environmentWith({ region, network: { availabilityZones: [`${region}a`] } }));
      const text = Object.values(stacks)
        .map(({ json }) => json)
        .join();
      expect(text).toContain(partition);
      expect(text).not.toContain("arn:aws:");
    }
  });
});

describe("addresses", () => {
  it("are the construct path, without hashes", () => {
    const stack = new EmptyStack(Testing.app(), "stack", environmentWith());
    const parent = new Construct(stack, "posts");
    const bucket = new S3Bucket(new Construct(parent, "eu-west-1a"), "Default");
    expect(bucket.friendlyUniqueId).toBe("posts_eu_west_1a");
  });

  it("are refused when two constructs would share one", () => {
    const stack = new EmptyStack(Testing.app(), "stack", environmentWith());
    const first = new S3Bucket(stack, "a-b");
    const second = new S3Bucket(stack, "a_b");
    expect(first.friendlyUniqueId).toBe("a_b");
    expect(() => second.friendlyUniqueId).toThrow("Both stack/a-b and stack/a_b would be aws_s3_bucket.a_b");
  });
});
