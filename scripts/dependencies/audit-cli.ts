/** `npm run audit`: fails for known weaknesses that are not accepted. */
import { type CommandSpec, runCommand } from "../../local/support/command-line";
import { capture } from "../image/child";
import { ACCEPTED } from "./accepted";
import { type AuditReport, judge } from "./weaknesses";

const SPEC: CommandSpec = {
  usage: "npm run audit --",
  summary: "Asks npm's registry for known weaknesses of the locked packages.",
  options: {
    optional: { type: "boolean", help: "succeed where the registry answers no audits, and say so" },
  },
};

void runCommand(SPEC, async ({ optional }) => {
  const [shipped, all] = [await audit("--omit=dev"), await audit()];
  if (typeof shipped === "string" || typeof all === "string") {
    const reason = typeof shipped === "string" ? shipped : all;
    console.log(`Left out: the registry answers no audits (${reason})`);
    return optional === true ? 0 : 1;
  }
  const { problems, accepted } = judge({ shipped, all }, ACCEPTED, new Date().toISOString().slice(0, 10));
  for (const line of accepted) console.log(line);
  for (const problem of problems) console.error(problem);
  if (problems.length === 0) console.log("No known weaknesses that are not accepted.");
  return problems.length === 0 ? 0 : 1;
});

/** npm ends with code 1 when it has found something; its report tells that from a failure. @returns the report or a reason */
async function audit(...args: readonly string[]): Promise<AuditReport | string> {
  const { stdout, stderr, failure } = await capture("npm", ["audit", "--json", ...args]);
  try {
    const report = JSON.parse(stdout) as AuditReport | { readonly message?: string };
    if ("auditReportVersion" in report) return report;
    return report.message ?? "no report";
  } catch {
    return failure?.message ?? stderr.trim().split("\n")[0] ?? "no report";
  }
}
