import { arnProblems } from "../aws/arn-rules";
import { fieldProblems, type Problem } from "../checks/check";
import type { AlarmDefinition } from "./alarm-definition";
import { type FilteredStreamAlarmProps, filteredStreamAlarms } from "./subjects/filtered-stream";
import { type IngesterAlarmProps, ingesterAlarms } from "./subjects/ingester-alarms";
import { type ScheduleAlarmProps, scheduleAlarms } from "./subjects/schedule";
import { type ServiceAlarmProps, serviceAlarms } from "./subjects/service";
import { type StreamAlarmProps, streamAlarms } from "./subjects/stream";
import { transformAlarms } from "./subjects/transform";
import type { WatchedIngestion } from "./watched-ingestion";

/** How patient the alarms are. */
export interface AlarmPatience
  extends FilteredStreamAlarmProps,
    IngesterAlarmProps,
    ScheduleAlarmProps,
    ServiceAlarmProps,
    StreamAlarmProps {}

/** Alarms for what there is to watch: without a service, a transform or metrics, theirs are left out. */
export function alarmDefinitions(
  { ingester, schedule, service, stream, transform }: WatchedIngestion,
  patience: AlarmPatience = {},
): AlarmDefinition[] {
  return [
    ...(ingester ? ingesterAlarms(ingester, patience) : []),
    ...(ingester?.filteredStream ? filteredStreamAlarms(ingester.filteredStream, patience) : []),
    ...(schedule ? scheduleAlarms(schedule, patience) : []),
    ...(service ? serviceAlarms(service, patience) : []),
    ...streamAlarms(stream, patience),
    ...(transform ? transformAlarms(transform) : []),
  ];
}

/** A topic that alarms of a region can publish to. */
export function topicProblems(topicArn: string | undefined, region: string): Problem[] {
  const fix = "CloudWatch publishes in its own region only.";
  return arnProblems("topicArn", { bound: "alarmTopicArn", arn: topicArn, what: "a topic", fix }, { region });
}

/** What CloudWatch would refuse, or what would ring for nothing. */
export function alarmProblems(
  patience: AlarmPatience & { readonly runbook?: string | undefined },
): Problem[] {
  const rows = {
    noPostsMinutes: "noPostsMinutes",
    lagMinutes: "lagMinutes",
    disconnectedMinutes: "disconnectedMinutes",
    holeMinutes: "holeMinutes",
    lateMinutes: "lateMinutes",
    notRunningMinutes: "notRunningMinutes",
    notStartedMinutes: "notStartedMinutes",
    runbook: "runbook",
  } as const;
  return fieldProblems(rows, patience);
}
