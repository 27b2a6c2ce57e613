import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { noPlanComment, planComment } from "../../scripts/review/plan-comment";
import { synthesize, synthesizeAll, synthesizeVariants } from "../helpers/synth";
import { describeWithTerraform, PLUGIN_DIRECTORY } from "../helpers/terraform";
import { variants } from "../helpers/variants";

const SCRIPTS = join(__dirname, "../../.github/scripts");
const STACK = "tweets-dev-data";
const OTHER = "tweets-dev-registry";

/** What the two workflows do to stacks that need no provider: one machine plans, another applies. */
describeWithTerraform("the pipeline's scripts", () => {
  let directory: string;
  /** A directory of the stacks as each test finds them, planned. */
  let planned: string;
  beforeAll(() => {
    start();
    plan();
    planned = directory;
  });
  afterAll(() => rmSync(planned, { recursive: true, force: true }));
  beforeEach(start);
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it("apply the reviewed plans, and are not asked to when nothing changes", () => {
    usePlans();
    expect(changesOf(STACK)).toEqual([{ address: "terraform_data.first", actions: ["create"] }]);
    const environments = [{ environment: "dev", stacks: `${OTHER} ${STACK}` }];
    expect(changed(environments)).toEqual({ first: environments, later: [] });

    expect(apply()).toMatchObject({ status: 0 });
    expect(stateOf(STACK)).toEqual({ first: "1" });

    plan();
    expect(existsSync(join(directory, `reviewed/plan-${STACK}/tfplan`))).toBe(false);
    expect(changed(environments)).toEqual({ first: [], later: [] });
    expect(apply().output).toContain(`${STACK}: nothing to change`);
  });

  it("refuse a plan when the state has changed since", () => {
    usePlans();
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
    usePlans();
    write(STACK, { first: "another" });
    const { status, output } = apply();
    expect(status).toBe(1);
    expect(output).toContain(`${STACK} is no longer what was reviewed`);
    expect(existsSync(stateFile(OTHER))).toBe(false);
  });

  it("refuse a stack that was not planned at all", () => {
    usePlans();
    rmSync(join(directory, `reviewed/plan-${OTHER}`), { recursive: true });
    const { status, output } = apply();
    expect(status).toBe(1);
    expect(output).toContain(`${OTHER} was not planned in the pull request`);
  });

  it("refuse to plan a stack with a file that was not synthesized", () => {
    writeFileSync(join(directory, "cdktf.out/stacks", STACK, "extra.tf.json"), "{}");
    expect(() => plan()).toThrow();
    const refused = readFileSync(join(directory, `reviewed/plan-${STACK}/refused.txt`), "utf8");
    expect(refused).toContain(`${STACK} holds ./extra.tf.json, which was not synthesized`);
    expect(
      noPlanComment({ stack: STACK, refused, runUrl: "https://example.com/run", commit: "abc" }),
    ).toContain(`- **${STACK} holds ./extra.tf.json`);
    expect(existsSync(join(directory, `reviewed/plan-${STACK}/tfplan`))).toBe(false);
  });

  it("refuse a plan of a directory that held more than main, though its hashes say otherwise", () => {
    usePlans();
    const hashes = readFileSync(join(directory, `reviewed/plan-${STACK}/terraform.sha256`));
    const marker = join(directory, "was-run");
    const folder = join(directory, "cdktf.out/stacks", STACK);
    const provisioner = { "local-exec": { command: `touch ${marker}` } };
    const extra = { resource: { terraform_data: { extra: { provisioner } } } };
    writeFileSync(join(folder, "extra.tf.json"), JSON.stringify(extra));
    const forged = join(directory, `reviewed/plan-${STACK}`);
    execFileSync("terraform", ["plan", "-input=false", `-out=${forged}/tfplan`], {
      cwd: folder,
      stdio: "pipe",
    });
    rmSync(join(folder, "extra.tf.json"));
    writeFileSync(join(forged, "terraform.sha256"), hashes);

    const { status, output } = apply();

    expect(status).toBe(1);
    expect(output).toContain(`The plan of ${STACK} holds another configuration than main`);
    expect([existsSync(marker), existsSync(stateFile(STACK)), existsSync(stateFile(OTHER))]).toEqual([
      false,
      false,
      false,
    ]);
  });

  it("refuse an asset that is not what was planned", () => {
    const asset = join(directory, "cdktf.out/stacks", STACK, "assets/function/archive.zip");
    mkdirSync(join(asset, ".."), { recursive: true });
    writeFileSync(asset, "reviewed");
    plan();
    writeFileSync(asset, "another");
    expect(apply().output).toContain(`${STACK} is no longer what was reviewed`);
    writeFileSync(asset, "reviewed");
    expect(apply()).toMatchObject({ status: 0 });
  });

  it.each([
    [
      "provisioners",
      { resource: { terraform_data: { a: { provisioner: { "local-exec": { command: "id" } } } } } },
    ],
    ["provisioners", { resource: { aws_s3_bucket: { a: [{ provisioner: [{ "remote-exec": {} }] }] } } }],
    [
      "provisioners",
      { removed: { from: "aws_s3_bucket.a", provisioner: { "local-exec": { command: "id" } } } },
    ],
    ["resources of other providers", { data: { external: { a: { program: ["id"] } } } }],
    ["resources of other providers", { resource: { null_resource: { a: {} } } }],
    ["resources of other providers", { data: { terraform_remote_state: { a: {} } } }],
    ["providers other than aws", { provider: { http: {} } }],
    [
      "providers other than aws",
      { terraform: { required_providers: { null: { source: "hashicorp/null" } } } },
    ],
    [
      "providers from elsewhere",
      { terraform: { required_providers: { aws: { source: "example.com/x/aws" } } } },
    ],
    ["blocks other than those of a stack", { module: { a: { source: "./elsewhere" } } }],
  ])("refuse %s: %j", (what, document) => {
    const file = join(directory, "cdktf.out/stacks", STACK, "cdk.tf.json");
    writeFileSync(file, JSON.stringify(document));
    const refusal = refusalOf("check-terraform.sh", join(file, ".."));
    expect(refusal).toContain(`${STACK} has ${what}`);
  });

  it("let every shipped stack pass", () => {
    for (const { stackName, json } of [...synthesizeAll(), ...synthesizeVariants()]) {
      const folder = join(directory, "cdktf.out/stacks", stackName);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "cdk.tf.json"), json);
      expect(script("check-terraform.sh", folder)).toBe("");
    }
  });

  describe("before an apply", () => {
    const REVIEWERS = [{ type: "required_reviewers", reviewers: [{ type: "User" }] }];
    const rules = (
      protection_rules: unknown,
      deployment_branch_policy: unknown = { protected_branches: true },
    ) => JSON.stringify({ protection_rules, deployment_branch_policy });

    it.each([
      ["", rules(REVIEWERS)],
      ["has no required reviewers", rules([{ type: "wait_timer" }])],
      ["has no required reviewers", rules([{ type: "required_reviewers", reviewers: [] }])],
      ["takes any branch", rules(REVIEWERS, null)],
      ["cannot be read", ""],
    ])("refuse a GitHub environment that %s", (problem, answer) => {
      const gh = answer === "" ? "echo 'Not Found (HTTP 404)' >&2; exit 1" : `echo '${answer}'`;
      mkdirSync(join(directory, "bin"));
      writeFileSync(join(directory, "bin/gh"), `#!/bin/sh\n${gh}\n`, { mode: 0o755 });
      const check = () => refusalOf("check-environments.sh", JSON.stringify([{ environment: "prod" }]));
      expect(check()).toContain(problem);
      if (problem === "") expect(check()).toBe("");
    });
  });

  it("apply environments that come after another one later", () => {
    usePlans();
    const dev = { environment: "dev", stacks: OTHER };
    const prod = { environment: "prod", stacks: STACK, after: "dev" };
    expect(changed([prod, dev])).toEqual({ first: [dev], later: [prod] });
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
      commit: "abc",
    });
    expect(comment).toContain(`### 🛑 \`${STACK}\`: 1 to REPLACE, 2 to DESTROY`);
    expect(comment).toContain("- **`terraform_data.first` is destroyed**");
    expect(comment).toContain("- **`terraform_data.third` is replaced**");
    expect(comment).toContain("Plan: 1 to add, 0 to change, 3 to destroy.");
  });

  function start(): void {
    directory = mkdtempSync(join(tmpdir(), "pipeline-test-"));
    for (const stack of [STACK, OTHER]) write(stack, { first: "1" });
  }

  /** As if these stacks had been planned here. */
  function usePlans(): void {
    cpSync(planned, directory, { recursive: true });
  }

  function write(stack: string, values: Readonly<Record<string, string>>, trigger = "none"): void {
    const folder = join(directory, "cdktf.out/stacks", stack);
    mkdirSync(folder, { recursive: true });
    const resources = Object.entries(values).map(([id, input]) => [id, { input, triggers_replace: trigger }]);
    const document = {
      terraform: { backend: { local: { path: `../../../${stack}.tfstate` } } },
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
    const outputs = script("changed-environments.mjs", "reviewed", JSON.stringify(environments));
    const lines = outputs.trim().split("\n");
    return Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf("=")), JSON.parse(line.slice(line.indexOf("=") + 1))]),
    );
  }

  /** What a script says when it refuses; empty when it does not. */
  function refusalOf(name: string, ...args: string[]): string {
    try {
      script(name, ...args);
      return "";
    } catch (error) {
      return (error as { stdout: string }).stdout;
    }
  }

  function script(name: string, ...args: string[]): string {
    const env = {
      ...process.env,
      CHECKPOINT_DISABLE: "1",
      TF_CLI_ARGS_init: `-plugin-dir=${PLUGIN_DIRECTORY}`,
      PATH: `${join(directory, "bin")}:${process.env.PATH}`,
      GITHUB_REPOSITORY: "octo-org/my-repo",
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
