import type { Bucket } from "../../src/bucket/bucket";
import { type Contents, readContents, STREAM_NAME } from "../../src/bucket/contents";
import { IngesterError } from "../../src/loop/errors";

const PLACES = { prefixes: ["tweets/"], errorPrefix: "errors/" };
const RANGE = { from: "2026-11-20", to: "2026-11-21" };

/** A bucket in memory that notes what it is asked for. */
class FakeBucket implements Bucket {
  readonly name = "fake";
  readonly asked: string[] = [];

  constructor(private readonly objects: Readonly<Record<string, string | Error>>) {}

  async *list(prefix: string, after = "") {
    this.asked.push(`list ${prefix} ${after}`.trim());
    for (const key of Object.keys(this.objects).sort())
      if (key.startsWith(prefix) && key > after) yield { key, bytes: String(this.objects[key]).length };
  }

  async *read({ key }: { readonly key: string }) {
    this.asked.push(`read ${key}`);
    const body = this.objects[key];
    if (body instanceof Error) throw body;
    yield Buffer.from(body ?? "");
  }

  async slice(): Promise<Uint8Array> {
    throw new Error("no Parquet here");
  }

  close(): void {}
}

const key = (date: string, name = "a", prefix = "tweets/") => {
  const [year, month, day] = date.split("-");
  return `${prefix}year=${year}/month=${month}/day=${day}/hour=00/${name}`;
};
const line = (id: number, date: string, more: object = {}) =>
  `${JSON.stringify({ id: String(id), ingestion: { source: "search/recent", query: "cats", received_at: `${date}T10:00:00.000Z`, ...more } })}\n`;
const posts = ({ days }: Contents, date: string, name = "cats") =>
  days.get(date)?.get(name)?.readings.lines ?? 0;

describe("the contents of a bucket", () => {
  it("are summed up by the day of X's answer, not by that of their object", async () => {
    const bucket = new FakeBucket({
      [key("2026-11-20")]: line(1, "2026-11-20") + line(2, "2026-11-21"),
      [key("2026-11-21")]: line(3, "2026-11-20") + line(4, "2026-11-20", { source: "stream" }),
    });
    const contents = await readContents(bucket, PLACES, RANGE);

    expect([posts(contents, "2026-11-20"), posts(contents, "2026-11-21")]).toEqual([2, 1]);
    expect(posts(contents, "2026-11-20", STREAM_NAME)).toBe(1);
    expect(contents).toMatchObject({ objects: 2, lines: 4, bad: [] });
  });

  it("are those of objects that can hold the range: a day before it, and a week after", async () => {
    const bucket = new FakeBucket({
      [key("2025-01-01")]: line(1, "2025-01-01"),
      [key("2026-11-18")]: line(2, "2026-11-18"),
      [key("2026-11-19")]: line(3, "2026-11-19") + line(4, "2026-11-20"),
      [key("2026-11-28")]: line(5, "2026-11-21"),
      [key("2026-11-29")]: line(6, "2026-11-29"),
    });
    const contents = await readContents(bucket, PLACES, RANGE);

    expect(bucket.asked).toContain("list tweets/ tweets/year=2026/month=11/day=19/");
    expect(bucket.asked.filter((one) => one.startsWith("read"))).toEqual([
      `read ${key("2026-11-19")}`,
      `read ${key("2026-11-28")}`,
    ]);
    expect([...contents.days.keys()].sort()).toEqual(["2026-11-20", "2026-11-21"]);
  });

  it("are not the copies under source/, and not the errors twice when those lie under the posts", async () => {
    const record = { rawData: Buffer.from(line(7, "2026-11-20")).toString("base64") };
    const bucket = new FakeBucket({
      [key("2026-11-20", "a", "source/")]: line(1, "2026-11-20"),
      [key("2026-11-20", "a", "tweets/errors/processing-failed/")]: `${JSON.stringify(record)}\nbroken\n`,
    });
    const contents = await readContents(bucket, { ...PLACES, errorPrefix: "tweets/errors/" }, RANGE);

    expect(posts(contents, "2026-11-20")).toBe(1);
    expect(contents.days.get("2026-11-20")?.get("cats")?.underErrors).toBe(1);
    expect(contents.bad).toMatchObject([{ line: 2, problem: "is no JSON in UTF-8" }]);
  });

  it("name the first bad places, and count the others", async () => {
    const bucket = new FakeBucket({
      [key("2026-11-20", "a")]: "{\n".repeat(30),
      [key("2026-11-20", "b")]: new Error("the end is missing"),
    });
    const { bad, invalid, unreadable } = await readContents(bucket, PLACES, RANGE);

    expect({ bad: bad.length, invalid, unreadable }).toEqual({ bad: 20, invalid: 30, unreadable: 1 });
  });

  it("are not known when the bucket refuses", async () => {
    const bucket = new FakeBucket({
      [key("2026-11-20", "a")]: new IngesterError("AccessDenied"),
      [key("2026-11-20", "b")]: line(1, "2026-11-20"),
    });
    await expect(readContents(bucket, PLACES, RANGE)).rejects.toThrow("AccessDenied");
  });
});
