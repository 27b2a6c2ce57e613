/** `ingester audit` as a process: what a real run has delivered, and what happens to it afterwards. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { listObjects } from "../../local/bucket";
import { World } from "../ingest/world";
import { writeParquet } from "./parquet";
import { type Fate, S3Endpoint } from "./s3-endpoint";

interface Finding {
  readonly level: string;
  readonly code: string;
  readonly [member: string]: unknown;
}
interface Row {
  readonly date: string;
  readonly name: string;
  readonly ledger: { readonly billed: number; readonly lines: number };
  readonly bucket?: { readonly posts: number; readonly [member: string]: unknown };
}
interface Report {
  readonly ok: boolean;
  readonly rows: readonly Row[];
  readonly days: readonly { readonly x?: number; readonly ledger: number; readonly bucket?: number }[];
  readonly counts?: { readonly days: readonly { readonly counted: number; readonly delivered: number }[] };
  readonly findings: readonly Finding[];
}

const POSTS = 250;
const QUERY = "from:nasa";

let world: World;
/** On which the run has delivered. */
let day: string;
const folders: string[] = [];

beforeAll(async () => {
  world = await World.create({ posts: POSTS }, { bufferingIntervalSeconds: 60 });
  expect(await world.run()).toMatchObject({ code: 0 });
  await world.firehose.flush();
  day = (await audit(world.bucket)).row?.date ?? "";
});
afterAll(async () => {
  await world.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A copy of the bucket, to be changed. */
function copied() {
  const bucket = mkdtempSync(join(tmpdir(), "ingester-audit-"));
  folders.push(bucket);
  cpSync(world.bucket, bucket, { recursive: true });
  return bucket;
}

async function onlyObject(bucket: string) {
  const [object, ...more] = await listObjects(bucket, "tweets/");
  if (object === undefined || more.length > 0) throw new Error("the run leaves one object");
  return object;
}

/** Changes the lines of the delivered object. */
async function withLines(change: (lines: readonly string[]) => readonly string[]) {
  const bucket = copied();
  const object = await onlyObject(bucket);
  const lines = gunzipSync(readFileSync(object.path)).toString("utf8").trimEnd().split("\n");
  writeFileSync(object.path, gzipSync(`${change(lines).join("\n")}\n`));
  return { bucket, key: object.key };
}

async function audit(
  bucket: string,
  argv: readonly string[] = [],
  environment: NodeJS.ProcessEnv = {},
): Promise<{ code: number | null; stderr: string; report: Report; row: Row | undefined }> {
  const delay = argv.includes("--delay") ? [] : ["--delay", "0m"];
  const { code, stdout, stderr } = await world.run(environment, [
    ...["audit", "--bucket", bucket, "--json", ...delay, ...argv],
  ]);
  const report = (stdout === "" ? { rows: [], findings: [] } : JSON.parse(stdout)) as Report;
  return { code, stderr, report, row: report.rows.find(({ ledger }) => ledger.lines > 0) };
}

const breaches = ({ findings }: Report) => findings.filter(({ level }) => level === "breach");
const note = ({ findings }: Report, code: string) =>
  findings.find((one) => one.level === "note" && one.code === code);

describe("a folder that a run has delivered into", () => {
  it("adds up: billed, delivered, in the bucket, and at X", async () => {
    const { code, report, row } = await audit(world.bucket);

    expect(breaches(report)).toEqual([]);
    expect({ code, ok: report.ok }).toEqual({ code: 0, ok: true });
    expect(row).toMatchObject({
      name: QUERY,
      ledger: { billed: POSTS, lines: POSTS },
      bucket: { lines: POSTS, readings: POSTS, posts: POSTS, deadLetters: {} },
    });
    expect(report.days.at(-1)).toMatchObject({ x: POSTS, ledger: POSTS, bucket: POSTS });
  });

  it("lacks a line: exit code 1, with the day, the query and how many", async () => {
    const { bucket } = await withLines((lines) => lines.slice(1));
    const { code, report } = await audit(bucket);

    expect(code).toBe(1);
    expect(breaches(report)).toMatchObject([{ code: "missing", date: day, query: QUERY, count: 1 }]);
  });

  it("lacks everything: exit code 1", async () => {
    const empty = mkdtempSync(join(tmpdir(), "ingester-audit-"));
    folders.push(empty);
    const { code, report } = await audit(empty);

    expect(code).toBe(1);
    expect(breaches(report)).toMatchObject([{ code: "missing", count: POSTS }]);
  });

  it("may lack what was delivered a moment ago", async () => {
    const { bucket } = await withLines((lines) => lines.slice(1));
    const { code, report } = await audit(bucket, ["--delay", "1h"]);

    expect(code).toBe(0);
    expect(note(report, "on_the_way")).toMatchObject({ query: QUERY, count: 1 });
  });

  it("has a line twice: a note, for Firehose delivers at least once", async () => {
    const { bucket } = await withLines(([first = "", ...rest]) => [first, first, ...rest]);
    const { code, report, row } = await audit(bucket);

    expect(code).toBe(0);
    expect(note(report, "sent_again")).toMatchObject({ date: day, query: QUERY, count: 1 });
    expect(row?.bucket).toMatchObject({ lines: POSTS + 1, readings: POSTS, posts: POSTS });
  });

  it("has a line twice in the place of another: exit code 1", async () => {
    const { bucket } = await withLines(([first = "", , ...rest]) => [first, first, ...rest]);
    const { code, report } = await audit(bucket);

    expect(code).toBe(1);
    expect(breaches(report)).toMatchObject([{ code: "missing", count: 1 }]);
  });

  it("has a line that is no JSON: exit code 1, with the object and the line", async () => {
    const { bucket, key } = await withLines(([first = "", second = "", ...rest]) => [
      ...[first, second.slice(0, -10), ...rest],
    ]);
    const { code, report } = await audit(bucket);

    expect(code).toBe(1);
    expect(breaches(report).map(({ code: kind }) => kind)).toEqual(["missing", "invalid_line"]);
    expect(breaches(report)[1]?.text).toBe(`${key}, line 2, is no JSON in UTF-8.`);
  });

  it("has an object that is cut: exit code 1, with its key", async () => {
    const bucket = copied();
    const { path, key } = await onlyObject(bucket);
    writeFileSync(path, readFileSync(path).subarray(0, -1_000));
    const { code, report } = await audit(bucket);

    expect(code).toBe(1);
    const found = breaches(report).find((one) => one.code === "unreadable_object");
    expect(found?.text).toMatch(`${key} cannot be read to its end: unexpected end of file`);
  });

  it("has dead letters: they are there, and are noted with their reason", async () => {
    const { bucket } = await withLines(([first = "", ...rest]) => {
      const { id, ingestion } = JSON.parse(first) as { id: string; ingestion: object };
      const dead_letter = {
        reason: "oversize",
        bytes: 2_000_000,
        omitted_fields: ["text"],
        omitted_count: 1,
      };
      return [JSON.stringify({ id, ingestion: { ...ingestion, dead_letter } }), ...rest];
    });
    const { code, report, row } = await audit(bucket);

    expect(code).toBe(0);
    expect(row?.bucket).toMatchObject({ posts: POSTS, deadLetters: { oversize: 1 } });
    expect(note(report, "dead_letter")).toMatchObject({ query: QUERY, count: 1 });
  });

  it("has lines under the error prefix: they are there, and are noted", async () => {
    let failed = "";
    const { bucket, key } = await withLines(([first = "", ...rest]) => {
      failed = first;
      return rest;
    });
    const rawData = Buffer.from(`${failed}\n`).toString("base64");
    const place = join(bucket, key.replace("tweets/", "errors/processing-failed/").replace(/\.gz$/, ""));
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, `${JSON.stringify({ attemptsMade: 4, errorCode: "Lambda.X", rawData })}\n`);
    const { code, report } = await audit(bucket);

    expect(code).toBe(0);
    expect(note(report, "under_errors")).toMatchObject({ query: QUERY, count: 1 });
  });

  it("has lines of something else: they are counted, and are no breach", async () => {
    const { bucket } = await withLines((lines) => [...lines, '{"hello":"world"}', "[]"]);
    const { code, report } = await audit(bucket);

    expect(code).toBe(0);
    expect(note(report, "foreign_line")).toMatchObject({ count: 2 });
  });

  it("has posts of a query that the ledger has not bought, or more than it has", async () => {
    const { bucket } = await withLines(([first = "", ...rest]) => [
      ...[first.replaceAll(QUERY, "from:esa"), first, ...rest],
    ]);
    const { code, report } = await audit(bucket);

    // The ledger is younger than this day, so what came before it cannot be told from what it did not count.
    expect(code).toBe(0);
    expect(note(report, "not_recorded")).toMatchObject({ query: "from:esa", count: 1 });
  });
});

describe("the sides beside the bucket", () => {
  it("finds more spent than a limit allows", async () => {
    const { code, report } = await audit(world.bucket, [], { MONTHLY_USD_LIMIT: "1" });

    expect(code).toBe(1);
    expect(breaches(report)).toMatchObject([{ code: "overspent" }]);
    expect(breaches(report)[0]?.text).toMatch("$1.25 spent");
  });

  it("goes on when X does not answer, and says so", async () => {
    const { code, report } = await audit(world.bucket, [], { X_BEARER_TOKEN: undefined });
    expect(code).toBe(0);
    expect(note(report, "x_unknown")?.text).toMatch("X_BEARER_TOKEN is not set");

    const refused = await audit(world.bucket, [], { X_BEARER_TOKEN: "another-token" });
    expect(refused.code).toBe(0);
  });

  it("compares X's counts with what was delivered, and books what they cost", async () => {
    const { code, report } = await audit(world.bucket, ["--counts"]);
    const days = report.counts?.days ?? [];

    expect(code).toBe(0);
    expect(days.length).toBeGreaterThan(5);
    expect(days.map(({ counted }) => counted)).toEqual(days.map(({ delivered }) => delivered));
    const budget = await world.run({}, ["budget", "--json"]);
    expect(JSON.parse(budget.stdout).byQuery).toContainEqual({ key: "audit", posts: 0, usd: 0.005 });
  });

  it("leaves out what goes to another stream", async () => {
    const { report } = await audit(world.bucket, [], { FIREHOSE_STREAM_NAME: "other_stream" });
    expect(note(report, "other_stream")?.text).toMatch('"tweet_stream/from:nasa"');
  });

  it("writes the report to a file, as text or JSON", async () => {
    const folder = copied();
    const text = join(folder, "report.txt");
    const json = join(folder, "report.json");
    const argv = ["audit", "--bucket", world.bucket, "--delay", "0m", "--report"];
    const shown = await world.run({}, [...argv, text]);
    await world.run({}, [...argv, json]);

    expect(readFileSync(text, "utf8")).toBe(shown.stdout);
    expect(shown.stdout).toMatch(/^Audit of .*Everything that is promised adds up\.\n$/s);
    expect(JSON.parse(readFileSync(json, "utf8"))).toMatchObject({ event: "audit", ok: true });
  });

  it("says what is wrong with a place", async () => {
    const gone = await audit("/nowhere");
    expect(gone).toMatchObject({ code: 2 });
    expect(gone.stderr).toMatch('--bucket must be s3://BUCKET or a folder, got "/nowhere": nothing is there');
    const { code, stderr } = await world.run({}, ["audit", "--prefix", "posts/", "--delay", "1h"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--prefix goes with --bucket.*--delay goes with --bucket/s);
    const deep = await audit("s3://my-tweets/tweets");
    expect(deep).toMatchObject({ code: 2 });
    expect(deep.stderr).toMatch("Give a path below it with --prefix.");
    const above = await audit(world.bucket, ["--prefix", "acme/tweets/", "--error-prefix", "acme/"]);
    expect(above).toMatchObject({ code: 2 });
    expect(above.stderr).toMatch(/--error-prefix must .*"acme\/" and "acme\/tweets\/"/s);
    expect(above.stderr).not.toMatch(/\n +at /);
  });
});

describe("Parquet", () => {
  it("is read like lines", async () => {
    const bucket = copied();
    const { path, key } = await onlyObject(bucket);
    const place = join(bucket, key.replace("tweets/", "tweets-parquet/").replace(/\.gz$/, ".parquet"));
    mkdirSync(dirname(place), { recursive: true });
    await writeParquet(path, place);
    rmSync(path);
    const { code, report, row } = await audit(bucket);

    expect(breaches(report)).toEqual([]);
    expect(code).toBe(0);
    expect(row?.bucket).toMatchObject({ lines: POSTS, posts: POSTS });

    writeFileSync(place, readFileSync(place).subarray(0, -100));
    const cut = await audit(bucket);
    expect(cut.code).toBe(1);
    expect(breaches(cut.report).map(({ code: kind }) => kind)).toContain("unreadable_object");
  });
});

describe("S3", () => {
  let s3: S3Endpoint;
  let url: string;

  async function over(bucket: string, fates: readonly Fate[] = []) {
    s3 = new S3Endpoint("my-tweets", bucket);
    s3.fates = [...fates];
    url = await s3.listen();
  }
  afterEach(() => s3.close());
  const auditS3 = (name = "my-tweets") => audit(`s3://${name}`, [], { AWS_ENDPOINT_URL_S3: url });

  it("is listed in pages and read, through slow answers and broken connections", async () => {
    const bucket = copied();
    const { path, key } = await onlyObject(bucket);
    const lines = gunzipSync(readFileSync(path)).toString("utf8").trimEnd().split("\n");
    rmSync(path);
    for (const n of [0, 1, 2, 3, 4]) {
      const part = lines.slice(n * 50, n * 50 + 50).join("\n");
      writeFileSync(join(bucket, key.replace(/[0-9a-f]{4}\.gz$/, `000${n}.gz`)), gzipSync(`${part}\n`));
    }
    await over(bucket, ["slow_down", "cut", "cut"]);
    const { code, report, row, stderr } = await auditS3();

    expect({ stderr, breaches: breaches(report) }).toEqual({ stderr: "", breaches: [] });
    expect(code).toBe(0);
    expect(row?.bucket).toMatchObject({ lines: POSTS, posts: POSTS });
    expect(s3.requests.filter((one) => one.includes("continuation-token")).length).toBeGreaterThan(1);
  });

  it.each([
    ["nothing", (lines: readonly string[]) => lines, { code: 0, AuditBreaches: 0 }],
    ["a line is gone", (lines: readonly string[]) => lines.slice(1), { code: 1, AuditBreaches: 1 }],
  ])("is reported to CloudWatch in the log of a task: %s", async (_what, change, { code, AuditBreaches }) => {
    const { bucket } = await withLines(change);
    await over(bucket);
    const run = await world.run({ AWS_ENDPOINT_URL_S3: url, METRICS_NAMESPACE: "tweets/test" }, [
      ...["audit", "--bucket", "s3://my-tweets", "--delay", "0m"],
    ]);
    const lines = run.stdout.trimEnd().split("\n");

    expect(run).toMatchObject({ code, stderr: "" });
    expect(lines[0]).toMatch(/^(Audit|day)/);
    const { _aws, ...metrics } = JSON.parse(lines.at(-1) ?? "");
    expect(metrics).toEqual({ Bucket: "my-tweets", Audits: 1, AuditBreaches });
    expect(_aws.CloudWatchMetrics).toMatchObject([{ Namespace: "tweets/test", Dimensions: [["Bucket"]] }]);
    expect(lines.filter((line) => line.includes("_aws"))).toHaveLength(1);
  });

  it("is reported as one JSON object alone with --json", async () => {
    await over(copied());
    const { stdout } = await world.run({ AWS_ENDPOINT_URL_S3: url, METRICS_NAMESPACE: "tweets/test" }, [
      ...["audit", "--bucket", "s3://my-tweets", "--delay", "0m", "--json"],
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ event: "audit", ok: true });
  });

  it("is read again where a connection breaks in a piece of Parquet", async () => {
    const bucket = copied();
    const { path, key } = await onlyObject(bucket);
    const place = join(bucket, key.replace("tweets/", "tweets-parquet/").replace(/\.gz$/, ".parquet"));
    mkdirSync(dirname(place), { recursive: true });
    await writeParquet(path, place);
    rmSync(path);
    await over(bucket, ["whole", "cut", "cut"]);
    const { code, row } = await auditS3();

    expect(code).toBe(0);
    expect(row?.bucket).toMatchObject({ lines: POSTS, posts: POSTS });
  });

  it("does not list the years before the range", async () => {
    const bucket = copied();
    const old = join(bucket, "tweets/year=2020/month=01/day=01/hour=00/old.gz");
    mkdirSync(dirname(old), { recursive: true });
    writeFileSync(old, "this is not read\n");
    await over(bucket);
    const { code, row } = await auditS3();

    expect(code).toBe(0);
    expect(row?.bucket).toMatchObject({ posts: POSTS });
    expect(s3.requests.some((one) => one.includes("start-after=tweets%2Fyear%3D"))).toBe(true);
    expect(s3.requests.some((one) => one.includes("old.gz?"))).toBe(false);
  });

  it("says what is missing when AWS refuses", async () => {
    await over(world.bucket, ["denied", "denied"]);
    const denied = await auditS3();
    expect(denied).toMatchObject({ code: 3 });
    expect(denied.stderr).toMatch("Allow s3:ListBucket on the bucket and s3:GetObject on its objects");

    const missing = await auditS3("another-name");
    expect(missing).toMatchObject({ code: 2 });
    expect(missing.stderr).toMatch("NoSuchBucket");
  });
});
