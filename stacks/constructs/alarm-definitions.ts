import type { AlarmDefinition } from "./alarm-definition";
import { type IngesterAlarmProps, ingesterAlarms } from "./ingester-alarms";
import { type ServiceAlarmProps, serviceAlarms } from "./service-alarms";
import { type StreamAlarmProps, streamAlarms } from "./stream-alarms";
import { transformAlarms } from "./transform-alarms";
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
