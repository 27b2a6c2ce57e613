import { AWS_DOCS, nameOf, wholeFrom } from "./bound";

/** Glue and Athena. */
export const catalogBounds = {
  catalogName: {
    kind: "pattern",
    pattern: "^[a-z][a-z0-9_]{0,127}$",
    maxLength: 128,
    allowed: "1 to 128 lower-case letters, digits and underscores, a letter first",
    fix: "Athena converts names to lower case, and requires quotes for other characters.",
    source: `${AWS_DOCS}/athena/latest/ug/tables-databases-columns-names.html`,
  },
  workgroupName: nameOf(128, {
    characters: "A-Za-z0-9._-",
    words: "letters, digits, dots, hyphens and underscores",
    fix: "Replace blanks and other characters.",
    source: `${AWS_DOCS}/athena/latest/APIReference/API_CreateWorkGroup.html`,
  }),
  scanLimitMiB: wholeFrom(10, 7_000_000, {
    unit: "MiB",
    fix: "Athena stops no query below 10 MB.",
    source: `${AWS_DOCS}/athena/latest/APIReference/API_WorkGroupConfiguration.html`,
  }),
} as const;
