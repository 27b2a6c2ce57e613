/** What CloudWatch takes for a dashboard's body, as far as the project uses it. */
import { decodeJson, type Synthesized } from "./synth";

export interface WidgetJson {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** One row of a graph: `[namespace, name, dimension, value, ..., options]`, or `[{ expression }]`. */
export type MetricRow = readonly (string | Readonly<Record<string, unknown>>)[];

export interface DrawnMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

export function widgetsOf(stack: Synthesized): WidgetJson[] {
  const body = decodeJson(stack.one("aws_cloudwatch_dashboard").dashboard_body);
  return (body as { widgets: WidgetJson[] }).widgets;
}

export function rowsOf(widget: WidgetJson): MetricRow[] {
  return (widget.properties.metrics ?? []) as MetricRow[];
}

/** Every metric that a graph reads, hidden ones too. */
export function drawnMetrics(widgets: readonly WidgetJson[]): DrawnMetric[] {
  return widgets
    .flatMap(rowsOf)
    .map((row) => row.filter((part): part is string => typeof part === "string"))
    .filter(({ length }) => length > 0)
    .map(([namespace = "", name = "", ...pairs]) => ({ namespace, name, dimensions: inPairs(pairs) }));
}

function inPairs(parts: readonly string[]): Record<string, string> {
  const names = parts.filter((_, index) => index % 2 === 0);
  return Object.fromEntries(names.map((name, index) => [name, parts[index * 2 + 1] ?? ""]));
}

/**
 * What CloudWatch would refuse, or draw wrongly.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export function dashboardProblems(widgets: readonly WidgetJson[]): string[] {
  return [
    ...(widgets.length > 500 ? ["more than 500 widgets"] : []),
    ...widgets.flatMap((widget, index) => [
      ...placeProblems(widget),
      ...propertyProblems(widget),
      ...widgets
        .slice(index + 1)
        .flatMap((other) => (overlap(widget, other) ? [`overlaps at ${widget.y}`] : [])),
    ]),
  ];
}

function placeProblems({ x, y, width, height }: WidgetJson): string[] {
  const inGrid = x >= 0 && y >= 0 && width >= 1 && height >= 1 && x + width <= 24 && height <= 1000;
  return inGrid ? [] : [`does not fit into 24 columns: ${x}+${width}, ${y}+${height}`];
}

function overlap(one: WidgetJson, other: WidgetJson): boolean {
  const beside = one.x + one.width <= other.x || other.x + other.width <= one.x;
  const below = one.y + one.height <= other.y || other.y + other.height <= one.y;
  return !beside && !below;
}

function propertyProblems(widget: WidgetJson): string[] {
  const { properties } = widget;
  switch (widget.type) {
    case "text":
      return typeof properties.markdown === "string" && properties.markdown !== "" ? [] : ["has no markdown"];
    case "alarm":
      return alarmProblems(properties.alarms);
    case "metric":
      return [...graphProblems(properties), ...rowProblems(rowsOf(widget))];
    default:
      return [`has the unknown type ${widget.type}`];
  }
}

function alarmProblems(alarms: unknown): string[] {
  if (!Array.isArray(alarms) || alarms.length === 0) return ["has no alarms"];
  return alarms.length > 100 ? ["has more than 100 alarms"] : [];
}

function graphProblems({ title, region, view, period }: WidgetJson["properties"]): string[] {
  return [
    ...(typeof title === "string" ? [] : ["has no title"]),
    ...(/^[a-z]+(-[a-z]+)+-\d$/.test(String(region)) ? [] : [`has no region, but ${String(region)}`]),
    ...(["timeSeries", "singleValue"].includes(String(view)) ? [] : [`has the view ${String(view)}`]),
    ...(Number(period) > 0 && Number(period) % 60 === 0 ? [] : [`has the period ${String(period)}`]),
  ];
}

const STATISTICS = ["Average", "Maximum", "Minimum", "Sum"];

function rowProblems(rows: readonly MetricRow[]): string[] {
  const options = rows.map((row) => row.at(-1) as Readonly<Record<string, unknown>>);
  const ids = options.flatMap(({ id }) => (typeof id === "string" ? [id] : []));
  const expressions = options.flatMap(({ expression }) =>
    typeof expression === "string" ? [expression] : [],
  );
  const used = expressions.flatMap((expression) => expression.match(/\b[a-z]\w*/g) ?? []);
  return [
    ...(rows.length >= 1 && rows.length <= 500 ? [] : ["has no metrics"]),
    ...rows.flatMap((row) => shapeProblems(row)),
    ...ids.filter((id) => !/^[a-z]\w{0,254}$/.test(id)).map((id) => `has the id ${id}`),
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `has the id ${id} twice`),
    ...used.filter((id) => !ids.includes(id)).map((id) => `uses the unknown id ${id}`),
    ...ids.filter((id) => !used.includes(id)).map((id) => `hides the unused ${id}`),
  ];
}

function shapeProblems(row: MetricRow): string[] {
  const last = row.at(-1) as Readonly<Record<string, unknown>>;
  if (row.length === 1)
    return typeof last.expression === "string" ? [] : ["is neither metric nor expression"];
  const strings = row.slice(0, -1);
  return [
    ...(strings.every((part) => typeof part === "string" && part !== "") ? [] : ["has an empty part"]),
    ...(strings.length % 2 === 0 && strings.length <= 2 + 2 * 30 ? [] : ["has a dimension without a value"]),
    ...(STATISTICS.includes(String(last.stat)) ? [] : [`has the statistic ${String(last.stat)}`]),
  ];
}
