import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { Construct } from "constructs";
import { alarmName } from "./alarm-definition";
import { type AlarmPatience, alarmDefinitions } from "./alarm-definitions";
import { regionalArn } from "./aws-location";
import { alarmStatus, placed, text, type Widget } from "./dashboard-widget";
import { moneyRow, postsRow } from "./ingester-widgets";
import { jsonDocument } from "./json-document";
import { serviceRow } from "./service-widgets";
import { lateSeconds } from "./stream-alarms";
import { deliveryRow } from "./stream-widgets";
import { transformRow } from "./transform-widgets";
import type { WatchedIngestion } from "./watched-ingestion";

export interface DashboardProps {
  /** What to show, by names that are known before anything exists. */
  readonly watched: WatchedIngestion;
  /**
   * The alarms beside it, drawn as they stand.
   * @default - there are no alarms
   */
  readonly alarms?: AlarmPatience | undefined;
}

/** One page that answers: do posts arrive, what do they cost, and which limit is near. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, { watched, alarms }: DashboardProps) {
    super(scope, id);
    new CloudwatchDashboard(this, "Default", {
      dashboardName: watched.stackName,
      dashboardBody: jsonDocument({ widgets: placed(rows(watched, alarms)) }),
    });
  }
}

/** Money first: it is the one thing that cannot be had back. */
function rows(watched: WatchedIngestion, alarms: AlarmPatience | undefined): Widget[][] {
  const { ingester, service, stream, transform, location } = watched;
  const { region } = location;
  return [
    [text(heading(watched), 2)],
    ...(alarms ? [[alarmStatus("Alarms", alarmArns(watched, alarms))]] : []),
    ...(ingester ? [moneyRow(ingester, region), postsRow(ingester, region)] : []),
    deliveryRow(stream, lateSeconds(stream, alarms), region),
    ...(service ? [serviceRow(service, region)] : []),
    ...(transform ? [transformRow(transform, region)] : []),
  ];
}

function heading({ stackName, stream, ingester }: WatchedIngestion): string {
  const key = ingester ? ` Checkpoint \`${ingester.checkpointKey}\`.` : "";
  return `## ${stackName}\nX posts into S3 through the stream \`${stream.streamName}\`.${key} Alarms are explained in docs/runbook.md.`;
}

function alarmArns(watched: WatchedIngestion, alarms: AlarmPatience): string[] {
  return alarmDefinitions(watched, alarms).map(({ id }) =>
    regionalArn(watched.location, "cloudwatch", `alarm:${alarmName(watched.stackName, id)}`),
  );
}
