/** `npm run docs:configuration`: writes the tables of docs/configuration.md. */
import { readFileSync, writeFileSync } from "node:fs";
import { DOCUMENT, withTables } from "./document";

writeFileSync(DOCUMENT, withTables(readFileSync(DOCUMENT, "utf8")));
