import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { dependenciesPage } from "./table";

/** Writes docs/dependencies.md. */
writeFileSync(join(__dirname, "../../docs/dependencies.md"), dependenciesPage());
