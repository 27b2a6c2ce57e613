/** `ingester rules`: what X matches posts with, compared with the configuration. */
import type { OptionsOf } from "../cli/command";
import { readFirehose } from "../config/aws";
import { readKey } from "../config/queries";
import { EnvReader } from "../config/reader";
import { readRules } from "../config/rules";
import { readMode } from "../config/source";
import { readX } from "../config/x";
import { ConfigError } from "../loop/errors";
import { systemClock } from "../runtime/clock";
import { plural } from "../runtime/words";
import { XClient, type XOptions } from "../x/client";
import { listRules } from "../x/stream/rules/rule-requests";
import { planRules, syncRules, type WantedRules } from "../x/stream/rules/rule-sync";
import {
  type ListedRule,
  ownedTagOf,
  ownerOfKey,
  type RuleInForce,
  type StreamRule,
} from "../x/stream/rules/rules";
import type { CommandIo } from "./io";

export type RulesOptions = OptionsOf<"rules">;

export async function rulesCommand({ action, json }: RulesOptions, io: CommandIo): Promise<void> {
  const report = action === "list" ? await listed(io) : await compared(action, io);
  if (json) io.write(`${JSON.stringify(report)}\n`);
  else io.say("rules" in report ? describeList(report) : describeChanges(report));
}

/** A rule as X lists it, with its owner. */
interface AppRule {
  readonly id: string;
  readonly value: string;
  /** As its owner wrote it; null where there is none. */
  readonly tag: string | null;
  /** The ingester that made it; null where none did. */
  readonly owner: string | null;
}

interface ChangesReport {
  readonly event: "rules";
  readonly action: "plan" | "sync";
  readonly owner: string;
  readonly added: readonly StreamRule[];
  readonly removed: readonly StreamRule[];
  /** In force before and after. */
  readonly kept: readonly RuleInForce[];
  readonly foreign: readonly AppRule[];
}

interface ListReport {
  readonly event: "rules";
  readonly action: "list";
  /** Undefined where the configuration names neither CHECKPOINT_KEY nor FIREHOSE_STREAM_NAME. */
  readonly owner: string | undefined;
  readonly rules: readonly AppRule[];
}

async function compared(action: "plan" | "sync", io: CommandIo): Promise<ChangesReport> {
  const { x, wanted } = readSettings(io);
  const client = new XClient(x, systemClock);
  const head = { event: "rules", action, owner: wanted.owner } as const;
  if (action === "plan") {
    const { added, kept, removed, foreign } = await planRules(client, wanted);
    return { ...head, added, removed: removed.map(byUser), kept, foreign: foreign.map(appRule) };
  }
  const { inForce, added, removed, foreign } = await syncRules(client, wanted);
  const kept = inForce.filter(({ value }) => !added.some((rule) => rule.value === value));
  return { ...head, added, removed, kept, foreign: foreign.map(appRule) };
}

async function listed(io: CommandIo): Promise<ListReport> {
  const reader = new EnvReader(io.env);
  const isNamed = reader.isSet("CHECKPOINT_KEY") || reader.isSet("FIREHOSE_STREAM_NAME");
  const owner = isNamed ? readOwner(reader) : undefined;
  const x = readX(reader);
  if (reader.problems.length > 0) throw new ConfigError(reader.problems);
  const rules = await listRules(new XClient(x, systemClock));
  return { event: "rules", action: "list", owner, rules: rules.map(appRule) };
}

/** Neither a ledger nor a limit is needed: nothing is bought. @throws ConfigError with every problem at once */
function readSettings({ env }: CommandIo): { readonly x: XOptions; readonly wanted: WantedRules } {
  const reader = new EnvReader(env);
  // Rules can be planned before a service is switched to them, but a mode that does not exist is a mistake.
  readMode(reader);
  const settings = { x: readX(reader), wanted: { rules: readRules(reader), owner: readOwner(reader) } };
  if (reader.problems.length > 0) throw new ConfigError(reader.problems);
  return settings;
}

function readOwner(reader: EnvReader): string {
  return ownerOfKey(readKey(reader) ?? readFirehose(reader).target.streamName);
}

function byUser({ value, tag }: ListedRule): StreamRule {
  return { value, tag: ownedTagOf(tag)?.tag ?? "" };
}

function appRule({ id, value, tag }: ListedRule): AppRule {
  const owned = ownedTagOf(tag);
  return { id, value, tag: owned?.tag ?? tag ?? null, owner: owned?.owner ?? null };
}

const SENTENCES = {
  plan: ({ added, removed, kept }: ChangesReport) =>
    added.length + removed.length === 0
      ? `Nothing to do: ${plural(kept.length, "rule")} in force.`
      : `${added.length} to add, ${removed.length} to remove, ${kept.length} unchanged. Nothing was changed; ` +
        "ingester rules sync does it.",
  sync: ({ added, removed, kept }: ChangesReport) =>
    added.length + removed.length === 0
      ? `Nothing to do: ${plural(kept.length, "rule")} in force.`
      : `${added.length} added, ${removed.length} removed, ${kept.length} unchanged. X acts on it within about 20 s.`,
} as const;

function describeChanges(report: ChangesReport): string {
  const { action, owner, added, removed, kept, foreign } = report;
  const marked = [
    ...kept.map((rule) => ({
      mark: "=",
      ...rule,
      note: rule.owned ? "" : "   (a rule of another owner with the same value)",
    })),
    ...removed.map((rule) => ({ mark: "-", ...rule, note: "" })),
    ...added.map((rule) => ({ mark: "+", ...rule, note: "" })),
  ];
  const width = widthOf(marked.map(({ tag }) => tag));
  return [
    `Rules of ${owner}`,
    ...marked.map(
      ({ mark, tag, value, note }) => `  ${mark} ${shown(tag).padEnd(width)}  ${shown(value)}${note}`,
    ),
    ...describeForeign(foreign),
    "",
    SENTENCES[action](report),
    "",
  ].join("\n");
}

function describeForeign(foreign: readonly AppRule[]): readonly string[] {
  if (foreign.length === 0) return [];
  return [
    "",
    "Rules of others, never touched; the stream brings their posts, and X bills them, too:",
    ...rows(foreign),
  ];
}

function describeList({ owner, rules }: ListReport): string {
  const isOwn = (rule: AppRule) => owner !== undefined && rule.owner === owner;
  const own = rules.filter(isOwn);
  const others = rules.filter((rule) => !isOwn(rule));
  const groups = [
    ...(owner === undefined
      ? []
      : [`Rules of ${owner}`, ...(own.length > 0 ? rows(own, owner) : ["  none"]), ""]),
    ...(others.length === 0
      ? []
      : [owner === undefined ? "Rules of the app" : "Rules of others", ...rows(others), ""]),
  ];
  return [...groups, `The app has ${plural(rules.length, "rule")}.`, ""].join("\n");
}

/** @param known the owner that the heading names */
function rows(rules: readonly AppRule[], known?: string): readonly string[] {
  const labels = rules.map(({ tag, owner }) =>
    owner === null || owner === known ? (tag ?? "(no tag)") : `${owner}: ${tag}`,
  );
  const width = widthOf(labels);
  return rules.map(
    ({ id, value }, at) => `  ${id}  ${shown(labels[at] ?? "").padEnd(width)}  ${shown(value)}`,
  );
}

const MAX_WIDTH = 40;

function widthOf(labels: readonly string[]): number {
  return Math.min(MAX_WIDTH, Math.max(0, ...labels.map((label) => label.length)));
}

/** Others can have written anything into a rule: nothing in it may move the cursor. */
function shown(text: string): string {
  return text.replace(/\p{Cc}/gu, "\uFFFD");
}
