import type { Variable } from "./variable";

/** Printable ASCII, because CloudWatch accepts no other values of dimensions. The length is our own bound. */
export const KEY = /^[\x21-\x39\x3b-\x7e]([\x20-\x7e]{0,198}[\x21-\x7e])?$/;

/** Variables of the ledger. */
export const LEDGER = {
  CHECKPOINT_FILE: {
    meaning: "file of the ledger; it serves the processes of one host",
    text: { allowed: "a path" },
    shownDefault: "this or `CHECKPOINT_TABLE` is required, not both",
    help: "file of the ledger; or CHECKPOINT_TABLE, its table",
  },
  CHECKPOINT_TABLE: {
    meaning: "DynamoDB table of the ledger, with the partition key `pk` (string)",
    // docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
    text: { pattern: /^[a-zA-Z0-9_.-]{3,255}$/, allowed: "3 to 255 of a-z A-Z 0-9 _ . -" },
    shownDefault: "this or `CHECKPOINT_FILE` is required, not both",
  },
  LEDGER_KEY: {
    meaning: "which ledger of the table: one for each X account",
    // Our own bound: the value is a part of the partition key.
    text: { pattern: /^[a-zA-Z0-9_.-]{1,64}$/, allowed: "1 to 64 of a-z A-Z 0-9 _ . -" },
    shownDefault: "`default`",
  },
  CHECKPOINT_KEY: {
    meaning: "name of the coverage in the ledger; in stream mode also the owner of the rules",
    text: {
      pattern: KEY,
      allowed: "1 to 200 printable ASCII characters, no blank first or last and no colon first",
    },
    shownDefault: "delivery stream and query; in stream mode the delivery stream",
  },
} as const satisfies Record<string, Variable>;
