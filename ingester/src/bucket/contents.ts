/** Everything in a bucket that was received in a range of days, summed up by day and query. */
import { dateOf } from "../ledger/days";
import { IngesterError } from "../loop/errors";
import type { Bucket, BucketObject } from "./bucket";
import { type Entry, entryOf, entryOfValue, FOREIGN, INVALID } from "./entry";
import { arrivalDate, firstKeyOf, isByDay } from "./keys";
import { linesOf } from "./lines";
import { isParquet, rowsOf } from "./parquet";
import { Readings } from "./readings";

/** Lines of one day and query. */
export interface Group {
  readonly readings: Readings;
  /** By reason. */
  readonly deadLetters: Map<string, number>;
  /** Lines of records that a transform or the conversion to Parquet refused, under the error prefix. */
  underErrors: number;
  isArchive: boolean;
}

/** What is wrong with an object, or with one line of it. */
export interface BadPlace {
  readonly key: string;
  /** Line, or row of Parquet; absent where the object cannot be read. */
  readonly line?: number;
  readonly problem: string;
}

export interface Contents {
  objects: number;
  bytes: number;
  lines: number;
  /** By day of X's answer, and then by what the lines were bought for (`nameOf`). */
  readonly days: Map<string, Map<string, Group>>;
  /** JSON that is no line of this ingester. */
  foreign: number;
  invalid: number;
  unreadable: number;
  /** The first of them. */
  readonly bad: BadPlace[];
}

export interface Places {
  /** Prefixes of objects with posts. */
  readonly prefixes: readonly string[];
  /** Prefix of what could not be delivered. */
  readonly errorPrefix: string;
}

export interface Range {
  /** UTC days, inclusive. */
  readonly from: string;
  readonly to: string;
}

const DAY_MS = 86_400_000;
/** Clocks differ: an object can be named a moment before the answer whose posts it holds. */
const EARLIER_DAYS = 1;
/** Firehose keeps what S3 does not take for 24 hours, and the ingester holds a page while Firehose refuses it. */
const LATER_DAYS = 7;
/** Objects read at the same time. */
const PARALLEL = 8;
const MAX_BAD = 20;

/** The name of lines of the filtered stream; queries have theirs. */
export const STREAM_NAME = "(filtered stream)";
export const UNKNOWN_NAME = "(unreadable for the transform)";

/** @throws IngesterError when the bucket cannot be listed or read */
export async function readContents(bucket: Bucket, places: Places, range: Range): Promise<Contents> {
  const contents: Contents = {
    ...{ objects: 0, bytes: 0, lines: 0, foreign: 0, invalid: 0, unreadable: 0 },
    ...{ days: new Map(), bad: [] },
  };
  const objects = objectsOf(bucket, places, range);
  let failed = false;
  const work = async () => {
    for (let next = await objects.next(); next.done !== true && !failed; next = await objects.next())
      await new ObjectReader(bucket, contents, range, places.errorPrefix).read(next.value);
  };
  const workers = Array.from({ length: PARALLEL }, () =>
    work().catch((error: unknown) => {
      failed = true;
      throw error;
    }),
  );
  // All of them, so that none goes on reading after the bucket is closed.
  const results = await Promise.allSettled(workers);
  const refused = results.find((result) => result.status === "rejected");
  if (refused !== undefined) throw refused.reason;
  contents.bad.sort((a, b) => (a.key === b.key ? (a.line ?? 0) - (b.line ?? 0) : a.key < b.key ? -1 : 1));
  return contents;
}

async function* objectsOf(
  bucket: Bucket,
  { prefixes, errorPrefix }: Places,
  { from, to }: Range,
): AsyncGenerator<BucketObject> {
  const first = dateOf(Date.parse(from) - EARLIER_DAYS * DAY_MS);
  const last = dateOf(Date.parse(to) + LATER_DAYS * DAY_MS);
  for (const prefix of [...prefixes, errorPrefix]) {
    for await (const object of listFrom(bucket, prefix, first)) {
      const date = arrivalDate(object.key);
      const isInRange = date === undefined || (date >= first && date <= last);
      const isOther = prefix !== errorPrefix && object.key.startsWith(errorPrefix);
      if (isInRange && !isOther && object.bytes > 0) yield object;
    }
  }
}

/** Years of older objects are not even listed where the keys begin with the day. */
async function* listFrom(bucket: Bucket, prefix: string, date: string): AsyncGenerator<BucketObject> {
  for await (const object of bucket.list(prefix)) {
    const start = firstKeyOf(prefix, date);
    if (isByDay(prefix, object.key) && object.key < start) {
      yield* bucket.list(prefix, start);
      return;
    }
    yield object;
  }
}

class ObjectReader {
  constructor(
    private readonly bucket: Bucket,
    private readonly contents: Contents,
    private readonly range: Range,
    private readonly errorPrefix: string,
  ) {}

  async read(object: BucketObject): Promise<void> {
    this.contents.objects += 1;
    this.contents.bytes += object.bytes;
    try {
      if (object.key.startsWith(this.errorPrefix)) await this.readErrors(object);
      else if (isParquet(object)) await this.readRows(object);
      else await this.readLines(object);
    } catch (error) {
      if (error instanceof IngesterError) throw error;
      this.contents.unreadable += 1;
      const reason = error instanceof Error ? error.message : String(error);
      this.note({ key: object.key, problem: `cannot be read to its end: ${reason}` });
    }
  }

  private async readLines(object: BucketObject): Promise<void> {
    for await (const lines of linesOf(this.bucket.read(object)))
      for (const { number, bytes } of lines)
        this.take(bytes === undefined ? INVALID : entryOf(bytes), object.key, number);
  }

  private async readRows(object: BucketObject): Promise<void> {
    let number = 0;
    for await (const rows of rowsOf(this.bucket, object))
      for (const row of rows) {
        number += 1;
        this.take(entryOfValue(row), object.key, number);
      }
  }

  /** Firehose wraps each record that failed: its bytes are in `rawData`, in base64. */
  private async readErrors(object: BucketObject): Promise<void> {
    for await (const lines of linesOf(this.bucket.read(object)))
      for (const { number, bytes } of lines) {
        const record = bytes && rawRecord(bytes);
        if (record === undefined) this.take(INVALID, object.key, number);
        else
          for await (const inner of linesOf(once(record)))
            for (const line of inner)
              this.take(line.bytes === undefined ? INVALID : entryOf(line.bytes), object.key, number, true);
      }
  }

  private take(entry: Entry | typeof FOREIGN | typeof INVALID, key: string, line: number, failed = false) {
    this.contents.lines += 1;
    if (entry === FOREIGN) this.contents.foreign += 1;
    else if (entry === INVALID) {
      this.contents.invalid += 1;
      this.note({ key, line, problem: "is no JSON in UTF-8" });
    } else this.add(entry, failed);
  }

  private add({ id, receivedAtMs, origin, isArchive, deadLetter }: Entry, failed: boolean): void {
    const date = dateOf(receivedAtMs);
    if (date < this.range.from) return;
    const group = groupOf(this.contents.days, date, nameOf(origin));
    group.readings.add(id, receivedAtMs % DAY_MS);
    if (deadLetter !== undefined)
      group.deadLetters.set(deadLetter, (group.deadLetters.get(deadLetter) ?? 0) + 1);
    if (failed) group.underErrors += 1;
    group.isArchive ||= isArchive;
  }

  private note(place: BadPlace): void {
    if (this.contents.bad.length < MAX_BAD) this.contents.bad.push(place);
  }
}

function nameOf(origin: Entry["origin"]): string {
  if (origin.type === "query") return origin.query;
  return origin.type === "stream" ? STREAM_NAME : UNKNOWN_NAME;
}

function groupOf(days: Contents["days"], date: string, name: string): Group {
  const groups = days.get(date) ?? new Map<string, Group>();
  days.set(date, groups);
  const group = groups.get(name) ?? {
    ...{ readings: new Readings(), deadLetters: new Map(), underErrors: 0, isArchive: false },
  };
  groups.set(name, group);
  return group;
}

function rawRecord(line: Buffer): Buffer | undefined {
  try {
    const { rawData } = JSON.parse(line.toString("utf8")) as { readonly rawData?: unknown };
    return typeof rawData === "string" ? Buffer.from(rawData, "base64") : undefined;
  } catch {
    return undefined;
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
