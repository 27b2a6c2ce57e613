import { type Problem, problem } from "./check";

/** Checks a name against the IANA time zones that Node knows. */
export function timeZoneProblems(path: string, timeZone: string | undefined): Problem[] {
  if (timeZone === undefined || isTimeZone(timeZone)) return [];
  const fix = "AWS would refuse it at deployment.";
  return [problem(path, { allowed: 'an IANA time zone such as "Europe/Berlin"', got: timeZone, fix })];
}

/** Answers by name: to make a format takes long, and one configuration names the same time zone in several places. */
const known = new Map<string, boolean>();

function isTimeZone(name: string): boolean {
  const answer = known.get(name) ?? findTimeZone(name);
  known.set(name, answer);
  return answer;
}

function findTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    // Offsets such as +01:00 pass above, but are no names.
    return /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}
