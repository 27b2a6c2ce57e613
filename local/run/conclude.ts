import { complain, say } from "../support/say";
import { plural } from "./format";
import type { IngesterExit } from "./ingester-process";
import type { Verdict } from "./verify";

/** How the ingester ended, and whether a stop was requested. */
export interface IngesterEnd extends IngesterExit {
  readonly interrupted: boolean;
  /** Different posts that X returned. */
  readonly read: number;
}

/** True when the ingester ended by itself, having caught up. */
export function hasFinished(ended: IngesterEnd): boolean {
  return ended.code === 0 && !ended.interrupted && !isAtLimit(ended);
}

/** A summary of a run that read nothing would look like success, unless there was nothing to read. */
export function deservesSummary(ended: IngesterEnd): boolean {
  return hasFinished(ended) || ended.read > 0;
}

function isAtLimit({ events }: IngesterEnd): boolean {
  return events.has("limit_reached");
}

/**
 * The runner's exit code; when it is not 0, the reason goes to stderr.
 * @returns 0 only if everything read is in the bucket; 1 if not; the ingester's own code when it failed.
 */
export function conclude(ended: IngesterEnd, verdict: Verdict, logFile: string): number {
  if (ended.code === null) {
    return fail(1, `The ingester was ended by ${ended.signal}. Run again: it continues where it was.`);
  }
  if (ended.code !== 0) {
    return fail(ended.code, `The ingester ended with exit code ${ended.code}; its log is ${logFile}.`);
  }
  if (ended.interrupted && ended.read === 0) say("Stopped before anything was read.\n");
  if (isAtLimit(ended) && ended.read === 0) {
    const why = "a limit was reached before X returned a post: see the messages above";
    return fail(1, `Nothing was read: ${why}. The log is ${logFile}.`);
  }
  const missing = verdict.missing + (hasFinished(ended) ? verdict.notDelivered : 0);
  if (missing > 0) {
    const advice = "If its objects were deleted, start over with: npm start -- --fresh";
    return fail(1, `${plural(missing, "post")} missing from the bucket. ${advice}`);
  }
  if (verdict.unreadableLines > 0) {
    return fail(1, `${plural(verdict.unreadableLines, "line")} in the bucket cannot be read as posts.`);
  }
  return 0;
}

function fail(code: number, message: string): number {
  complain(`\n${message}\n`);
  return code;
}
