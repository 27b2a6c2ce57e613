import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { listObjects, readLines } from "../bucket";
import { DeliveredIds, readDeliveredIds } from "../delivered-ids";
import { temporaryDirectory } from "./helpers/temporary-directory";

const bucket = temporaryDirectory();

beforeAll(() => {
  for (const folder of ["tweets/hour=01", "errors", ".incoming"])
    mkdirSync(join(bucket, folder), { recursive: true });
  writeFileSync(
    join(bucket, "tweets/hour=01/b.gz"),
    gzipSync('{"id":"3"}\n{"text":"no id first","id":"4"}\n'),
  );
  writeFileSync(
    join(bucket, "tweets/hour=01/a"),
    '{"id":"1","text":"grüße"}\n{"id":"3"}\nnot a post\n{"id":5}\n{"id":"2"}',
  );
  writeFileSync(join(bucket, "errors/c"), '{"id":"9"}\n');
  writeFileSync(join(bucket, ".incoming/half.tmp"), '{"id":"8"}\n');
});

async function linesOf(prefix: string): Promise<string[]> {
  const lines: string[] = [];
  for (const object of await listObjects(bucket, prefix)) {
    for await (const line of readLines(object)) lines.push(line);
  }
  return lines;
}

describe("listObjects", () => {
  it("lists keys as S3 would, in order, without what is still being written", async () => {
    const objects = await listObjects(bucket);
    expect(objects.map(({ key }) => key)).toEqual(["errors/c", "tweets/hour=01/a", "tweets/hour=01/b.gz"]);
  });

  it("finds nothing in a bucket that does not exist yet", async () => {
    expect(await listObjects(join(bucket, "missing"))).toEqual([]);
  });
});

describe("readLines", () => {
  it("reads plain and compressed objects, the last line without its newline too", async () => {
    expect(await linesOf("tweets/")).toEqual([
      '{"id":"1","text":"grüße"}',
      '{"id":"3"}',
      "not a post",
      '{"id":5}',
      '{"id":"2"}',
      '{"id":"3"}',
      '{"text":"no id first","id":"4"}',
    ]);
  });

  it("puts lines together that lie across chunks", async () => {
    const long = Array.from({ length: 40 }, (_, number) => `${number}${"é".repeat(20_000)}`);
    mkdirSync(join(bucket, "long"));
    writeFileSync(join(bucket, "long/a.gz"), gzipSync(`${long.join("\n")}\n`));
    expect(await linesOf("long/")).toEqual(long);
  });
});

describe("DeliveredIds", () => {
  it("counts posts, repeats and lines that are no posts", async () => {
    const ids = await readDeliveredIds(bucket, "tweets/");
    expect(ids).toMatchObject({ total: 5, distinct: 4, unreadableLines: 2 });
    expect([1n, 2n, 3n, 4n, 5n, 9n].map((id) => ids.has(id))).toEqual([true, true, true, true, false, false]);
  });

  it("stays correct while it grows", () => {
    const ids = new DeliveredIds();
    for (let number = 5000; number > 0; number -= 1) ids.add(BigInt(number * 2));
    expect(ids.has(10_000n)).toBe(true);
    ids.add(1n);
    expect([ids.has(1n), ids.has(3n), ids.distinct]).toEqual([true, false, 5001]);
  });

  it("takes the post's own id, not one that stands inside it", () => {
    const ids = new DeliveredIds();
    ids.addLine(Buffer.from('{"referenced":{"id":"7"},"id":"6"}'));
    expect([ids.has(6n), ids.has(7n)]).toEqual([true, false]);
  });
});
