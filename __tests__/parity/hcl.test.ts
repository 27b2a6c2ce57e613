import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { knownPlans } from "../helpers/known-plans";
import {
  type HclStack,
  offlinePlans,
  type Plan,
  type ResourceChange,
  rootOf,
  stackFile,
} from "../helpers/plan";
import { Program } from "../helpers/program";
import { synthesize } from "../helpers/synth";
import { describeWithTerraform, terraformIn } from "../helpers/terraform";
import { variants } from "../helpers/variants";
import { nasty, stacksWithTexts } from "../plain-text/nasty";

const REPOSITORY = join(__dirname, "../..");
const TEN_MINUTES = 600_000;
const HCL = { SYNTH_HCL_OUTPUT: "true" };

const guide = readFileSync(join(REPOSITORY, "docs/cdk-terrain.md"), "utf8");
const [command = ""] = /^.*SYNTH_HCL_OUTPUT.*$/m.exec(guide) ?? [];

describe("the command of docs/cdk-terrain.md that writes HCL", () => {
  it("writes every shipped stack as HCL, and no JSON that Terraform would read beside it", () => {
    const program = new Program();
    copyFileSync(join(REPOSITORY, "package.json"), join(program.directory, "package.json"));
    execFileSync("sh", ["-c", command], { cwd: program.directory, stdio: "pipe" });
    const files = readdirSync(join(program.directory, "hcl.out"), { recursive: true }).map(String);
    program.remove();

    expect(files.filter((file) => file.endsWith("/cdk.tf"))).toHaveLength(9);
    expect(files.filter((file) => file.endsWith(".tf.json"))).toEqual([]);
  });
});

describeWithTerraform("HCL output of every stack and variant", () => {
  // Where HCL could go wrong: queries full of quotes and templates, Spot and sidecars, Lambda, Athena's braces.
  const json = [
    synthesize(variants.endpoints).ingester,
    synthesize(variants.queries).ingester,
    synthesize(variants.transform).data,
    synthesize(variants.existing).ingester,
    ...nasty.flatMap(stacksWithTexts),
  ];
  let hcl: readonly HclStack[];
  let others: readonly HclStack[];
  beforeAll(() => {
    const stacks = synthesizeHcl();
    hcl = json.flatMap(({ stackName }) => stacks.filter((stack) => stack.stackName === stackName));
    others = stacks.filter((stack) => !hcl.includes(stack));
  });

  it(
    "plans what the JSON output plans, document by document, however nasty its texts",
    async () => {
      // Apart, since one root has no two stacks of a name.
      const [jsonPlans, hclPlans] = await Promise.all([knownPlans(json), offlinePlans(hcl)]);
      const fromJson = jsonPlans.map(changes);
      expect(fromJson.flat().length).toBeGreaterThan(200);
      expect(hclPlans.map(changes).map(withoutLastLineEnd)).toEqual(fromJson);
    },
    TEN_MINUTES,
  );

  it(
    "is valid for the real Terraform and AWS provider where it is not planned",
    async () => {
      const files = { "main.tf.json": rootOf(others), ...Object.fromEntries(others.map(stackFile)) };
      const verdict = JSON.parse(await terraformIn(files, "validate", "-json"));

      expect(others.length).toBeGreaterThanOrEqual(20);
      expect(verdict).toMatchObject({ valid: true, error_count: 0 });
    },
    TEN_MINUTES,
  );
});

/** CDKTF's switch is read from the environment, so it takes a process of its own. */
function synthesizeHcl(): HclStack[] {
  const outdir = mkdtempSync(join(tmpdir(), "hcl-test-"));
  const tsx = join(REPOSITORY, "node_modules/tsx/dist/cli.mjs");
  const env = { ...process.env, ...HCL };
  execFileSync(process.execPath, [tsx, "__tests__/helpers/every-stack.ts", outdir], {
    cwd: REPOSITORY,
    env,
    stdio: "pipe",
  });
  const names = readdirSync(join(outdir, "stacks")).sort();
  const stacks = names.map((stackName) => ({
    stackName,
    hcl: readFileSync(join(outdir, "stacks", stackName, "cdk.tf"), "utf8"),
  }));
  rmSync(outdir, { recursive: true, force: true });
  return stacks;
}

function changes({ resource_changes }: Plan) {
  return [...resource_changes].sort((left, right) => (left.address < right.address ? -1 : 1));
}

/** CDKTF writes text of several lines as a heredoc, which ends with a line end: only saved queries are such text. */
function withoutLastLineEnd(all: readonly ResourceChange[]): ResourceChange[] {
  return all.map((each) => {
    const { query } = each.change.after;
    if (each.type !== "aws_athena_named_query") return each;
    const after = { ...each.change.after, query: String(query).replace(/\n$/, "") };
    return { ...each, change: { ...each.change, after } };
  });
}
