import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { securityTable } from "../__tests__/policies/security-table";

/** Writes docs/security.md from the policy rules and their exceptions. */
writeFileSync(join(__dirname, "../docs/security.md"), securityTable());
