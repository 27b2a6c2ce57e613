import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { environmentWith } from "./helpers/environment";
import { type Synthesized, shippedEnvironments, synthesize } from "./helpers/synth";
import { variants } from "./helpers/variants";

const root = join(__dirname, "..");
const runbook = readFileSync(join(root, "docs/runbook.md"), "utf8");

/** Sections by anchor; headings of alarms hold no sign that an anchor would change. */
const sections = new Map(
  runbook
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf("\n")), section]),
);

/** Every environment, one with everything that can be switched on, and one that listens. */
const everything = environmentWith({
  transform: {},
  catalog: { parquet: true },
  audit: {},
  worker: { run: { mode: "schedule", expression: "rate(1 hour)" } },
});
const stacks = [...shippedEnvironments, everything, variants.live].map(
  (environment) => synthesize(environment).ingester,
);

function alarmsOf(stack: Synthesized): { name: string; link: string }[] {
  return Object.values(stack.all("aws_cloudwatch_metric_alarm")).map(({ alarm_name, alarm_description }) => ({
    name: String(alarm_name).replace(`${stack.stackName}-`, ""),
    link: /\S+#\S+$/.exec(String(alarm_description))?.[0] ?? "",
  }));
}

const alarms = stacks.flatMap(alarmsOf);

describe("the runbook", () => {
  it("has a section for every alarm, and an alarm for every section", () => {
    expect([...sections.keys()].sort()).toEqual([...new Set(alarms.map(({ name }) => name))].sort());
  });

  it("is where every alarm links to", () => {
    for (const { name, link } of alarms) {
      const [path = "", anchor] = link.split("#");
      expect(anchor).toBe(name);
      expect(existsSync(join(root, path))).toBe(true);
    }
  });

  it("is linked from elsewhere, where an environment says so", () => {
    const runbookUrl = "https://wiki.example.com/tweets";
    const { ingester } = synthesize(environmentWith({ monitoring: { runbook: runbookUrl } }));
    expect(alarmsOf(ingester).map(({ link }) => link)).toContain(`${runbookUrl}#no-posts`);
  });

  it.each([...sections])("says of %s what it means, what to look at and what to do", (_anchor, section) => {
    expect(section).toMatch(/\*\*Means\*\*/);
    expect(section).toMatch(/\*\*Look at\*\*/);
    expect(section).toMatch(/\*\*Do\*\*/);
  });

  it("links only to sections that exist", () => {
    const anchors = [...runbook.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = ""]) => anchor);
    expect(anchors.length).toBeGreaterThan(0);
    expect(anchors.filter((anchor) => !sections.has(anchor))).toEqual([]);
  });
});
