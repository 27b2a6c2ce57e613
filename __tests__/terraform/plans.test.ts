import { policyCharacters } from "../../stacks/constructs/aws/policy";
import { changePermissions, readPermissions } from "../../stacks/github/permissions";
import { drawnMetrics } from "../helpers/dashboard-body";
import { searchOf } from "../helpers/environment";
import { knownPlans } from "../helpers/known-plans";
import type { Plan } from "../helpers/plan";
import {
  type ContainerJson,
  type EnvironmentStacks,
  type Synthesized,
  synthesize,
  synthesizeAll,
  synthesizeVariants,
} from "../helpers/synth";
import { describeWithTerraform } from "../helpers/terraform";
import { variants } from "../helpers/variants";
import { describeNastyConfigurations, describePlainTexts } from "../plain-text/planned-texts";
import { hiddenAttributes, hiddenWithReason } from "../review/hidden";

const TEN_MINUTES = 600_000;
/** Attributes that hold a JSON document. */
const DOCUMENTS = ["assume_role_policy", "container_definitions", "dashboard_body", "policy"];

describeNastyConfigurations();

describeWithTerraform("the real Terraform and AWS provider", () => {
  const stacks = [...synthesizeAll(), ...synthesizeVariants()];

  describe("offline plan", () => {
    let plans: Plan[];
    beforeAll(async () => {
      plans = await knownPlans(stacks);
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

    it("hides nothing without a reason", () => {
      expect(hiddenAttributes(plans, stacks)).toEqual(hiddenWithReason);
    });

    it("shows every document before anything is created", () => {
      expect(hiddenWithReason.filter((path) => DOCUMENTS.includes(path.split(".").at(-1) ?? ""))).toEqual([]);
      const documents = plans.flatMap(({ resource_changes }) =>
        resource_changes.flatMap(({ change }) => DOCUMENTS.map((name) => change.after[name])),
      );
      const shown = documents.filter((text) => typeof text === "string");
      expect(shown.length).toBeGreaterThan(stacks.length);
      for (const text of shown) expect(() => JSON.parse(text)).not.toThrow();
    });

    it("leaves no policy document to be read while applying", () => {
      const late = plans.flatMap(({ resource_changes }) =>
        resource_changes.filter(({ change }) => change.actions.includes("read")),
      );
      expect(late).toEqual([]);
    });

    const changesOf = ({ stackName }: Synthesized) =>
      plans[stacks.findIndex((stack) => stack.stackName === stackName)]?.resource_changes ?? [];
    const planOf = ({ ingester }: EnvironmentStacks) => changesOf(ingester);

    it("has policies as long as the checks take them to be", () => {
      const changes = changesOf(synthesize(variants.existing).registry);
      const characters = (address: string) =>
        String(changes.find((each) => each.address === address)?.change.after.policy).replace(/\s/g, "")
          .length;
      expect(characters("aws_iam_policy.github_read")).toBe(
        policyCharacters(readPermissions(variants.existing)),
      );
      expect(characters("aws_iam_role_policy.github_apply_permissions")).toBe(
        policyCharacters(changePermissions(variants.existing)),
      );
    });

    function plannedVariable(stack: EnvironmentStacks, variable: string): string | undefined {
      const task = planOf(stack).find(({ type }) => type === "aws_ecs_task_definition");
      const containers: ContainerJson[] = JSON.parse(String(task?.change.after.container_definitions));
      const container = containers.find(({ name }) => name === "ingester");
      return container?.environment.find(({ name }) => name === variable)?.value;
    }

    it("hands a query of quotes, backslashes and templates to the ingester unchanged", () => {
      const { query } = searchOf(variants.endpoints);
      expect(query).toContain('"climate change" OR \\ \t%{if} %%{if}');
      expect(plannedVariable(synthesize(variants.endpoints), "SEARCH_QUERY")).toBe(query);
    });

    it("hands rules of the stream to the ingester unchanged", () => {
      const { source } = variants.live.ingester;
      const text = plannedVariable(synthesize(variants.live), "STREAM_RULES") ?? "";
      expect(JSON.parse(text)).toEqual(source.mode === "stream" ? source.rules : "a stream");
    });

    it("hands a list of such queries to the ingester unchanged", () => {
      const { queries } = searchOf(variants.queries);
      expect(queries?.length).toBeGreaterThan(3);
      const text = plannedVariable(synthesize(variants.queries), "SEARCH_QUERIES") ?? "";
      expect(JSON.parse(text)).toEqual(queries);
    });

    it("lets alarms and dashboard look for the key of such a query unchanged", () => {
      const changes = planOf(synthesize(variants.queries));
      const watched = changes
        .filter(({ change }) => change.after.metric_name === "LagSeconds")
        .map(({ change }) => (change.after.dimensions as Record<string, string>).CheckpointKey);
      const dashboard = changes.find(({ type }) => type === "aws_cloudwatch_dashboard")?.change.after;
      const drawn = drawnMetrics(JSON.parse(String(dashboard?.dashboard_body)).widgets)
        .filter(({ name }) => name === "LagSeconds")
        .map(({ dimensions }) => dimensions.CheckpointKey);
      const queries = searchOf(variants.queries).queries ?? [];
      expect(watched).toHaveLength(queries.length);
      expect(new Set(watched)).toEqual(new Set(drawn));
      expect(watched).toContain(`tweet_stream/${queries.find(({ name }) => name === "a-b")?.query}`);
    });
  });

  describePlainTexts();
});
