import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brokenLinks } from "../../scripts/docs-links/broken-links";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "links-test-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function check(documents: Readonly<Record<string, string>>): readonly string[] {
  for (const [path, text] of Object.entries(documents)) {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return brokenLinks(root, Object.keys(documents));
}

const GUIDE = "# Guide\n\n## First `deploy`, step by step\n\n## Costs\n\n## Costs\n";

describe("brokenLinks", () => {
  it.each([
    "[a](docs/guide.md)",
    "[a](docs/guide.md#first-deploy-step-by-step)",
    "[a](docs/guide.md#costs-1)",
    "[a](#top)",
    "[a](docs)",
    '![a](docs/guide.md "title")',
    '<img src="docs/guide.md">',
    "[a](https://example.com/nowhere)",
    "`[a](nowhere.md)`",
    "```\n[a](nowhere.md)\n```",
  ])("is content with %j", (link) => {
    expect(check({ "README.md": `# Top\n\n${link}\n`, "docs/guide.md": GUIDE })).toEqual([]);
  });

  it.each([
    ["[a](docs/gone.md)", "leads to no file"],
    ["[a](docs/guide.md#first)", "leads to no heading of docs/guide.md"],
    ["[a](docs/guide.md#costs-2)", "leads to no heading of docs/guide.md"],
    ["[a](#gone)", "leads to no heading of README.md"],
    ["[a](../elsewhere.md)", "leads out of the repository"],
    ['<img src="gone.png">', "leads to no file"],
  ])("reports %j with its line", (link, problem) => {
    const [found, ...others] = check({ "README.md": `# Top\n\n${link}\n`, "docs/guide.md": GUIDE });

    expect(found).toMatch(/^README\.md:3: /);
    expect(found).toContain(problem);
    expect(others).toEqual([]);
  });

  it("takes a path from the document it stands in", () => {
    expect(check({ "docs/a.md": "[b](b.md) [top](../README.md)", "docs/b.md": "", "README.md": "" })).toEqual(
      [],
    );
  });

  it("finds links after a block of code on their own line", () => {
    expect(check({ "a.md": "```sh\nls\n```\n\n[b](b.md)\n" })).toEqual(["a.md:5: b.md leads to no file"]);
  });
});
