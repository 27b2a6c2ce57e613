/** A known weakness that is accepted for now. */
export interface Accepted {
  /** Such as "GHSA-xxxx-xxxx-xxxx". */
  readonly advisory: string;
  /** Why it does no harm here. */
  readonly reason: string;
  /** YYYY-MM-DD: the last day on which it is accepted. */
  readonly until: string;
}

export const ACCEPTED: readonly Accepted[] = [];
