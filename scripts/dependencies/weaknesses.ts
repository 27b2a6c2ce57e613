/** What `npm audit --json` says, judged. Format: auditReportVersion 2 of npm 7 and later. */
import type { Accepted } from "./accepted";

export interface AuditReport {
  readonly auditReportVersion: 2;
  readonly vulnerabilities: Readonly<Record<string, { readonly via: readonly (string | Advisory)[] }>>;
}

interface Advisory {
  readonly name: string;
  readonly title: string;
  /** Ends with the advisory's id. */
  readonly url: string;
  readonly severity: string;
  readonly range: string;
}

export interface Judgement {
  /** What is refused, and exceptions that have run out or concern nothing; empty when all is well. */
  readonly problems: readonly string[];
  /** One line for each exception that was used. */
  readonly accepted: readonly string[];
}

const SEVERE = ["high", "critical"];

/**
 * @param reports of what ships, and of everything
 * @param today YYYY-MM-DD
 */
export function judge(
  reports: { readonly shipped: AuditReport; readonly all: AuditReport },
  accepted: readonly Accepted[],
  today: string,
): Judgement {
  const shipped = advisoriesOf(reports.shipped);
  const severe = advisoriesOf(reports.all).filter(({ severity }) => SEVERE.includes(severity));
  const known = new Map([...severe, ...shipped].map((advisory) => [advisory.url, advisory]));
  const exceptionFor = ({ url }: Advisory) => accepted.find(({ advisory }) => url.endsWith(`/${advisory}`));
  const problems: string[] = [];
  const used: string[] = [];
  for (const advisory of known.values()) {
    const exception = exceptionFor(advisory);
    const { name, range, severity, title, url } = advisory;
    const what = `${name} ${range}: ${title} (${severity}), ${url}`;
    if (exception === undefined) problems.push(`${what}. Update it, or accept it with a reason.`);
    else if (exception.until < today) problems.push(`${what}. It was accepted until ${exception.until}.`);
    else used.push(`${what}. Accepted until ${exception.until}: ${exception.reason}`);
  }
  const idle = accepted.filter(
    ({ advisory }) => ![...known.keys()].some((url) => url.endsWith(`/${advisory}`)),
  );
  problems.push(
    ...idle.map(({ advisory }) => `${advisory} is accepted, and concerns no package here. Remove it.`),
  );
  return { problems, accepted: used };
}

function advisoriesOf({ vulnerabilities }: AuditReport): readonly Advisory[] {
  return Object.values(vulnerabilities).flatMap(({ via }) =>
    via.filter((cause) => typeof cause !== "string"),
  );
}
