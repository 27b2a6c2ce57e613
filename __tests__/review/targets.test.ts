import { targetsOf } from "../../scripts/review/targets";
import type { TerraformJson } from "../../scripts/review/terraform-json";
import type { EnvironmentConfig } from "../../stacks/environment/environment";
import { environmentWith } from "../helpers/environment";
import { synthesize } from "../helpers/synth";

function stacksOf(...configs: readonly EnvironmentConfig[]): Map<string, TerraformJson> {
  const stacks = configs.flatMap((config) => Object.values(synthesize(config)));
  return new Map(stacks.map(({ stackName, json }) => [stackName, JSON.parse(json)]));
}

describe("what workflows have to do", () => {
  const piped = environmentWith({
    environment: "piped",
    state: { kind: "s3", bucket: "states" },
    github: { repository: "octo-org/my-repo" },
  });
  const targets = targetsOf(stacksOf(environmentWith(), piped));
  const role = (name: string) => `arn:aws:iam::333333333333:role/tweets-piped-github-${name}`;

  it("is to plan the stacks of environments with a pipeline, with the role that reads", () => {
    const names = ["tweets-piped-registry", "tweets-piped-data", "tweets-piped-ingester"];
    expect(targets.online).toEqual(
      names.map((stack) => ({ stack, environment: "piped", region: "eu-west-1", role: role("plan") })),
    );
  });

  it("is to apply them in the order in which they need each other", () => {
    expect(targets.environments).toEqual([
      {
        environment: "piped",
        region: "eu-west-1",
        role: role("apply"),
        stacks: "tweets-piped-registry tweets-piped-data tweets-piped-ingester",
      },
    ]);
  });

  it("is to plan the others offline", () => {
    expect(targets.offline).toEqual(["tweets-test-registry", "tweets-test-data", "tweets-test-ingester"]);
    expect(targets.all).toHaveLength(6);
  });
});
