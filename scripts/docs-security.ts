import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { allResources, evaluate } from "../__tests__/policies/evaluate";
import { scannerFiles } from "../__tests__/policies/scanner-files";
import { securityTable } from "../__tests__/policies/security-table";

const ROOT = join(__dirname, "..");

/** Writes docs/security.md and the scanners' settings from the policy rules and their exceptions. */
const verdicts = evaluate(allResources());
const files = { "docs/security.md": securityTable(verdicts), ...scannerFiles(verdicts) };
for (const [path, text] of Object.entries(files)) {
  mkdirSync(dirname(join(ROOT, path)), { recursive: true });
  writeFileSync(join(ROOT, path), text);
}
