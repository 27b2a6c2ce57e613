/** The same log lines, for a person at a terminal: a time and a sentence. */
import type { LineOutput } from "../../runtime/logger";
import { count, duration, plural, sentence, usd } from "../../runtime/words";

const MARKS: Readonly<Record<string, string>> = { warn: "WARN ", error: "ERROR" };

type Fields = Readonly<Record<string, unknown>>;

export function humanOutput(write: (text: string) => void): LineOutput {
  return { write: (line) => write(describeLine(line)) };
}

/** Left out are lines that are no log lines (metrics), and the fatal one: the command ends with its message anyway. */
export function describeLine(line: string): string {
  const { level, time, event, message, ...fields } = parse(line);
  if (typeof level !== "string" || typeof time !== "string" || level === "fatal") return "";
  const words = sentenceOf(String(event), typeof message === "string" ? message : undefined, fields);
  const shown = event === "source_waiting" ? `${sentence(words)}${nextTry(time, fields)}` : words;
  return `${[`${time.slice(11, 19)}Z`, MARKS[level], shown].filter(Boolean).join(" ")}\n`;
}

/** Sentences of the events that carry figures alone; the others bring theirs along, or are shown as they are. */
const SENTENCES: Readonly<Record<string, (fields: Fields) => string>> = {
  started: ({ queries, http_port: port }) => {
    const page = port === undefined ? "" : ` Status page: http://localhost:${port}/`;
    return `Collecting ${Array.isArray(queries) ? queries.join(", ") : "posts"}.${page}`;
  },
  caught_up: (fields) => `Caught up: ${progress(fields)}`,
  summary: (fields) => progress(fields),
  stopped: (fields) => `Stopped: ${progress(fields)}`,
  rules_in_force: ({ rules, added, removed }) => {
    const changes = [tagsOf("added", added), tagsOf("removed", removed)].filter((part) => part !== "");
    return `${plural(Number(rules), "rule")} in force at X${changes.map((part) => `, ${part}`).join("")}.`;
  },
  stream_connected: ({ hole }) =>
    `Connected to the filtered stream.${isObject(hole) ? ` It leaves a hole ${timesOf(hole)}.` : ""}`,
  hole_filled: (fields) =>
    `Search has filled the hole ${timesOf(fields)}${Number(fields.skipped) > 0 ? `, but for ${plural(Number(fields.skipped), "rule")}` : ""}.`,
  recovered: () => "It works again.",
  limit_renewed: ({ limit }) => `${limit} has renewed: buying goes on.`,
};

/** At most three of them. */
function tagsOf(verb: string, tags: unknown): string {
  if (!Array.isArray(tags) || tags.length === 0) return "";
  return `${verb} ${tags.slice(0, 3).join(", ")}${tags.length > 3 ? ` and ${count(tags.length - 3)} more` : ""}`;
}

/** `from 08:00:10Z to 08:00:42Z`, with dates where they differ. */
function timesOf({ from, to }: Fields): string {
  const [first, last] = [String(from), String(to)];
  const isOneDay = first.slice(0, 10) === last.slice(0, 10);
  const shown = (time: string) =>
    isOneDay ? time.slice(11, 19) : `${time.slice(0, 10)} ${time.slice(11, 19)}`;
  return `from ${shown(first)}Z to ${shown(last)}Z`;
}

/** When a wait for X ends, which the message does not say. */
function nextTry(time: string, { until }: Fields): string {
  if (typeof until !== "string") return "";
  const isToday = until.slice(0, 10) === time.slice(0, 10);
  return ` X is asked again at ${isToday ? "" : `${until.slice(0, 10)} `}${until.slice(11, 19)}Z.`;
}

function sentenceOf(event: string, message: string | undefined, fields: Fields): string {
  const own = Object.hasOwn(SENTENCES, event) ? SENTENCES[event] : undefined;
  if (message === undefined && own !== undefined) return own(fields);
  const error = isObject(fields.error) ? String(fields.error.message) : undefined;
  if (message !== undefined)
    return error === undefined || message === error ? message : `${message} ${error}`;
  const figures = Object.entries(fields).map(([name, value]) => `${name}=${format(value)}`);
  return [event.replaceAll("_", " "), ...figures].join(" ");
}

function progress(fields: Fields): string {
  const number = (name: string) => (typeof fields[name] === "number" ? fields[name] : 0);
  const parts = [
    `${plural(number("posts_read"), "post")} read, ${count(number("posts_delivered"))} delivered`,
    number("dead_letters") > 0 ? plural(number("dead_letters"), "dead letter") : "",
    number("holes_open") > 0 ? `${plural(number("holes_open"), "hole")} open` : "",
    fields.lag_seconds === undefined ? "" : `lag ${duration(number("lag_seconds") * 1_000)}`,
    fields.spent_usd === undefined ? "" : `${usd(number("spent_usd"))} spent in this billing cycle`,
    number("at_risk_usd") > 0 ? `${usd(number("at_risk_usd"))} at risk` : "",
  ];
  return `${parts.filter((part) => part !== "").join(", ")}.`;
}

function parse(line: string): Fields {
  try {
    return Object(JSON.parse(line)) as Fields;
  } catch {
    return {};
  }
}

function format(value: unknown): string {
  if (isObject(value) && "message" in value) return String(value.message);
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}
