/** After all that has happened in a scenario, `ingester audit` has to find that everything adds up. */
import type { Environment, Finished, World } from "../ingest/world";

/** Everything that was delivered is in the bucket, and limits were those of a part of the scenario. */
export const AUDIT_ENVIRONMENT: Environment = { MONTHLY_POST_LIMIT: undefined, MONTHLY_USD_LIMIT: "none" };

export function auditArguments({ bucket }: World): readonly string[] {
  return ["audit", "--from", "30d", "--bucket", bucket, "--delay", "0m"];
}

/** @returns what the audit found; empty: nothing */
export function auditProblems({ code, stdout, stderr }: Finished): readonly string[] {
  if (code === 0) return [];
  const [, breaches = stderr] = stdout.split("Does not add up:\n");
  return [`the audit ends with exit code ${code}: ${breaches.trim()}`];
}
