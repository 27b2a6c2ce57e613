import { awsLocation } from "../../../stacks/constructs/aws/aws-location";
import { policyCharacters } from "../../../stacks/constructs/aws/policy";
import { ServiceRole } from "../../../stacks/constructs/aws/service-role";
import { changePermissions, readPermissions } from "../../../stacks/github/permissions";
import { ConstructStack } from "../../helpers/construct-stack";
import { knownPlans } from "../../helpers/known-plans";
import { synthesize } from "../../helpers/synth";
import { describeWithTerraform } from "../../helpers/terraform";
import { variants } from "../../helpers/variants";

const TEN_MINUTES = 600_000;

function roleWith(resources: readonly string[]): ServiceRole {
  const role = new ServiceRole(new ConstructStack(), "role", {
    location: awsLocation("333333333333", "eu-west-1"),
    roleName: "role",
    servicePrincipal: "ecs-tasks.amazonaws.com",
  });
  for (const [index, resource] of resources.entries()) {
    role.addStatement({ sid: `Read${index}`, actions: ["s3:GetObject"], resources: [resource] });
  }
  return role;
}

describe("the policy of a role", () => {
  it("is refused when IAM would not take all that was granted", () => {
    const long = Array.from({ length: 20 }, (_, index) => `${index}${"r".repeat(500)}`);
    expect(roleWith(long.slice(0, 10)).node.validate()).toEqual([]);
    expect(roleWith(long).node.validate()).toEqual([
      expect.stringMatching(
        /^permissions must be at most 10240 characters, as an inline policy, got 1\d{4}\. Grant/,
      ),
    ]);
  });

  it("is refused when it is empty", () => {
    expect(roleWith([]).node.validate()).toEqual([expect.stringMatching(/^was granted nothing/)]);
  });
});

describeWithTerraform("the length of a policy", () => {
  it(
    "is that of the document that the provider makes",
    async () => {
      const { registry } = synthesize(variants.existing);
      const [plan] = await knownPlans([registry]);
      const policyAt = (address: string): string =>
        String(plan?.resource_changes.find((each) => each.address === address)?.change.after.policy);
      const characters = (policy: string) => policy.replace(/\s/g, "").length;
      expect(characters(policyAt("aws_iam_policy.github_read"))).toBe(
        policyCharacters(readPermissions(variants.existing)),
      );
      expect(characters(policyAt("aws_iam_role_policy.github_apply_permissions"))).toBe(
        policyCharacters(changePermissions(variants.existing)),
      );
    },
    TEN_MINUTES,
  );
});
