import { readFileSync } from "node:fs";
import { join } from "node:path";
import { savedQueries } from "../../stacks/constructs/catalog/saved-queries";

const document = readFileSync(join(__dirname, "../../docs/query.md"), "utf8");

describe("docs/query.md", () => {
  it.each(savedQueries("tweets_dev.posts"))("shows $name as it is saved", ({ name, sql }) => {
    expect(document).toContain(`\`${name}\``);
    expect(document).toContain(`\`\`\`sql\n${sql}\n\`\`\``);
  });
});
