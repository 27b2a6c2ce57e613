/** docs/observability.md names every log event, metric and member of status.json that the ingester has. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { METRIC_NAMES } from "../../ingester/src/status/reports/metrics";
import { tracker } from "../../ingester/test/status/helpers";

const ROOT = join(__dirname, "../..");
const SOURCE = join(ROOT, "ingester/src");
const DOCUMENT = readFileSync(join(ROOT, "docs/observability.md"), "utf8");
const explained = new Set([...DOCUMENT.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name));

/** Reports of commands, which are no log lines. */
const REPORTS = ["audit", "backfill", "budget", "coverage", "dry_run", "rules"];

const logged = readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .flatMap((file) => [...readFileSync(join(SOURCE, file), "utf8").matchAll(/\bevent: "(\w+)"/g)])
  .map(([, name = ""]) => name)
  .filter((name) => !REPORTS.includes(name));

/** For the status page alone. */
const UNLOGGED = ["stream_connecting", "stream_received", "stream_reconnecting"];

/** Log lines take the names of the other events. */
const events = [
  ...readFileSync(join(SOURCE, "loop/events.ts"), "utf8").matchAll(/readonly type: "(\w+)"/g),
].flatMap(([, name = ""]) => (UNLOGGED.includes(name) ? [] : [name]));

/** Said in another way, or of no use to a reader. */
const PLAIN = ["nowMs", "startedAtMs", "sinceMs", "version", "stream", "phase", "postsPerMinute"];

describe("docs/observability.md", () => {
  it.each([
    ["log event", [...logged, ...events]],
    ["CloudWatch metric", METRIC_NAMES],
    ["member of status.json", Object.keys(tracker({}).snapshot()).filter((name) => !PLAIN.includes(name))],
  ])("names every %s", (_what, names) => {
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => !explained.has(name))).toEqual([]);
  });
});
