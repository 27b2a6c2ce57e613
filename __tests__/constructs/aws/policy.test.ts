import { awsLocation } from "../../../stacks/constructs/aws/aws-location";
import { ServiceRole } from "../../../stacks/constructs/aws/service-role";
import { ConstructStack } from "../../helpers/construct-stack";

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
