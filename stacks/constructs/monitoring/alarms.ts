import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import { checkAtSynth } from "../checks/check";
import { createdWith } from "../terraform/optional";
import { type AlarmTarget, alarmConstructId, alarmName, renderAlarm } from "./alarm-definition";
import { type AlarmPatience, alarmDefinitions, alarmProblems, topicProblems } from "./alarm-definitions";
import type { WatchedIngestion } from "./watched-ingestion";

export interface AlarmsProps extends AlarmPatience {
  /** What to watch, by names that are known before anything exists. */
  readonly watched: WatchedIngestion;
  /** Topic that alarms publish to, when they go off and when they are over. */
  readonly topicArn: string;
  /**
   * Path in this repository or URL of the runbook, as readers of a notification can open it.
   * @default "docs/runbook.md"
   */
  readonly runbook?: string | undefined;
}

/** Every alarm of one ingestion, each linked to its section of the runbook. */
export class Alarms extends Construct {
  /** Known before anything exists. */
  readonly alarmNames: readonly string[];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    checkAtSynth(this, [
      ...alarmProblems(props),
      ...topicProblems(props.topicArn, props.watched.location.region),
    ]);
    const { watched, topicArn, runbook = "docs/runbook.md" } = props;
    const target: AlarmTarget = { stackName: watched.stackName, topicArn, runbook };
    // Without repetition: the checks of queries report a repeated name, and a construct's id must be unique.
    const alarms = new Map(alarmDefinitions(watched, props).map((alarm) => [alarmConstructId(alarm), alarm]));
    for (const [constructId, alarm] of alarms) {
      const resource = new CloudwatchMetricAlarm(this, constructId, renderAlarm(alarm, target));
      if (alarm.forEach !== undefined) resource.addOverride("for_each", `\${${alarm.forEach}}`);
      createdWith(resource, alarm.onlyWith, "given");
      createdWith(resource, alarm.onlyWithout, "absent");
    }
    this.alarmNames = [...alarms.values()].map((alarm) => alarmName(watched.stackName, alarm));
  }
}
