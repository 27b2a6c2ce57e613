export interface CheckResult {
  readonly check:
    | "configuration"
    | "fields"
    | "ledger"
    | "stream"
    | "status page"
    | "token"
    | "clock"
    | "budget"
    | "query"
    | "rules"
    | "connection"
    | "fill";
  readonly ok: boolean;
  /** What was found, or what is wrong and how to fix it. */
  readonly detail: string;
}

/** Runs one check; what it throws is its result. */
export type Attempt = (
  check: CheckResult["check"],
  run: () => string | Promise<string>,
) => Promise<CheckResult>;
