import { DEFAULT_PRICES } from "../../ledger/prices";
import { TRUE_OR_FALSE, type Variable } from "./variable";

const PRICE = { min: 0, max: 1_000 } as const;
/** The word for collecting without a limit. */
export const NO_LIMIT = "none";
const ONE_LIMIT = "one limit is required: this, the other one, `--max-posts` or `--max-usd`";

/** Variables of what may be spent, and how it is counted. */
export const MONEY = {
  MONTHLY_POST_LIMIT: {
    meaning: "post reads in a billing cycle, included posts counted too",
    number: { min: 0, max: 10 ** 12, integer: true },
    orWord: NO_LIMIT,
    shownDefault: ONE_LIMIT,
  },
  MONTHLY_USD_LIMIT: {
    meaning: "US dollars in a billing cycle",
    number: { min: 0, max: 10 ** 9 },
    orWord: NO_LIMIT,
    shownDefault: ONE_LIMIT,
    help: 'hard limit of a billing cycle; or MONTHLY_POST_LIMIT, or --max-usd, --max-posts; "none" is explicit',
  },
  LIMIT_SCOPE: {
    meaning:
      "`project`: posts that other programs of the X project have bought count against the limits, too; `own`: they are only reported",
    words: ["project", "own"],
    otherwise: "project",
  },
  X_DEDUPLICATES: {
    meaning: "`false`: do not rely on X charging a post once per UTC day",
    words: TRUE_OR_FALSE,
    otherwise: "true",
  },
  BILLING_CYCLE_DAY: {
    meaning: "day of the month (UTC) on which the billing cycle starts",
    number: { min: 1, max: 31, integer: true },
    shownDefault: "as X says, else 1",
  },
  PRICE_POST_USD: { meaning: "what X bills for a post", number: PRICE, otherwise: DEFAULT_PRICES.posts },
  PRICE_INCLUDED_POST_USD: {
    meaning: "what X bills for an included post",
    number: PRICE,
    otherwise: DEFAULT_PRICES.includedPosts,
  },
  PRICE_INCLUDED_USER_USD: {
    meaning: "what X bills for an included user",
    number: PRICE,
    otherwise: DEFAULT_PRICES.includedUsers,
  },
} as const satisfies Record<string, Variable>;
