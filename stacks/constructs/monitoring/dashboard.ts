import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import { regionalArn } from "../aws/aws-location";
import { checkAtSynth, type Problem, problem } from "../checks/check";
import { jsonDocument } from "../terraform/json-document";
import { isGiven } from "../terraform/optional";
import { alarmName } from "./alarm-definition";
import { type AlarmPatience, alarmDefinitions } from "./alarm-definitions";
import { alarmStatus, placed, text, type Widget } from "./dashboard-widget";
import { filteredStreamRow } from "./subjects/filtered-stream";
import type { WatchedIngester } from "./subjects/ingester";
import { lagSeconds } from "./subjects/ingester-alarms";
import { coverageRow, moneyRow, postsRow } from "./subjects/ingester-widgets";
import { scheduleRow } from "./subjects/schedule";
import { serviceRow } from "./subjects/service";
import { deliveryRow, lateSeconds } from "./subjects/stream";
import { transformRow } from "./subjects/transform";
import type { WatchedIngestion } from "./watched-ingestion";

export interface DashboardProps {
  /** What to show, by names that are known before anything exists. */
  readonly watched: WatchedIngestion;
  /**
   * The alarms beside it, drawn as they stand.
   * @default - there are no alarms
   */
  readonly alarms?: AlarmPatience | undefined;
  /**
   * Path or URL of the runbook.
   * @default "docs/runbook.md"
   */
  readonly runbook?: string | undefined;
}

/** One page that answers: do posts arrive, what do they cost, and which limit is near. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, { watched, alarms, runbook }: DashboardProps) {
    super(scope, id);
    const layout = (shown: WatchedIngestion) => [[heading(shown, runbook)], ...rows(shown, alarms)];
    const body = (shown: WatchedIngestion) => jsonDocument({ widgets: placed(layout(shown)) });
    checkAtSynth(this, dashboardProblems(layout(watched).flat()));
    const { schedule, service } = watched;
    new CloudwatchDashboard(this, "Default", {
      dashboardName: watched.stackName,
      dashboardBody:
        schedule && service
          ? Fn.conditional(
              isGiven(schedule.expression),
              body({ ...watched, service: undefined }),
              body({ ...watched, schedule: undefined }),
            )
          : body(watched),
    });
  }
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html */
const MAX_METRICS = { widget: 500, dashboard: 2_500 };

/** CloudWatch stores a dashboard with more metrics, and shows an error in place of its graphs. */
function dashboardProblems(widgets: readonly Widget[]): Problem[] {
  const counts = widgets.map(({ properties: { metrics = [] } }) => (metrics as readonly unknown[]).length);
  const fix = "Watch fewer queries: collect some of them in another environment.";
  const tooMany = (where: keyof typeof MAX_METRICS, got: number) =>
    got <= MAX_METRICS[where]
      ? []
      : [problem("queries", { allowed: `at most ${MAX_METRICS[where]} metrics on a ${where}`, got, fix })];
  return [
    ...tooMany("widget", Math.max(0, ...counts)),
    ...tooMany(
      "dashboard",
      counts.reduce((sum, each) => sum + each, 0),
    ),
  ];
}

/** Money first: it is the only thing that a restart cannot repair. */
function rows(watched: WatchedIngestion, alarms: AlarmPatience | undefined): Widget[][] {
  const { ingester, schedule, service, stream, transform, location } = watched;
  const { region } = location;
  return [
    ...(alarms ? alarmRows(alarmArns(watched, alarms)) : []),
    ...(ingester ? ingesterRows(ingester, alarms, region) : []),
    deliveryRow(stream, lateSeconds(stream, alarms), region),
    ...(schedule ? [scheduleRow(schedule, region)] : []),
    ...(service ? [serviceRow(service, region)] : []),
    ...(transform ? [transformRow(transform, region)] : []),
  ];
}

function heading({ stackName, stream, ingester }: WatchedIngestion, runbook = "docs/runbook.md"): Widget {
  const queries = ingester?.queries ?? [];
  const keys = queries.map(({ name, checkpointKey }) => `- ${name ? `${name}: ` : ""}\`${checkpointKey}\``);
  const lines = [
    `## ${stackName}`,
    `X posts into S3 through the stream \`${stream.streamName}\`. Alarms are explained in ${runbookLink(runbook)}.`,
    ...(keys.length > 0 ? ["", "Coverage in the ledger:", ...keys] : []),
  ];
  return text(lines.join("\n"), keys.length > 0 ? 3 + Math.ceil(keys.length / 2) : 2);
}

/** A path cannot be followed from CloudWatch, and a text with other signs is no address. */
function runbookLink(runbook: string): string {
  return /^https?:\/\/[^\s()]+$/.test(runbook) ? `[the runbook](${runbook})` : runbook;
}

function ingesterRows(
  ingester: WatchedIngester,
  alarms: AlarmPatience | undefined,
  region: string,
): Widget[][] {
  return [
    moneyRow(ingester, region),
    postsRow(ingester, region),
    coverageRow(ingester, lagSeconds(ingester, alarms), region),
    ...(ingester.filteredStream ? [filteredStreamRow(ingester.filteredStream, alarms, region)] : []),
  ];
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
const ALARMS_IN_WIDGET = 100;

function alarmRows(arns: readonly string[]): Widget[][] {
  if (arns.length <= ALARMS_IN_WIDGET) return [[alarmStatus("Alarms", arns)]];
  return [
    [alarmStatus("Alarms", arns.slice(0, ALARMS_IN_WIDGET))],
    ...alarmRows(arns.slice(ALARMS_IN_WIDGET)),
  ];
}

function alarmArns(watched: WatchedIngestion, alarms: AlarmPatience): string[] {
  return alarmDefinitions(watched, alarms).map((alarm) =>
    regionalArn(watched.location, "cloudwatch", `alarm:${alarmName(watched.stackName, alarm)}`),
  );
}
