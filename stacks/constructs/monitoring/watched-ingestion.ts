import type { AwsLocation } from "../aws/aws-location";
import type { WatchedAudit } from "./subjects/audit";
import type { WatchedIngester } from "./subjects/ingester";
import type { WatchedSchedule } from "./subjects/schedule";
import type { WatchedService } from "./subjects/service";
import type { WatchedStream } from "./subjects/stream";
import type { TransformMetricsProps } from "./subjects/transform";

/** What dashboard and alarms look at: names that are known before anything exists. */
export interface WatchedIngestion {
  /** Names the dashboard, the topic and every alarm. */
  readonly stackName: string;
  readonly location: AwsLocation;
  readonly stream: WatchedStream;
  /** @default - the ingester writes no metrics, so that there are no alarms and graphs of posts and money */
  readonly ingester?: WatchedIngester | undefined;
  /** @default - no schedule: the ingester is a service */
  readonly schedule?: WatchedSchedule | undefined;
  /** @default - no service: the ingester is started by schedule */
  readonly service?: WatchedService | undefined;
  /** @default - the stream transforms nothing */
  readonly transform?: TransformMetricsProps | undefined;
  /** @default - no audit is scheduled */
  readonly audit?: WatchedAudit | undefined;
}
