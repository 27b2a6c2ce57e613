import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly if?: string;
  readonly "timeout-minutes"?: number;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: { readonly group: string };
  readonly env?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const FOLDER = join(__dirname, "../../.github/workflows");
const files = readdirSync(FOLDER);

function textOf(file: string): string {
  return readFileSync(join(FOLDER, file), "utf8");
}

function workflow(file: string): Workflow {
  return parse(textOf(file), { strict: true, uniqueKeys: true });
}

function jobsOf(file: string): [string, Job][] {
  return Object.entries(workflow(file).jobs);
}

describe("workflows", () => {
  it("are these", () => {
    expect(files.sort()).toEqual(["apply.yml", "ci.yml", "plan.yml"]);
  });

  it("pin the same action to the same commit everywhere", () => {
    const used = files.flatMap((file) => [...textOf(file).matchAll(/uses: *(\S+)@(\S+)/g)]);
    const pins = new Map<string, Set<string>>();
    for (const [, action = "", pin = ""] of used)
      pins.set(action, (pins.get(action) ?? new Set<string>()).add(pin));
    expect([...pins].filter(([, commits]) => commits.size > 1)).toEqual([]);
  });

  it("plan and apply with the same release of Terraform", () => {
    const versions = ["plan.yml", "apply.yml"].map((file) => workflow(file).env?.TERRAFORM_VERSION);
    expect(versions[0]).toMatch(/^\d+\.\d+\.\d+$/);
    expect(versions[1]).toBe(versions[0]);
  });

  it("apply after an environment's approval only, from main only", () => {
    expect(workflow("apply.yml").on).toEqual({ push: { branches: ["main"] } });
    const { apply } = workflow("apply.yml").jobs;
    expect(apply?.environment).toBe("\u0024{{ matrix.environment }}");
  });
});

describe.each(files)("%s", (file) => {
  it("pins every action to a full commit, with the version beside it", () => {
    const lines = textOf(file)
      .split("\n")
      .filter((line) => /^\s*(- )?uses:/.test(line));
    const loose = lines.filter((line) => !/uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line));
    expect(lines.length).toBeGreaterThan(0);
    expect(loose).toEqual([]);
  });

  it("never runs a pull request's code with the rights of main", () => {
    expect(Object.keys(workflow(file).on)).not.toContain("pull_request_target");
    expect(Object.keys(workflow(file).on)).not.toContain("workflow_run");
  });

  it("says what it may do, and how long", () => {
    const { permissions, concurrency } = workflow(file);
    expect(permissions).toBeDefined();
    expect(concurrency?.group).toBeTruthy();
    for (const right of Object.values(permissions ?? {})) expect(right).toBe("read");
    for (const [, job] of jobsOf(file)) {
      expect(job["timeout-minutes"]).toBeLessThanOrEqual(60);
      expect(job.permissions?.contents ?? "read").toBe("read");
    }
  });

  it("keeps no token in the checkout, and builds no script from what others wrote", () => {
    for (const [, job] of jobsOf(file)) {
      for (const { uses = "", run = "", with: inputs } of job.steps) {
        if (uses.startsWith("actions/checkout@")) expect(inputs?.["persist-credentials"]).toBe(false);
        expect(run).not.toContain("\u0024{{");
      }
    }
  });

  it("gives a role only to jobs that install nothing", () => {
    for (const [, job] of jobsOf(file)) {
      const asks = job.permissions?.["id-token"] === "write";
      const assumes = job.steps.some(({ uses }) =>
        uses?.startsWith("aws-actions/configure-aws-credentials@"),
      );
      expect(asks).toBe(assumes);
      const scripts = job.steps.map(({ run = "" }) => run).join("\n");
      if (asks) expect(scripts).not.toMatch(/\bnpm\b|\bnpx\b|\bnode\b/);
    }
  });
});
