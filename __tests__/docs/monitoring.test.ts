/** Alerts and dashboard for Prometheus name metrics that the ingester writes, and sections that the runbook has. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { PrometheusText } from "../../ingester/src/status/reports/prometheus";
import { tracker } from "../../ingester/test/status/helpers";

const read = (path: string) => readFileSync(join(__dirname, "../..", path), "utf8");
const RUNBOOK = read("docs/runbook.md");

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly summary: string };
}
const { groups } = parse(read("docs/monitoring/prometheus-alerts.yml")) as {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
};

interface Panel {
  readonly title: string;
  readonly targets: readonly { readonly expr: string }[];
}
const { panels } = JSON.parse(read("docs/monitoring/grafana-dashboard.json")) as {
  readonly panels: readonly Panel[];
};

let written: string;
beforeAll(async () => {
  written = await new PrometheusText().render(tracker({}).snapshot());
});

/** What is asked for and not written: with its type, since a rate of a gauge means nothing. */
function missing(expr: string): readonly string[] {
  const names = [...expr.matchAll(/ingester_[a-z_]+/g)].map(([name]) => name);
  expect(names.length).toBeGreaterThan(0);
  const isCounted = /rate\(|increase\(/.test(expr);
  return names.filter((name) => !written.includes(`# TYPE ${name} ${isCounted ? "counter" : "gauge"}\n`));
}

describe.each(groups.flatMap(({ rules }) => rules))("the alert $alert", ({ expr, annotations }) => {
  it("asks for a metric that the ingester writes", () => {
    expect(missing(expr)).toEqual([]);
  });

  it("names a section of the runbook", () => {
    const [, section = "none"] = /runbook\.md#([a-z0-9-]+)/.exec(annotations.summary) ?? [];
    expect(RUNBOOK).toContain(`\n## ${section}\n`);
  });
});

it.each(panels)(
  "the panel $title of the dashboard asks for metrics that the ingester writes",
  ({ targets }) => {
    expect(targets.flatMap(({ expr }) => missing(expr))).toEqual([]);
  },
);
