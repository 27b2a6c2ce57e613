/** One stretch of a query's coverage, as it is reported. */
import type { Interval } from "../../ledger/intervals";
import { timeOfId } from "../../posts/ids";

export interface Stretch {
  /** `searched`: of a stream, filled by search, which finds other posts than the stream sends. */
  readonly state: "owned" | "searched" | "hole" | "claimed" | "lost";
  /** ISO 8601. */
  readonly from: string;
  readonly to: string;
  readonly after: string;
  readonly through: string;
  /** Who is buying it, or why it is lost. */
  readonly note?: string;
  /** With --price, for holes: by X's counts. Of a stream, the sum over its rules, which is the most. */
  readonly posts?: number;
  readonly usd?: number;
}

export function stretch(state: Stretch["state"], { after, through }: Interval, note?: string): Stretch {
  const iso = (id: string) => new Date(timeOfId(id)).toISOString();
  return {
    state,
    from: iso(after),
    to: iso(through),
    after,
    through,
    ...(note === undefined ? {} : { note }),
  };
}
