/** docs/configuration.md has a row for every variable that the ingester's configuration reads. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const CONFIG = join(__dirname, "../../ingester/src/config");
const DOCUMENT = readFileSync(join(__dirname, "../../docs/configuration.md"), "utf8");
const ROWS = DOCUMENT.split("\n").filter((line) => line.startsWith("| `"));

const read = readdirSync(CONFIG).flatMap((file) =>
  [...readFileSync(join(CONFIG, file), "utf8").matchAll(/"([A-Z][A-Z0-9]*_[A-Z0-9_]+|EXPANSIONS)"/g)].map(
    ([, name = ""]) => name,
  ),
);

it.each([...new Set(read)])("docs/configuration.md explains %s", (name) => {
  expect(ROWS.filter((row) => row.split("|")[1]?.includes(`\`${name}\``))).toHaveLength(1);
});
