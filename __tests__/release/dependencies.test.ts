import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ALLOWED_LICENCES, REASONS } from "../../scripts/dependencies/reasons";
import { declared, dependenciesPage, shippedLicences } from "../../scripts/dependencies/table";
import { type AuditReport, judge } from "../../scripts/dependencies/weaknesses";

describe("dependencies", () => {
  it.each(Object.keys(REASONS))("of %s have a reason each, and no reason is left over", (manifest) => {
    expect(Object.keys(REASONS[manifest] ?? {}).sort()).toEqual([...declared(manifest)].sort());
  });

  it("are none in the transform, which Lambda runs without any", () => {
    expect(declared("transform/package.json")).toEqual([]);
  });

  it("are documented as they are locked", () => {
    const page = readFileSync(join(__dirname, "../../docs/dependencies.md"), "utf8");
    expect(page).toBe(dependenciesPage());
    expect(page).not.toContain("undefined");
  });

  it("that ship have allowed licences", () => {
    const licences = shippedLicences();
    expect(licences.size).toBeGreaterThan(2);
    expect([...licences.keys()].filter((licence) => !ALLOWED_LICENCES.includes(licence))).toEqual([]);
  });
});

describe("known weaknesses", () => {
  const TODAY = "2026-11-27";
  const NONE: AuditReport = { auditReportVersion: 2, vulnerabilities: {} };
  const url = "https://github.com/advisories/GHSA-aaaa-bbbb-cccc";

  function report(severity: string): AuditReport {
    const advisory = { name: "pino", title: "Reads what it must not", url, severity, range: "<10" };
    return {
      auditReportVersion: 2,
      vulnerabilities: { pino: { via: [advisory] }, other: { via: ["pino"] } },
    };
  }

  it("are none in an empty report", () => {
    expect(judge({ shipped: NONE, all: NONE }, [], TODAY)).toEqual({ problems: [], accepted: [] });
  });

  it.each([
    { where: "what ships", severity: "low", refused: true },
    { where: "what ships", severity: "critical", refused: true },
    { where: "tools", severity: "moderate", refused: false },
    { where: "tools", severity: "high", refused: true },
    { where: "tools", severity: "critical", refused: true },
  ])("of severity $severity in $where are refused: $refused", ({ where, severity, refused }) => {
    const found = report(severity);
    const { problems } = judge({ shipped: where === "tools" ? NONE : found, all: found }, [], TODAY);
    expect(problems).toHaveLength(refused ? 1 : 0);
    if (refused) expect(problems[0]).toContain(url);
  });

  it.each([
    { until: TODAY, problems: 0 },
    { until: "2026-11-26", problems: 1 },
  ])("are accepted with a reason until $until", ({ until, problems }) => {
    const exception = { advisory: "GHSA-aaaa-bbbb-cccc", reason: "not reachable", until };
    const found = report("high");
    const judgement = judge({ shipped: found, all: found }, [exception], TODAY);
    expect(judgement.problems).toHaveLength(problems);
    expect(judgement.accepted).toHaveLength(1 - problems);
  });

  it("leave no exception behind when they are gone", () => {
    const exception = { advisory: "GHSA-aaaa-bbbb-cccc", reason: "gone", until: "2027-01-01" };
    expect(judge({ shipped: NONE, all: NONE }, [exception], TODAY).problems).toEqual([
      expect.stringContaining("concerns no package here"),
    ]);
  });
});
