/** The alerts for Prometheus name metrics that the ingester has, and sections that the runbook has. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

const read = (path: string) => readFileSync(join(__dirname, "../..", path), "utf8");
const SOURCE = read("ingester/src/status/reports/prometheus.ts");
const RUNBOOK = read("docs/runbook.md");

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly summary: string };
}
const { groups } = parse(read("docs/monitoring/prometheus-alerts.yml")) as {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
};

describe.each(groups.flatMap(({ rules }) => rules))("the alert $alert", ({ expr, annotations }) => {
  it("asks for a metric that the ingester has", () => {
    const names = [...expr.matchAll(/ingester_([a-z_]+?)(?:_total)?\b/g)].map(([, name = ""]) => name);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(SOURCE).toContain(`"${name}"`);
  });

  it("names a section of the runbook", () => {
    const [, section = "none"] = /runbook\.md#([a-z0-9-]+)/.exec(annotations.summary) ?? [];
    expect(RUNBOOK).toContain(`\n## ${section}\n`);
  });
});
