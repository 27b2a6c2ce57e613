import { execFileSync } from "node:child_process";
import { brokenLinks } from "./broken-links";

const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"]);
const files = listed.toString("utf8").split("\n").filter(Boolean);
const broken = brokenLinks(process.cwd(), files);
for (const line of broken) console.error(line);
console.log(`${files.length} documents, ${broken.length} broken links`);
process.exitCode = broken.length === 0 ? 0 : 1;
