/** `ingester audit`: what X billed, what the ledger says, and what lies in the bucket, day by day. */
import { writeFile } from "node:fs/promises";
import type { Bucket } from "../../bucket/bucket";
import { type Contents, readContents } from "../../bucket/contents";
import type { OptionsOf } from "../../cli/command";
import { readS3, readStore, type StoreConfig } from "../../config/aws";
import { type BudgetConfig, readBudget } from "../../config/budget";
import { EnvReader } from "../../config/reader";
import { readSearch, readX } from "../../config/x";
import { budgetAt } from "../../ledger/budget";
import type { Ledger } from "../../ledger/ledger";
import { ConfigError, EXIT, type ExitCode, IngesterError } from "../../loop/errors";
import type { LedgerAccess } from "../../loop/ledger-access";
import { systemClock } from "../../runtime/clock";
import { VERSION } from "../../runtime/version";
import { XClient, type XOptions } from "../../x/client";
import { ENDPOINTS, searchLimits } from "../../x/search/source";
import { MAX_USAGE_DAYS, readDailyUsage } from "../../x/usage";
import { type CommandIo, roomFor } from "../io";
import { countMetered } from "../metered-counts";
import { withLedger } from "../store";
import { type Completeness, compare, questionOf } from "./completeness";
import { auditMetrics } from "./metrics";
import { placesOf, placesProblems } from "./places";
import { type AuditReport, reportOf, type XSide } from "./report";
import { DAY_MS, datesOf, type Joined, joined } from "./rows";
import { describe } from "./words";

export type AuditOptions = OptionsOf<"audit">;

/** Firehose buffers for 15 minutes at most, and a transform may be tried again for some more. */
const DELAY_MS = 60 * 60_000;

/** @returns 1 when something that is promised does not add up */
export async function auditCommand(options: AuditOptions, io: CommandIo): Promise<ExitCode> {
  const settings = readSettings(options, io);
  const client = settings.x && new XClient(settings.x, systemClock);
  const stop = new AbortController();
  io.outputGone.addEventListener("abort", () => stop.abort(), { once: true });
  const startedMs = systemClock.now();
  // The bucket first: what is delivered meanwhile is in the ledger, and young.
  const contents = await withBucket(options, settings, stop.signal);
  const { store, budget } = settings;
  const access = { store, cycleDay: budget.cycleDay, ...(client && { now: client.now }) };
  const report = await withLedger(access, (ledger) =>
    audited({ options, settings, contents, access: ledger, client, startedMs }),
  );
  const json = `${JSON.stringify(report)}\n`;
  const text = describe(report, Number.POSITIVE_INFINITY);
  if (options.json) io.write(json);
  else io.say(describe(report, roomFor(io)));
  if (!io.isTty && !options.json) io.write(metricsOf(report, settings, options.bucket));
  if (options.report !== undefined)
    await keep(options.report, options.report.endsWith(".json") ? json : text);
  return report.ok ? EXIT.done : EXIT.failure;
}

interface Settings {
  readonly store: StoreConfig;
  readonly budget: BudgetConfig;
  /** Undefined: X is not asked. */
  readonly x: XOptions | undefined;
  readonly s3: ReturnType<typeof readS3>;
  readonly streamName: string | undefined;
  /** Undefined: no metrics are written. */
  readonly metricsNamespace: string | undefined;
}

/** Neither a query nor a token is needed; with a token, X is asked what it has billed. @throws ConfigError */
function readSettings(
  { bucket, counts, prefixes, errorPrefix, delayMs }: AuditOptions,
  io: CommandIo,
): Settings {
  const reader = new EnvReader(io.env);
  const read = searchLimits(readSearch(reader).expansions, ENDPOINTS.recent.maxPosts);
  const wantsX = counts || reader.isSet("X_BEARER_TOKEN");
  const settings = {
    budget: readBudget(reader, read, undefined),
    store: readStore(reader),
    x: wantsX ? readX(reader) : undefined,
    s3: readS3(reader),
    streamName: reader.text("FIREHOSE_STREAM_NAME"),
    metricsNamespace: reader.text("METRICS_NAMESPACE"),
  };
  if (counts && bucket === undefined)
    reader.problem("--counts", "needs --bucket: counts are compared with the posts that lie there.");
  const ofBucket = { "--prefix": prefixes[0], "--error-prefix": errorPrefix, "--delay": delayMs };
  for (const [option, value] of Object.entries(ofBucket))
    if (value !== undefined && bucket === undefined)
      reader.problem(option, "goes with --bucket, which is not given.");
  for (const [option, what] of bucket === undefined ? [] : placesProblems({ prefixes, errorPrefix }))
    reader.problem(option, what);
  if (reader.problems.length > 0) throw new ConfigError(reader.problems);
  return settings;
}

/** `s3://BUCKET`; docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html. */
const S3_URL = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/?$/;

/** One line of metrics; empty where there is no namespace, or no bucket of S3 that could name them. */
function metricsOf(report: AuditReport, { metricsNamespace }: Settings, place: string | undefined): string {
  const [, bucket] = S3_URL.exec(place ?? "") ?? [];
  if (metricsNamespace === undefined || bucket === undefined) return "";
  return auditMetrics(report, { namespace: metricsNamespace, bucket });
}

async function openBucket(place: string, { s3 }: Settings, signal: AbortSignal): Promise<Bucket> {
  const [, bucket] = S3_URL.exec(place) ?? [];
  if (bucket !== undefined) return (await import("../../bucket/s3")).openS3({ bucket, ...s3 }, signal);
  if (!/^[a-z0-9]+:\/\//i.test(place)) return (await import("../../bucket/folder")).openFolder(place);
  const fix = place.startsWith("s3://") ? " Give a path below it with --prefix." : "";
  throw new ConfigError([`--bucket must be s3://BUCKET or a folder, got "${place}".${fix}`]);
}

async function withBucket(
  { bucket: place, fromMs, toMs, ...options }: AuditOptions,
  settings: Settings,
  signal: AbortSignal,
): Promise<Contents | undefined> {
  if (place === undefined) return undefined;
  const dates = datesOf(fromMs, toMs);
  const range = { from: dates[0] ?? "", to: dates.at(-1) ?? "" };
  const bucket = await openBucket(place, settings, signal);
  try {
    return await readContents(bucket, placesOf(options), range);
  } finally {
    bucket.close();
  }
}

interface Auditing {
  readonly options: AuditOptions;
  readonly settings: Settings;
  readonly contents: Contents | undefined;
  readonly access: LedgerAccess;
  readonly client: XClient | undefined;
  readonly startedMs: number;
}

const NEVER = new AbortController().signal;

async function audited(auditing: Auditing): Promise<AuditReport> {
  const { options, settings, contents, access, client, startedMs } = auditing;
  const { fromMs, toMs, delayMs = DELAY_MS } = options;
  const dates = datesOf(fromMs, toMs);
  const stored = await access.refresh(NEVER);
  const ledger = { ...stored, budget: budgetAt(stored.budget, startedMs) };
  const { streamName, budget } = settings;
  const sides = joined({ ledger, contents, dates, nowMs: startedMs, streamName });
  return reportOf({
    ...{ ledger, contents, joined: sides, terms: budget.terms, nowMs: startedMs, delayMs },
    ...{ version: VERSION, dates, bucket: options.bucket },
    x: await askX(client, fromMs),
    counts: options.counts ? await countAll(auditing, ledger, { sides, toMs }) : undefined,
  });
}

/** X's figures explain, and are nothing that the audit depends on. */
async function askX(client: XClient | undefined, fromMs: number): Promise<XSide> {
  if (client === undefined) return { problem: "X was not asked: X_BEARER_TOKEN is not set." };
  const days = Math.min(MAX_USAGE_DAYS, Math.ceil((client.now() - fromMs) / DAY_MS) + 1);
  try {
    return { usage: await readDailyUsage(client, days) };
  } catch (error) {
    return { problem: `X did not say what it has billed: ${error instanceof Error ? error.message : error}` };
  }
}

async function countAll(
  { options, settings, access, client }: Auditing,
  ledger: Ledger,
  { sides, toMs }: { readonly sides: Joined; readonly toMs: number },
): Promise<readonly Completeness[]> {
  if (client === undefined) return [];
  const { terms } = settings.budget;
  const fromMs = Date.parse(datesOf(options.fromMs, toMs)[0] ?? "");
  const found: Completeness[] = [];
  for (const row of sides.queries) {
    const keys = sides.rows.find(({ name }) => name === row.name)?.keys ?? [];
    const coverage = ledger.coverage.find(({ key, stream }) => keys.includes(key) && stream === undefined);
    const question =
      coverage && questionOf(coverage, { fromMs, toMs, nowMs: client.now(), archive: options.fullArchive });
    if (coverage === undefined || question === undefined) continue;
    const buckets = await countMetered(client, question, { access, terms, key: "audit" });
    found.push(...compare(coverage, buckets, row.ids));
  }
  return found;
}

async function keep(path: string, text: string): Promise<void> {
  await writeFile(path, text).catch((error: Error) => {
    throw new IngesterError(`The report could not be written to "${path}": ${error.message}.`, {
      cause: error,
    });
  });
}
