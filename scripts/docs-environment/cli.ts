/** `npm run docs:environment`: writes docs/environment.md. */
import { writeFileSync } from "node:fs";
import { DOCUMENT, environmentDocument } from "./document";

writeFileSync(DOCUMENT, environmentDocument());
