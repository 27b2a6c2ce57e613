/** After all that has happened in a scenario, `ingester audit` has to find that everything adds up. */
import type { Environment, Finished, World } from "../ingest/world";

/** Everything that was delivered is in the bucket, and limits were those of a part of the scenario. */
export const AUDIT_ENVIRONMENT: Environment = { MONTHLY_POST_LIMIT: undefined, MONTHLY_USD_LIMIT: "none" };

/** One of so many seeds of the same scenario is audited, because every audit starts another process. */
const SEEDS_PER_AUDIT = 5;

/** @param scenario name, with its seed where it has one */
export function isAudited(scenario: string): boolean {
  const [, seed] = /\bseed (\d+)/.exec(scenario) ?? [];
  return seed === undefined || Number(seed) % SEEDS_PER_AUDIT === 0;
}

export function auditArguments({ bucket }: World): readonly string[] {
  return ["audit", "--from", "30d", "--bucket", bucket, "--delay", "0m"];
}

/** @returns what the audit found; empty: nothing */
export function auditProblems({ code, stdout, stderr }: Finished): readonly string[] {
  if (code === 0) return [];
  const [, breaches = stderr] = stdout.split("Does not add up:\n");
  return [`the audit ends with exit code ${code}: ${breaches.trim()}`];
}
