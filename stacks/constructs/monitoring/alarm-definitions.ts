import { arnProblems } from "../aws/arn-rules";
import { fieldProblems, type Problem } from "../checks/check";
import type { AlarmDefinition } from "./alarm-definition";
import { type AuditAlarmProps, auditAlarms } from "./subjects/audit";
import { type FilteredStreamAlarmProps, filteredStreamAlarms } from "./subjects/filtered-stream";
import { type IngesterAlarmProps, ingesterAlarms } from "./subjects/ingester-alarms";
import { type ScheduleAlarmProps, scheduleAlarms } from "./subjects/schedule";
import { type ServiceAlarmProps, serviceAlarms } from "./subjects/service";
import { type StreamAlarmProps, streamAlarms } from "./subjects/stream";
import { transformAlarms } from "./subjects/transform";
import type { WatchedIngestion } from "./watched-ingestion";

/** How long the alarms wait. */
export interface AlarmPatience
  extends AuditAlarmProps,
    FilteredStreamAlarmProps,
    IngesterAlarmProps,
    ScheduleAlarmProps,
    ServiceAlarmProps,
    StreamAlarmProps {}

/** Alarms of everything that is watched: none of a service, a transform or metrics that do not exist. */
export function alarmDefinitions(
  { ingester, schedule, service, stream, transform, audit }: WatchedIngestion,
  patience: AlarmPatience = {},
): AlarmDefinition[] {
  return [
    ...(ingester ? ingesterAlarms(ingester, patience) : []),
    ...(ingester?.filteredStream ? filteredStreamAlarms(ingester.filteredStream, patience) : []),
    ...(schedule ? scheduleAlarms(schedule, patience) : []),
    ...(service ? serviceAlarms(service, patience) : []),
    ...streamAlarms(stream, patience),
    ...(transform ? transformAlarms(transform, stream) : []),
    ...(audit ? auditAlarms(audit, patience) : []),
  ];
}

/** Problems of a topic: alarms can only publish in their own region. */
export function topicProblems(topicArn: string | undefined, region: string): Problem[] {
  const fix = "CloudWatch publishes in its own region only.";
  return arnProblems("topicArn", { bound: "alarmTopicArn", arn: topicArn, what: "a topic", fix }, { region });
}

/** Problems that CloudWatch would refuse, or with which an alarm would go off without a reason. */
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
    notAuditedMinutes: "notStartedMinutes",
    runbook: "runbook",
  } as const;
  return fieldProblems(rows, patience);
}
