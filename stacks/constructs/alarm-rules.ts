import type { AlarmPatience } from "./alarm-definitions";
import { boundProblems, type Problem } from "./check";

/** What CloudWatch would refuse, or what would ring for nothing. */
export function alarmProblems(patience: AlarmPatience): Problem[] {
  return [
    ...boundProblems("noPostsMinutes", "noPostsMinutes", patience.noPostsMinutes),
    ...boundProblems("lagMinutes", "lagMinutes", patience.lagMinutes),
    ...boundProblems("lateMinutes", "lateMinutes", patience.lateMinutes),
    ...boundProblems("notRunningMinutes", "notRunningMinutes", patience.notRunningMinutes),
  ];
}
