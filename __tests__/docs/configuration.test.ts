/** docs/configuration.md has the rows that the ingester's table of variables makes. */
import { readFileSync } from "node:fs";
import { DOCUMENT, withTables } from "../../scripts/docs-configuration/document";

const document = readFileSync(DOCUMENT, "utf8");

describe("docs/configuration.md", () => {
  it("has the tables that npm run docs:configuration writes", () => {
    expect(document).toBe(withTables(document));
  });

  it("is not written without the heading of a section", () => {
    expect(() => withTables(document.replace("\n## Money\n", "\n## Cash\n"))).toThrow(
      "No table of variables below Money.",
    );
  });
});
