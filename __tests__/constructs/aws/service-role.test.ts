import { synthesizeAll, synthesizeVariants } from "../../helpers/synth";

const TYPES = ["aws_iam_role_policy", "aws_iam_role_policy_attachment"];

/** The role of each policy in every stack that the tests know, by the policy's address. */
function rolesOfPolicies(): [string, string][] {
  return [...synthesizeAll(), ...synthesizeVariants()].flatMap((stack) =>
    TYPES.flatMap((type) =>
      Object.entries(stack.all(type)).map(([id, { role }]): [string, string] => [
        `${stack.stackName} ${type}.${id}`,
        String(role),
      ]),
    ),
  );
}

describe("the policy of a role", () => {
  it("is replaced with the role: it refers to the role's id, which is unknown then, and not to its name", () => {
    const roles = rolesOfPolicies();
    for (const type of TYPES) expect(roles.some(([address]) => address.includes(`${type}.`))).toBe(true);
    expect(roles.filter(([, role]) => !/^\$\{aws_iam_role\.\w+\.id\}$/.test(role))).toEqual([]);
  });
});
