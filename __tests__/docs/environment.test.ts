/** docs/environment.md is made of the docstrings of the types, and knows every field that shipped files use. */
import { readFileSync } from "node:fs";
import { dev } from "../../environments/dev";
import { local } from "../../environments/local";
import { prod } from "../../environments/prod";
import { DOCUMENT, environmentDocument } from "../../scripts/docs-environment/document";

const document = environmentDocument();

/** Names of an environment's fields, two levels deep. */
function pathsOf(value: object, prefix = ""): readonly string[] {
  return Object.entries(value).flatMap(([name, inner]) => {
    const isNested = typeof inner === "object" && inner !== null && !Array.isArray(inner);
    const nested = isNested && name !== "tags" && prefix === "" ? pathsOf(inner, `${name}.`) : [];
    return [`${prefix}${name}`, ...nested];
  });
}

describe("docs/environment.md", () => {
  it("is what npm run docs:environment writes", () => {
    expect(readFileSync(DOCUMENT, "utf8")).toBe(document);
  });

  it("has every field that the shipped environments set", () => {
    const used = [dev, prod, local].flatMap((environment) => pathsOf(environment));
    const known = (path: string) =>
      document.includes(`| \`${path}\` |`) || document.includes(`\n## ${path}\n`);
    expect(used.filter((path) => !known(path))).toEqual([]);
  });
});
