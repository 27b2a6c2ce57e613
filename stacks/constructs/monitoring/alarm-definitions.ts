import { boundProblems, type Problem } from "../checks/check";
import type { AlarmDefinition } from "./alarm-definition";
import { type IngesterAlarmProps, ingesterAlarms } from "./subjects/ingester-alarms";
import { type ServiceAlarmProps, serviceAlarms } from "./subjects/service";
import { type StreamAlarmProps, streamAlarms } from "./subjects/stream";
import { transformAlarms } from "./subjects/transform";
import type { WatchedIngestion } from "./watched-ingestion";

/** How patient the alarms are. */
export interface AlarmPatience extends IngesterAlarmProps, ServiceAlarmProps, StreamAlarmProps {}

/** Alarms for what there is to watch: without a service, a transform or metrics, theirs are left out. */
export function alarmDefinitions(
  { ingester, service, stream, transform }: WatchedIngestion,
  patience: AlarmPatience = {},
): AlarmDefinition[] {
  return [
    ...(ingester ? ingesterAlarms(ingester, patience) : []),
    ...(service ? serviceAlarms(service, patience) : []),
    ...streamAlarms(stream, patience),
    ...(transform ? transformAlarms(transform) : []),
  ];
}

/** What CloudWatch would refuse, or what would ring for nothing. */
export function alarmProblems(patience: AlarmPatience): Problem[] {
  return [
    ...boundProblems("noPostsMinutes", "noPostsMinutes", patience.noPostsMinutes),
    ...boundProblems("lagMinutes", "lagMinutes", patience.lagMinutes),
    ...boundProblems("lateMinutes", "lateMinutes", patience.lateMinutes),
    ...boundProblems("notRunningMinutes", "notRunningMinutes", patience.notRunningMinutes),
  ];
}
