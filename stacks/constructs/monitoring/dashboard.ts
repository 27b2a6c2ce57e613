import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { Fn, Token } from "cdktf";
import { Construct } from "constructs";
import { regionalArn } from "../aws/aws-location";
import { checkAtSynth, type Problem, problem } from "../checks/check";
import { jsonDocument } from "../terraform/json-document";
import { type Item, listOf } from "../terraform/list-of";
import { isGiven, isOptional, withOrWithout } from "../terraform/optional";
import { alarmName } from "./alarm-definition";
import { type AlarmPatience, alarmDefinitions } from "./alarm-definitions";
import { ALARMS_IN_WIDGET, alarmStatus, placed, text, type Widget } from "./dashboard-widget";
import { auditRow } from "./subjects/audit";
import { filteredStreamRow } from "./subjects/filtered-stream";
import { FURTHER_QUERY, type WatchedIngester, type WatchedQuery } from "./subjects/ingester";
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
   * The alarms, whose states and thresholds are shown.
   * @default - there are no alarms
   */
  readonly alarms?: AlarmPatience | undefined;
  /**
   * Path or URL of the runbook.
   * @default "docs/runbook.md"
   */
  readonly runbook?: string | undefined;
}

/** Shows whether posts arrive, what they cost, and which limit is near. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, { watched, alarms, runbook }: DashboardProps) {
    super(scope, id);
    const layout = ({ shown, given }: Page) => [[heading(shown, runbook)], ...rows(shown, alarms, given)];
    const body = (page: Page) => jsonDocument({ widgets: placed(layout(page)) });
    checkAtSynth(this, dashboardProblems(layout({ shown: watched }).flat()));
    const [last, ...conditional] = pages(watched).reverse();
    new CloudwatchDashboard(this, "Default", {
      dashboardName: watched.stackName,
      dashboardBody: conditional.reduce(
        (otherwise, page) => Fn.conditional(isGiven(page.given), body(page), otherwise),
        body(last ?? { shown: watched }),
      ),
    });
  }
}

/** One form of the dashboard, and the optional value with which it is used. */
interface Page {
  readonly shown: WatchedIngestion;
  /** @default - it is used when no other is */
  readonly given?: unknown;
}

/** All dashboards that Terraform chooses from, because positions of rows are fixed. The last has no condition. */
function pages(watched: WatchedIngestion): Page[] {
  const { ingester, schedule, service } = watched;
  const listening = ingester?.filteredStream?.onlyWith;
  const silent = ingester && { ...ingester, filteredStream: undefined };
  const always = listening === undefined ? watched : { ...watched, ingester: silent };
  if (!schedule || !service) return [{ shown: always }];
  return [
    { shown: { ...always, service: undefined }, given: schedule.expression },
    ...(listening === undefined ? [] : [{ shown: { ...watched, schedule: undefined }, given: listening }]),
    { shown: { ...always, schedule: undefined } },
  ];
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html */
const MAX_METRICS = { widget: 500, dashboard: 2_500 };

/** CloudWatch stores a dashboard with more metrics, and shows an error in place of its graphs. */
function dashboardProblems(widgets: readonly Widget[]): Problem[] {
  const counts = widgets.map(({ properties: { metrics = [] } }) =>
    Array.isArray(metrics) ? metrics.length : 0,
  );
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

/**
 * Money comes first, because a restart cannot undo a purchase.
 * @param given the optional value with which these rows are shown
 */
function rows(watched: WatchedIngestion, alarms: AlarmPatience | undefined, given: unknown): Widget[][] {
  const { ingester, schedule, service, stream, transform, audit, location } = watched;
  const { region } = location;
  return [
    ...(alarms ? alarmRows(alarmArns(watched, alarms, given)) : []),
    ...(ingester ? ingesterRows(ingester, alarms, region) : []),
    deliveryRow(stream, lateSeconds(stream, alarms), region),
    ...(schedule ? [scheduleRow(schedule, region)] : []),
    ...(service ? [serviceRow(service, region)] : []),
    ...(transform ? [transformRow(transform, stream, region)] : []),
    ...(audit ? [auditRow(audit, region)] : []),
  ];
}

function heading({ stackName, stream, ingester }: WatchedIngestion, runbook = "docs/runbook.md"): Widget {
  const queries = ingester?.queries ?? [];
  const lines = [
    `## ${stackName}`,
    `X posts into S3 through the stream \`${stream.streamName}\`. Alarms are explained in ${runbookLink(runbook)}.`,
    ...(queries.length > 0 ? ["", "Coverage in the ledger:", ...queries.map(keyLine)] : []),
  ];
  const further = ingester?.furtherQueries;
  const more = further === undefined ? "" : furtherLines(further);
  return text(`${lines.join("\n")}${more}`, queries.length > 0 ? 3 + Math.ceil(queries.length / 2) : 2);
}

function keyLine({ name, checkpointKey }: WatchedQuery): string {
  return `- ${withOrWithout(name, `${name}: `, "")}\`${checkpointKey}\``;
}

function furtherLines(forEach: string): string {
  return Fn.join("", Token.asList(listOf([{ item: `\n${keyLine(FURTHER_QUERY.inExpression)}`, forEach }])));
}

/** CloudWatch cannot link to a path, and a text with other characters is not a URL. */
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

function alarmRows(arns: readonly Item<string>[]): Widget[][] {
  if (arns.length <= ALARMS_IN_WIDGET) return [[alarmStatus("Alarms", arns)]];
  return [
    [alarmStatus("Alarms", arns.slice(0, ALARMS_IN_WIDGET))],
    ...alarmRows(arns.slice(ALARMS_IN_WIDGET)),
  ];
}

function alarmArns(watched: WatchedIngestion, alarms: AlarmPatience, given: unknown): Item<string>[] {
  const arn = (name: string) => regionalArn(watched.location, "cloudwatch", `alarm:${name}`);
  return alarmDefinitions(watched, alarms).map((alarm) => {
    const { suffix, forEach, onlyWith } = alarm;
    const named = { ...alarm, suffix: forEach === undefined ? suffix : FURTHER_QUERY.inExpression.name };
    return {
      item: arn(alarmName(watched.stackName, named)),
      forEach,
      onlyWith: onlyWith !== given && isOptional(onlyWith) ? onlyWith : undefined,
    };
  });
}
