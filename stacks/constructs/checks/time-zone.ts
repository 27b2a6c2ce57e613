import { type Problem, problem } from "./check";

/** Checks a name against the IANA time zones that Node knows. */
export function timeZoneProblems(path: string, timeZone: string | undefined): Problem[] {
  if (timeZone === undefined || isTimeZone(timeZone)) return [];
  const fix = "AWS would refuse it at deployment.";
  return [problem(path, { allowed: 'an IANA time zone such as "Europe/Berlin"', got: timeZone, fix })];
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    // Offsets such as +01:00 pass above, but are no names.
    return /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}
