import { offlinePlan, type Plan, twoAtATime } from "../helpers/plan";
import { type Synthesized, synthesizeAll } from "../helpers/synth";
import { describeWithTerraform, init, terraform, workspace } from "../helpers/terraform";

const TEN_MINUTES = 600_000;

describeWithTerraform("the real Terraform and AWS provider", () => {
  const stacks = synthesizeAll();

  it(
    "validate every stack",
    async () => {
      const modules = Object.fromEntries(
        stacks.map(({ stackName }) => [stackName, { source: `./${stackName}` }]),
      );
      const directory = workspace({
        "main.tf.json": JSON.stringify({ module: modules }),
        ...stackFiles(stacks),
      });
      await init(directory);
      const verdict = JSON.parse(await terraform(directory, "validate", "-json"));
      expect(verdict).toMatchObject({ valid: true, error_count: 0 });
    },
    TEN_MINUTES,
  );

  describe("offline plan", () => {
    let plans: Plan[];
    beforeAll(async () => {
      plans = await twoAtATime(stacks, ({ json }) => offlinePlan(json));
    }, TEN_MINUTES);

    it.each(stacks.map(({ stackName }, index) => ({ stackName, index })))(
      "creates exactly the resources of $stackName",
      ({ index }) => {
        const created = plans[index]?.resource_changes.filter(
          ({ change }) => change.actions.join() === "create",
        );
        expect(created?.map(({ address }) => address).sort()).toEqual(stacks[index]?.addresses.sort());
      },
    );
  });

  it(
    "applies every stack against a mocked provider",
    async () => {
      const directory = workspace({
        "main.tf.json": "{}",
        "stacks.tftest.hcl": mockedApply(stacks),
        ...stackFiles(stacks),
      });
      await init(directory);
      const output = await terraform(directory, "test", "-no-color");
      expect(output).toContain(`Success! ${stacks.length} passed, 0 failed.`);
    },
    TEN_MINUTES,
  );
});

function stackFiles(stacks: readonly Synthesized[]): Record<string, string> {
  return Object.fromEntries(stacks.map(({ stackName, json }) => [`${stackName}/cdk.tf.json`, json]));
}

/** One run for each stack in one process, so that the provider starts once. */
function mockedApply(stacks: readonly Synthesized[]): string {
  const runs = stacks.map(
    ({ stackName }) => `run "${stackName}" {
  command = apply
  module {
    source = "./${stackName}"
  }
}`,
  );
  return [MOCKED_PROVIDER, ...runs].join("\n");
}

/** Random text is no ARN and no JSON: the provider's own checks of arguments stay on under a mock. */
const MOCKED_PROVIDER = `mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111111111111:role/mock" }
  }
  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::mock" }
  }
  mock_resource "aws_ecs_cluster" {
    defaults = { arn = "arn:aws:ecs:eu-west-1:111111111111:cluster/mock" }
  }
  mock_resource "aws_ecs_task_definition" {
    defaults = { arn = "arn:aws:ecs:eu-west-1:111111111111:task-definition/mock:1" }
  }
}`;
