import { Fn, Token } from "cdktf";
import { type Item, listOf } from "../terraform/list-of";
import type { Metric, Statistic } from "./metric";

/** A part of a dashboard, without its position. */
export interface Widget {
  /** Columns of 24. */
  readonly width: number;
  /** Rows of about 50 pixels. */
  readonly height: number;
  readonly type: "alarm" | "metric" | "text";
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A line in a graph: a metric, or arithmetic on metrics. */
export type Line = MetricLine | ExpressionLine;

export interface MetricLine {
  /**
   * Address of a map: there is one line for each entry, to which label and metric refer.
   * @default - one line
   */
  readonly forEach?: string | undefined;
  readonly metric: Metric;
  readonly statistic: Statistic;
  readonly label: string;
}

export interface ExpressionLine {
  /** CloudWatch metric math on the metrics in `of`. */
  readonly expression: string;
  readonly label: string;
  /** Metrics of the expression, by id; they are not drawn themselves. */
  readonly of: Readonly<Record<string, Omit<MetricLine, "label">>>;
}

export interface GraphProps {
  /** Shown above the graph. */
  readonly title: string;
  /** Region of the metrics. */
  readonly region: string;
  /** What is drawn, in this order. */
  readonly lines: readonly Line[];
  /** @default 8 */
  readonly width?: number;
  /** @default - a line over time; `singleValue` shows the newest number */
  readonly view?: "timeSeries" | "singleValue";
  /**
   * Seconds.
   * @default 300
   */
  readonly period?: number;
  /**
   * Label of the left axis.
   * @default - no label
   */
  readonly unit?: string;
  /**
   * Thresholds drawn across the graph.
   * @default - none
   */
  readonly marks?: readonly { readonly label: string; readonly value: number }[];
}

const HEIGHT = 6;

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
export function graph(props: GraphProps): Widget {
  const { title, region, lines, view = "timeSeries", period = 300, unit, marks = [] } = props;
  return {
    type: "metric",
    width: props.width ?? 8,
    height: HEIGHT,
    properties: {
      title,
      region,
      view,
      period,
      metrics: listOf(lines.flatMap(renderLine)),
      ...(view === "timeSeries" ? { stacked: false, yAxis: leftAxis(unit) } : {}),
      ...(marks.length > 0 ? { annotations: { horizontal: marks } } : {}),
    },
  };
}

function leftAxis(label: string | undefined) {
  return { left: { min: 0, ...(label ? { label, showUnits: false } : {}) } };
}

function renderLine(line: Line): Item[] {
  if ("metric" in line) return [metricRow(line, { label: line.label })];
  const hidden = Object.entries(line.of).map(([id, part]) => metricRow(part, { id, visible: false }));
  return [{ item: [{ expression: line.expression, label: line.label }] }, ...hidden];
}

function metricRow({ metric, statistic, forEach }: Omit<MetricLine, "label">, options: object): Item {
  const dimensions = Object.entries(metric.dimensions).flat();
  return { forEach, item: [metric.namespace, metric.name, ...dimensions, { stat: statistic, ...options }] };
}

/** Markdown over the whole width. */
export function text(markdown: string, height: number): Widget {
  return { type: "text", width: 24, height, properties: { markdown } };
}

/** One coloured field for each alarm, about six side by side. */
export function alarmStatus(title: string, alarmArns: readonly Item<string>[]): Widget {
  const height = Math.max(3, 1 + Math.ceil(alarmArns.length / 6));
  return { type: "alarm", width: 24, height, properties: { title, alarms: firstAlarms(alarmArns) } };
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
export const ALARMS_IN_WIDGET = 100;

/** As many as a widget takes, where Terraform decides which there are. */
function firstAlarms(alarmArns: readonly Item<string>[]): unknown {
  const list = listOf(alarmArns);
  return Array.isArray(list) ? list : Fn.element(Fn.chunklist(Token.asList(list), ALARMS_IN_WIDGET), 0);
}

/** Places rows under each other, and the widgets of a row side by side. */
export function placed(rows: readonly (readonly Widget[])[]) {
  let top = 0;
  return rows.flatMap((row) => {
    let left = 0;
    const widgets = row.map((widget) => {
      const x = left;
      left += widget.width;
      return { type: widget.type, x, y: top, ...size(widget), properties: widget.properties };
    });
    top += Math.max(0, ...row.map(({ height }) => height));
    return widgets;
  });
}

function size({ width, height }: Widget) {
  return { width, height };
}
