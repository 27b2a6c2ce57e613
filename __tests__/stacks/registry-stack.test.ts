import { environmentWith } from "../helpers/environment";
import { decodeJson, synthesize } from "../helpers/synth";

describe("the registry stack", () => {
  const { registry } = synthesize(environmentWith());

  it("names the repository after app and environment", () => {
    expect(registry.one("aws_ecr_repository")).toMatchObject({
      name: "tweets-test-ecr",
      image_tag_mutability: "IMMUTABLE",
      image_scanning_configuration: { scan_on_push: true },
      force_delete: false,
    });
  });

  it("expires untagged images and keeps the newest others", () => {
    const { repository, policy } = registry.one("aws_ecr_lifecycle_policy");
    // The id is unknown while the repository is replaced; its name is not.
    expect(repository).toBe(`\${aws_ecr_repository.image_repository.id}`);
    expect(decodeJson(policy)).toMatchObject({
      rules: [
        { selection: { tagStatus: "untagged", countNumber: 1 } },
        { selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 20 } },
      ],
    });
  });

  it("creates the token's secret empty", () => {
    expect(registry.one("aws_secretsmanager_secret")).toMatchObject({
      name: "tweets-test-x-token",
      recovery_window_in_days: 7,
    });
    expect(registry.all("aws_secretsmanager_secret_version")).toEqual({});
  });

  it("encrypts both with the customer-managed key, where one is given", () => {
    const kmsKeyArn = "arn:aws:kms:eu-west-1:333333333333:key/1234";
    const keyed = synthesize(environmentWith({ kmsKeyArn })).registry;
    expect(keyed.one("aws_ecr_repository").encryption_configuration).toEqual([
      { encryption_type: "KMS", kms_key: kmsKeyArn },
    ]);
    expect(keyed.one("aws_secretsmanager_secret").kms_key_id).toBe(kmsKeyArn);
  });
});
