import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { PLATFORMS } from "../../scripts/release/images";

interface Step {
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly needs?: string | readonly string[];
  /** A workflow of this repository, in place of steps. */
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly if?: string;
  readonly "timeout-minutes"?: number;
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: { readonly group: string; readonly queue?: string };
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
    expect(files.sort()).toEqual([
      "apply-environment.yml",
      "apply.yml",
      "ci.yml",
      "fresh-seeds.yml",
      "plan.yml",
      "release.yml",
      "scanners.yml",
      "scorecard.yml",
    ]);
  });

  it("pin the same action to the same commit everywhere", () => {
    const used = files.flatMap((file) => [...textOf(file).matchAll(/uses: *(\S+)@(\S+)/g)]);
    const pins = new Map<string, Set<string>>();
    for (const [, action = "", pin = ""] of used)
      pins.set(action, (pins.get(action) ?? new Set<string>()).add(pin));
    expect([...pins].filter(([, commits]) => commits.size > 1)).toEqual([]);
  });

  it("plan and apply with the same release of Terraform", () => {
    const versions = ["plan.yml", "apply-environment.yml"].map(
      (file) => workflow(file).env?.TERRAFORM_VERSION,
    );
    expect(versions[0]).toMatch(/^\d+\.\d+\.\d+$/);
    expect(versions[1]).toBe(versions[0]);
  });

  it("apply after an environment's approval only, from main only", () => {
    expect(workflow("apply.yml").on).toEqual({ push: { branches: ["main"] } });
    expect(Object.keys(workflow("apply-environment.yml").on)).toEqual(["workflow_call"]);
    const { apply } = workflow("apply-environment.yml").jobs;
    expect(apply?.environment).toBe("\u0024{{ inputs.environment }}");
    for (const name of ["apply", "apply-later"]) {
      const job = workflow("apply.yml").jobs[name];
      expect(job?.uses).toBe("./.github/workflows/apply-environment.yml");
      expect(job?.with?.environment).toBe("\u0024{{ matrix.environment }}");
    }
  });

  it("drop no merge that waits for its apply", () => {
    expect(workflow("apply.yml").concurrency).toEqual({
      group: "apply",
      "cancel-in-progress": false,
      queue: "max",
    });
  });

  it("apply production only when what comes before it was applied or did not change", () => {
    const { needs, if: condition } = workflow("apply.yml").jobs["apply-later"] ?? {};
    expect(needs).toEqual(["reviewed", "apply"]);
    expect(condition).toContain("needs.apply.result == 'success' || needs.apply.result == 'skipped'");
  });

  it("refuse environments without a reviewer, before one is applied", () => {
    const steps = workflow("apply.yml").jobs.reviewed?.steps ?? [];
    expect(steps.map(({ run = "" }) => run).join("\n")).toContain(".github/scripts/check-environments.sh");
  });

  it("report to a merge queue", () => {
    for (const file of ["plan.yml", "ci.yml"])
      expect(Object.keys(workflow(file).on)).toContain("merge_group");
  });

  it("plan main once a week, and comment on a plan that failed", () => {
    const { on, jobs } = workflow("plan.yml");
    expect(on.schedule).toEqual([{ cron: expect.stringMatching(/^\d+ \d+ \* \* [0-6]$/) }]);
    expect(jobs.drift?.if).toContain("github.event_name == 'schedule'");
    expect(jobs.comment?.if).toContain("!cancelled()");
    expect(jobs.planned).toMatchObject({ if: "always()", needs: ["synth", "plan", "comment", "offline"] });
  });

  it("play new seeds of the simulation every night, and say how to replay a failure", () => {
    const { on, jobs } = workflow("fresh-seeds.yml");
    expect(on.schedule).toEqual([{ cron: expect.stringMatching(/^\d+ \d+ \* \* \*$/) }]);
    const steps = jobs.simulation?.steps ?? [];
    const played = steps.find(({ run = "" }) => run.includes("npm run --silent test:simulation -- --fresh"));
    // A pipe ends with the code of its last command.
    expect(played?.run).toContain("set -o pipefail");
    expect(steps.at(-1)).toMatchObject({ if: "failure()", run: expect.stringContaining("s/^Replay: //p") });
  });

  it("build before they synthesize: a stack with the transform holds its archive", () => {
    for (const file of files) {
      for (const [, { steps = [] }] of jobsOf(file)) {
        const runs = steps.map(({ run }) => run);
        if (runs.includes("npm run synth")) {
          expect(runs.indexOf("npm run build")).toBeGreaterThan(runs.indexOf("npm ci --ignore-scripts"));
          expect(runs.indexOf("npm run build")).toBeLessThan(runs.indexOf("npm run synth"));
        }
      }
    }
  });
});

describe("the release workflow", () => {
  const { on, jobs } = workflow("release.yml");
  const stepOf = (job: string, action: string) =>
    jobs[job]?.steps?.find(({ uses = "" }) => uses.startsWith(`${action}@`));

  it("publishes tags alone, of commits that the gate has passed", () => {
    expect(on).toEqual({ push: { tags: ["v*"] } });
    const scripts = jobs.files?.steps?.map(({ run = "" }) => run) ?? [];
    expect(scripts.findIndex((run) => run.includes("--workflow ci.yml"))).toBeLessThan(
      scripts.findIndex((run) => run.includes('npm run release -- --tag "$GITHUB_REF_NAME"')),
    );
  });

  it("publishes from an environment that can ask a person, and installs nothing there", () => {
    for (const [name, { environment, permissions = {} }] of Object.entries(jobs)) {
      const writes = Object.values(permissions).includes("write");
      expect([name, environment === "release"]).toEqual([name, writes]);
    }
  });

  it("builds the image for the platforms of the dry run, with a parts list, provenance and a signature", () => {
    expect(stepOf("image", "docker/build-push-action")?.with).toMatchObject({
      file: "docker/Dockerfile",
      platforms: PLATFORMS.join(","),
      sbom: true,
      provenance: "mode=max",
    });
    expect(stepOf("image", "actions/attest")).toBeDefined();
    expect(jobs.image?.steps?.map(({ run }) => run)).toContain('cosign sign --yes "$IMAGE"');
  });

  it("publishes the files that the dry run makes, with provenance", () => {
    expect(jobs.package?.steps?.at(-1)?.run).toContain("--provenance");
    expect(stepOf("release", "actions/attest")?.with).toEqual({ "subject-checksums": "release/SHA256SUMS" });
    expect(jobs.release?.needs).toEqual(["image", "package"]);
  });
});

describe.each(files)("%s", (file) => {
  it("pins every action to a full commit, with the version beside it", () => {
    const lines = textOf(file)
      .split("\n")
      .filter((line) => /^\s*(- )?uses: (?!\.\/)/.test(line));
    const loose = lines.filter((line) => !/uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line));
    expect(loose).toEqual([]);
  });

  it("never runs a pull request's code with the rights of main", () => {
    expect(Object.keys(workflow(file).on)).not.toContain("pull_request_target");
    expect(Object.keys(workflow(file).on)).not.toContain("workflow_run");
  });

  it("says what it may do, and how long", () => {
    const { on, permissions, concurrency } = workflow(file);
    expect(permissions).toBeDefined();
    // A workflow that others call runs in their group.
    expect(Boolean(concurrency?.group)).toBe(!("workflow_call" in on));
    for (const right of Object.values(permissions ?? {})) expect(right).toBe("read");
    for (const [name, job] of jobsOf(file)) {
      if (job.uses === undefined) expect(job["timeout-minutes"]).toBeLessThanOrEqual(60);
      const isRelease = file === "release.yml" && name === "release";
      expect(job.permissions?.contents ?? "read").toBe(isRelease ? "write" : "read");
    }
  });

  it("keeps no token in the checkout, and builds no script from what others wrote", () => {
    for (const [, job] of jobsOf(file)) {
      for (const { uses = "", run = "", with: inputs } of job.steps ?? []) {
        if (uses.startsWith("actions/checkout@")) expect(inputs?.["persist-credentials"]).toBe(false);
        expect(run).not.toContain("\u0024{{");
      }
    }
  });

  it("gives a role, or an identity, only to jobs that install nothing", () => {
    for (const [, job] of jobsOf(file)) {
      // A job that calls a workflow hands its rights on, to steps that are looked at there.
      const { steps = [] } = job;
      const asks = job.permissions?.["id-token"] === "write" && job.uses === undefined;
      const assumes = steps.some(({ uses }) => uses?.startsWith("aws-actions/configure-aws-credentials@"));
      if (file !== "release.yml") expect(asks).toBe(assumes);
      const scripts = steps.map(({ run = "" }) => run).join("\n");
      if (asks) expect(scripts).not.toMatch(/\bnpm (?!publish)|\bnpx\b|\bnode\b/);
    }
  });
});
