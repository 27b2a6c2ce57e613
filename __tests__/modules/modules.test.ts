import { renderModules } from "../../scripts/modules/render";
import { committedModules } from "./caller";

interface Variable {
  readonly type: string;
  readonly description: string;
  readonly nullable: boolean;
  readonly default?: unknown;
}

/** Scalars, lists and maps of them, and lists of objects of texts. */
const TYPE =
  /^(string|number|bool|(list|map)\(string\)|list\(object\(\{ \w+ = string(, \w+ = string)* \}\)\))$/;

const rendered = renderModules();
const names = ["delivery-stream", "fargate-worker", "ingestion"];

function block<T>(name: string, file: string, type: string): Readonly<Record<string, T>> {
  return JSON.parse(rendered.get(`${name}/${file}`) ?? "{}")[type];
}

describe("modules/", () => {
  it("is what npm run modules would write", () => {
    const stale = "Stale: write them anew with npm run modules.";
    const asText = (files: ReadonlyMap<string, string>) => Object.fromEntries([...files].sort());

    expect({ [stale]: asText(committedModules()) }).toEqual({ [stale]: asText(rendered) });
  });

  it("holds one folder for each module", () => {
    expect([...new Set([...rendered.keys()].map((path) => path.split("/")[0]))].sort()).toEqual(names);
  });
});

describe("an output of the ingester", () => {
  it.each(["fargate-worker", "ingestion"])(
    "waits for service and schedule, of which one exists: %s",
    (name) => {
      const { cluster_name } = block<{ depends_on: readonly string[] }>(name, "outputs.tf.json", "output");
      expect(cluster_name?.depends_on.map((address) => address.split(".")[0])).toEqual([
        "aws_ecs_service",
        "aws_scheduler_schedule",
      ]);
    },
  );
});

describe.each(names)("the module %s", (name) => {
  it("brings no provider and no backend, and asks for the supported range", () => {
    const main = JSON.parse(rendered.get(`${name}/main.tf.json`) ?? "{}");
    expect(Object.keys(main).filter((block) => block !== "locals")).toEqual(["data", "resource"]);
    expect(block(name, "versions.tf.json", "terraform")).toEqual({
      required_version: ">= 1.11.0",
      required_providers: { aws: { source: "hashicorp/aws", version: ">= 5.100.0, < 7.0.0" } },
    });
  });

  it("asks AWS nothing: its only data sources are documents", () => {
    const main = JSON.parse(rendered.get(`${name}/main.tf.json`) ?? "{}");
    expect(Object.keys(main.data)).toEqual(["aws_iam_policy_document"]);
  });

  it("takes described scalars, lists and tags, null only where null is the default, and gives described outputs", () => {
    const variables = Object.values(block<Variable>(name, "variables.tf.json", "variable"));
    expect(variables.length).toBeGreaterThan(9);
    for (const variable of variables) {
      expect(variable.type).toMatch(TYPE);
      expect(variable.description).toMatch(/\.$/);
      expect(variable.nullable).toBe("default" in variable && variable.default === null);
    }
    const outputs = Object.values(block<{ description: string }>(name, "outputs.tf.json", "output"));
    expect(outputs.length).toBeGreaterThan(3);
    for (const { description } of outputs) expect(description).toMatch(/\.$/);
  });

  it("refers to every variable, to none by a token or inside a literal", () => {
    const text = [...rendered].filter(([path]) => path.startsWith(`${name}/`) && !path.endsWith(".md"));
    const all = text.map(([, content]) => content).join("");
    const used = [...all.matchAll(/\bvar\.(\w+)/g)].map(([, variable]) => variable);
    const declared = Object.keys(block(name, "variables.tf.json", "variable"));

    expect(declared.filter((variable) => !used.includes(variable))).toEqual([]);
    expect(used.filter((variable) => !declared.includes(variable ?? ""))).toEqual([]);
    expect(all).not.toMatch(/TfToken|e\+\d{3}|\\"var\.\w+\\"/);
  });

  it("has a page that lists every input with its type, default and bound, and every output", () => {
    const page = rendered.get(`${name}/README.md`) ?? "";
    const [, ...sections] = page.split(/^## /m);
    const listed = sections.filter((text) => /^(Inputs|Outputs)/.test(text)).join("");
    const rows = [...listed.matchAll(/^\| `(\w+)` \|/gm)].map(([, row]) => row);

    expect(rows).toEqual([
      ...Object.keys(block(name, "variables.tf.json", "variable")),
      ...Object.keys(block(name, "outputs.tf.json", "output")),
    ]);
    expect(page).toContain(
      "| `log_retention_days` | Days that logs are kept. | `number` | `30` | one of 1, 3, 5,",
    );
  });
});
