import { Token } from "cdktf";
import { Construct } from "constructs";
import { type LocatedProps, nameOf } from "../constructs/aws/aws-location";
import type { AlarmPatience } from "../constructs/monitoring/alarm-definitions";
import { AlarmTopic } from "../constructs/monitoring/alarm-topic";
import { Alarms } from "../constructs/monitoring/alarms";
import { Dashboard } from "../constructs/monitoring/dashboard";
import type { WatchedAudit } from "../constructs/monitoring/subjects/audit";
import type { WatchedIngester } from "../constructs/monitoring/subjects/ingester";
import { intervalMinutes, type WatchedSchedule } from "../constructs/monitoring/subjects/schedule";
import type { WatchedService } from "../constructs/monitoring/subjects/service";
import type { WatchedStream } from "../constructs/monitoring/subjects/stream";
import type { TransformMetricsProps } from "../constructs/monitoring/subjects/transform";
import type { WatchedIngestion } from "../constructs/monitoring/watched-ingestion";
import { isOptional, withOrWithout } from "../constructs/terraform/optional";
import type { RunProps, WorkerSizeProps } from "../constructs/worker/props";

const TWO_HOURS = 120;
const A_DAY = 1440;
/** CloudWatch looks back one day at most. With a shorter interval than this, that day holds at least two starts. */
const HALF_A_DAY = A_DAY / 2;

/** What is watched, how long alarms wait, and where they are sent. */
export interface MonitoringOptions extends AlarmPatience {
  /**
   * Minutes without a delivered post of a query, 5 to 1440; 0 = no such alarm. Longer than the quietest hours of any
   * query, and than a schedule's pause.
   * @default - 120; 1440 with a schedule whose rate is below 12 hours, or whose expression is a Terraform variable; 0 with
   * any other schedule (not-started reports missed starts), and while paused
   */
  readonly noPostsMinutes?: number;
  /** @default true */
  readonly dashboard?: boolean;
  /** @default true */
  readonly alarms?: boolean;
  /**
   * A topic of your own, whose policy lets cloudwatch.amazonaws.com publish.
   * @default - an encrypted topic `<name>-alarms`
   */
  readonly topicArn?: string;
  /**
   * Subscribed to the topic that is made here.
   * @default - no notification is sent until the topic has a subscriber
   */
  readonly email?: string;
  /**
   * Path or URL of the runbook, as people who get the mail can open it.
   * @default "docs/runbook.md"
   */
  readonly runbook?: string;
}

export interface MonitoringProps extends LocatedProps, MonitoringOptions {
  /** Name of dashboard and service, and of a cluster that is created here; prefix of the names of topic and alarms. */
  readonly name: string;
  /** The delivery stream. */
  readonly stream: WatchedStream;
  /** @default - the ingester writes no metrics */
  readonly ingester?: WatchedIngester | undefined;
  /** How the ingester runs: one that is paused or started by schedule normally reports nothing. */
  readonly worker: Pick<WorkerSizeProps, "run" | "containerInsights" | "clusterArn">;
  /** @default - the stream transforms nothing */
  readonly transform?: TransformMetricsProps | undefined;
  /** @default - no audit is scheduled */
  readonly audit?: WatchedAudit | undefined;
  /**
   * The key of the topic that is made here.
   * @default - a key of the topic's own
   */
  readonly kmsKeyArn?: string | undefined;
}

/** Dashboard and alarms of one ingestion, and the topic that alarms publish to. */
export class Monitoring extends Construct {
  /** Topic that alarms publish to; undefined where there are no alarms. */
  readonly topicArn: string | undefined;
  /** Names of all alarms: known before anything exists. */
  readonly alarmNames: readonly string[];
  /** Undefined where there is no dashboard. */
  readonly dashboardName: string | undefined;

  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    const { dashboard = true, alarms = true, runbook } = props;
    const watched = watchedIngestion(props);
    const patience = { ...props, noPostsMinutes: noPostsMinutes(props) };
    this.topicArn = alarms ? (props.topicArn ?? this.ownTopic(props).topicArn) : undefined;
    this.alarmNames =
      this.topicArn === undefined
        ? []
        : new Alarms(this, "alarms", { ...patience, watched, topicArn: this.topicArn }).alarmNames;
    this.dashboardName = dashboard ? watched.stackName : undefined;
    if (dashboard) {
      new Dashboard(this, "dashboard", { watched, alarms: alarms ? patience : undefined, runbook });
    }
  }

  private ownTopic({ location, name, email, kmsKeyArn }: MonitoringProps): AlarmTopic {
    return new AlarmTopic(this, "alarm_topic", {
      location,
      topicName: `${name}-alarms`,
      alarmNamePattern: `${name}-*`,
      email,
      kmsKeyArn,
    });
  }
}

/** A schedule may pause for hours, and a paused ingester delivers nothing. */
function noPostsMinutes({ noPostsMinutes: minutes, worker: { run } }: MonitoringProps): number {
  if (isPaused(run)) return 0;
  const expression = scheduleOf(run);
  return minutes ?? (pausesLong(expression) ? 0 : withOrWithout(expression, A_DAY, TWO_HOURS));
}

/** Whether about a day can pass between starts. Modules have a reference in place of an expression: it counts as frequent. */
function pausesLong(expression: string | undefined): boolean {
  if (expression === undefined || Token.isUnresolved(expression)) return false;
  const interval = intervalMinutes(expression);
  return interval === undefined || interval >= HALF_A_DAY;
}

function watchedIngestion(props: MonitoringProps): WatchedIngestion {
  const { name, location, stream, ingester, transform, audit } = props;
  return {
    stackName: name,
    location,
    stream,
    ingester,
    transform,
    audit,
    schedule: watchedSchedule(props),
    service: watchedService(props),
  };
}

function watchedSchedule({ name, worker: { run } }: MonitoringProps): WatchedSchedule | undefined {
  if (run?.mode !== "schedule" || isPaused(run)) return undefined;
  return { groupName: name, expression: run.expression };
}

/** A schedule has no service, and a paused one is expected to run no task. */
function watchedService({ name, worker }: MonitoringProps): WatchedService | undefined {
  const { run } = worker;
  if (isPaused(run) || (run?.mode === "schedule" && !isOptional(run.expression))) return undefined;
  const clusterName = worker.clusterArn ? nameOf(worker.clusterArn) : name;
  return {
    clusterName,
    serviceName: name,
    countsTasks: worker.containerInsights !== "disabled",
    unless: scheduleOf(run),
  };
}

function scheduleOf(run: RunProps | undefined): string | undefined {
  return run?.mode === "schedule" ? run.expression : undefined;
}

function isPaused(run: RunProps = { mode: "service" }): boolean {
  return run.mode === "service" ? run.desiredCount === 0 : run.enabled === false;
}
