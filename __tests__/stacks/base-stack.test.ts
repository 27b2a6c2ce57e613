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

  it("keeps its state in a bucket with native locking, if told so", () => {
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
