import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { planComment } from "../../scripts/review/plan-comment";
import { synthesize } from "../helpers/synth";
import { describeWithTerraform, PLUGIN_DIRECTORY } from "../helpers/terraform";

import { variants } from "../helpers/variants";

const SCRIPTS = join(__dirname, "../../.github/scripts");
const STACK = "tweets-dev-data";
const OTHER = "tweets-dev-registry";

/** What the two workflows do to stacks that need no provider: one machine plans, another applies. */
describeWithTerraform("the pipeline's scripts", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "pipeline-test-"));
    for (const stack of [STACK, OTHER]) write(stack, { first: "1" });
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it("apply the reviewed plans, and are not asked to when nothing changes", () => {
    plan();
    expect(changesOf(STACK)).toEqual([{ address: "terraform_data.first", actions: ["create"] }]);
    const environments = [{ environment: "dev", stacks: `${OTHER} ${STACK}` }];
    expect(changed(environments)).toEqual(environments);

    expect(apply()).toMatchObject({ status: 0 });
    expect(stateOf(STACK)).toEqual({ first: "1" });

    plan();
    expect(existsSync(join(directory, `reviewed/plan-${STACK}/tfplan`))).toBe(false);
    expect(changed(environments)).toEqual([]);
    expect(apply().output).toContain(`${STACK}: nothing to change`);
  });

  it("refuse a plan when the state has changed since", () => {
    plan();
    cpSync(join(directory, "reviewed"), join(directory, "older"), { recursive: true });
    write(STACK, { first: "1", second: "2" });
    plan();
    apply();
    write(STACK, { first: "1" });

    const { status, output } = apply("older");

    expect(status).toBe(1);
    expect(output).toContain("Saved plan is stale");
    expect(stateOf(STACK)).toEqual({ first: "1", second: "2" });
  });

  it("refuse, before anything is applied, when one stack is not what was planned", () => {
    plan();
    write(STACK, { first: "another" });
    const { status, output } = apply();
    expect(status).toBe(1);
    expect(output).toContain(`${STACK} is no longer what was reviewed`);
    expect(existsSync(stateFile(OTHER))).toBe(false);
  });

  it("refuse a stack that was not planned at all", () => {
    plan();
    rmSync(join(directory, `reviewed/plan-${OTHER}`), { recursive: true });
    const { status, output } = apply();
    expect(status).toBe(1);
    expect(output).toContain(`${OTHER} was not planned in the pull request`);
  });

  it("fail when the plan does", () => {
    write(STACK, { first: "\u0024{nothing.there}" });
    expect(() => script("plan-stack.sh", STACK, "reviewed/x")).toThrow();
  });

  it("plan into an empty account without credentials, wherever the state is kept", () => {
    const { registry } = synthesize(variants.existing);
    expect(registry.document.terraform.backend).toHaveProperty("s3");
    const folder = join(directory, "cdktf.out/stacks", registry.stackName);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "cdk.tf.json"), registry.json);

    const summary = script("plan-offline.sh", registry.stackName);

    expect(summary).toContain(`<code>${registry.stackName}</code>, planned into an empty account`);
    expect(summary).toContain("# aws_iam_role.github_plan will be created");
    expect(summary).toMatch(/Plan: \d+ to add, 0 to change, 0 to destroy\..*```\n\n<\/details>/s);
  }, 180_000);

  it("mark what is destroyed and what is replaced", () => {
    write(STACK, { first: "1", second: "2", third: "3" });
    plan();
    apply();
    write(STACK, { third: "3" }, "new trigger");
    plan();
    const comment = planComment({
      stack: STACK,
      changes: changesOf(STACK),
      text: readFileSync(join(directory, `reviewed/plan-${STACK}/plan.txt`), "utf8"),
      runUrl: "https://example.com/run",
    });
    expect(comment).toContain(`### 🛑 \`${STACK}\`: 1 to REPLACE, 2 to DESTROY`);
    expect(comment).toContain("- **`terraform_data.first` is destroyed**");
    expect(comment).toContain("- **`terraform_data.third` is replaced**");
    expect(comment).toContain("Plan: 1 to add, 0 to change, 3 to destroy.");
  });

  function write(stack: string, values: Readonly<Record<string, string>>, trigger = "none"): void {
    const folder = join(directory, "cdktf.out/stacks", stack);
    mkdirSync(folder, { recursive: true });
    const resources = Object.entries(values).map(([id, input]) => [id, { input, triggers_replace: trigger }]);
    const document = {
      terraform: { backend: { local: { path: stateFile(stack) } } },
      ...(resources.length > 0 ? { resource: { terraform_data: Object.fromEntries(resources) } } : {}),
    };
    writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(document));
  }

  function plan(): void {
    rmSync(join(directory, "reviewed"), { recursive: true, force: true });
    for (const stack of [OTHER, STACK]) script("plan-stack.sh", stack, `reviewed/plan-${stack}`);
  }

  function apply(plans = "reviewed"): { status: number; output: string } {
    try {
      return { status: 0, output: script("apply-stacks.sh", plans, OTHER, STACK) };
    } catch (error) {
      const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
      return { status, output: `${stdout}${stderr}` };
    }
  }

  function changed(environments: unknown): unknown {
    return JSON.parse(script("changed-environments.mjs", "reviewed", JSON.stringify(environments)));
  }

  function script(name: string, ...args: string[]): string {
    const env = {
      ...process.env,
      CHECKPOINT_DISABLE: "1",
      TF_CLI_ARGS_init: `-plugin-dir=${PLUGIN_DIRECTORY}`,
    };
    return execFileSync(join(SCRIPTS, name), args, { cwd: directory, encoding: "utf8", stdio: "pipe", env });
  }

  function stateFile(stack: string): string {
    return join(directory, `${stack}.tfstate`);
  }

  function stateOf(stack: string): Record<string, string> {
    const { resources } = JSON.parse(readFileSync(stateFile(stack), "utf8"));
    return Object.fromEntries(
      resources.map((each: { name: string; instances: [{ attributes: { output: { value: string } } }] }) => [
        each.name,
        each.instances[0].attributes.output.value,
      ]),
    );
  }

  function changesOf(stack: string) {
    return JSON.parse(readFileSync(join(directory, `reviewed/plan-${stack}/changes.json`), "utf8"));
  }
});
