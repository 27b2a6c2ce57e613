import { rootOf } from "../helpers/plan";
import { type Synthesized, synthesize, synthesizeAll } from "../helpers/synth";
import { describeWithTerraform, terraformIn } from "../helpers/terraform";
import { variants } from "../helpers/variants";

const TEN_MINUTES = 600_000;

describeWithTerraform("the real Terraform", () => {
  it(
    "applies every shipped stack, and those that differ most, against a mocked provider",
    async () => {
      const others = [synthesize(variants.transform).data, ...Object.values(synthesize(variants.existing))];
      const applied = [...synthesizeAll(), ...others];
      const files = {
        "main.tf.json": rootOf(applied),
        // Without it, Terraform gives the modules the real provider in silence.
        "provider.tf.json": '{"terraform":{"required_providers":{"aws":{"source":"hashicorp/aws"}}}}',
        "stacks.tftest.hcl": `${mockedProvider()}\nrun "every_stack" {}`,
        ...stackFiles(applied.map(mockable)),
      };
      const output = await terraformIn(files, "test", "-no-color");
      expect(output).toContain("Success! 1 passed, 0 failed.");
    },
    TEN_MINUTES,
  );
});

/**
 * `terraform test` destroys what it applied, which the stacks of production refuse. The mock stands where a root's
 * provider would, and modules with a provider of their own would not use it.
 */
function mockable({ stackName, json }: Synthesized): Pick<Synthesized, "stackName" | "json"> {
  const { provider: _provider, ...stack } = JSON.parse(json);
  const text = JSON.stringify(stack).replaceAll('"prevent_destroy":true', '"prevent_destroy":false');
  return { stackName, json: text };
}

function stackFiles(stacks: readonly Pick<Synthesized, "stackName" | "json">[]): Record<string, string> {
  return Object.fromEntries(stacks.map(({ stackName, json }) => [`${stackName}/cdk.tf.json`, json]));
}

/** Of resources whose ARN others refer to; random text is refused, since the provider checks arguments still. */
const MOCKED_ARNS: Readonly<Record<string, string>> = {
  aws_cloudwatch_log_group: "arn:aws:logs:eu-west-1:111111111111:log-group:mock",
  aws_ecs_cluster: "arn:aws:ecs:eu-west-1:111111111111:cluster/mock",
  aws_ecs_task_definition: "arn:aws:ecs:eu-west-1:111111111111:task-definition/mock:1",
  aws_iam_policy: "arn:aws:iam::111111111111:policy/mock",
  aws_iam_role: "arn:aws:iam::111111111111:role/mock",
  aws_kms_key: "arn:aws:kms:eu-west-1:111111111111:key/11111111-2222-3333-4444-555555555555",
  aws_lambda_function: "arn:aws:lambda:eu-west-1:111111111111:function:mock",
  aws_s3_bucket: "arn:aws:s3:::mock",
  aws_sns_topic: "arn:aws:sns:eu-west-1:111111111111:mock",
};

function mockedProvider(): string {
  const resources = Object.entries(MOCKED_ARNS).map(
    ([type, arn]) => `  mock_resource "${type}" {
    defaults = { arn = "${arn}" }
  }`,
  );
  return `mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
${resources.join("\n")}
}`;
}
