import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { checkov } from "./checkov";
import { trivy } from "./trivy";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly "continue-on-error"?: unknown;
  readonly if?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

const ROOT = join(__dirname, "../..");
const IGNORED = ".github/scanners/trivyignore.yaml";
const DOCKERFILE = "docker/Dockerfile";
/** Inputs that leave nothing out; a severity, for one, would. */
const SETTINGS = ["version", "scan-type", "scan-ref", "trivyignores", "exit-code", "cache"];

const { jobs } = parse(readFileSync(join(ROOT, ".github/workflows/scanners.yml"), "utf8")) as {
  jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
};
const steps = Object.values(jobs).flatMap((job) => job.steps);
const scans = steps.filter(({ uses }) => uses?.startsWith("aquasecurity/trivy-action@"));
const configScans = scans.filter((step) => step.with?.["scan-type"] === "config");

describe("the scanners' workflow", () => {
  it("installs the release of checkov that was recorded", () => {
    const script = steps.map(({ run = "" }) => run).join("\n");
    expect(script).toContain(`pipx install checkov==${checkov.version}\n`);
  });

  it("runs the release of trivy that was recorded, with the checks built into it", () => {
    expect(scans).toHaveLength(3);
    expect(scans.map((step) => step.with?.version)).toEqual(scans.map(() => `v${trivy.version}`));
    for (const step of configScans)
      expect(step).toMatchObject({ with: { cache: "false" }, env: { TRIVY_SKIP_CHECK_UPDATE: "true" } });
  });

  it("fails on what trivy finds, of every severity in configurations", () => {
    for (const step of scans) {
      expect(step.with?.["exit-code"]).toBe("1");
      expect(step["continue-on-error"] ?? step.if).toBeUndefined();
    }
    const settings = configScans.flatMap((step) => Object.keys(step.with ?? {}));
    expect(settings.filter((name) => !SETTINGS.includes(name))).toEqual([]);
  });

  it("lets trivy read the stacks as HCL, with the table's exceptions, and the Dockerfile with none", () => {
    const synth = steps.find(({ env }) => env?.SYNTH_HCL_OUTPUT === "true");
    const [stacks, dockerfile] = configScans;
    expect(synth?.run).toBe("npm run synth");
    expect(stacks?.with).toMatchObject({
      "scan-ref": `${synth?.env?.CDKTF_OUTDIR}/stacks`,
      trivyignores: IGNORED,
    });
    expect(steps.indexOf(synth as Step)).toBeLessThan(steps.indexOf(stacks as Step));
    expect(dockerfile?.with).toMatchObject({ "scan-ref": DOCKERFILE });
    expect(dockerfile?.with?.trivyignores).toBeUndefined();
    expect([IGNORED, DOCKERFILE].filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});
