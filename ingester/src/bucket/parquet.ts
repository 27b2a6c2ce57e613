/** Rows of an object that Firehose has converted to Parquet: only the columns that an audit needs, a row group at a time. */
import type { Bucket, BucketObject } from "./bucket";

/** The last 4 bytes, and the first: parquet.apache.org/docs/file-format. */
const MAGIC = "PAR1";
const COLUMNS = ["id", "ingestion", "matching_rules"];

export function isParquet({ key }: BucketObject): boolean {
  return key.endsWith(".parquet");
}

/** @throws where it is no Parquet, or is cut */
export async function* rowsOf(bucket: Bucket, object: BucketObject): AsyncGenerator<readonly unknown[]> {
  const tail = await bucket.slice(object, Math.max(0, object.bytes - MAGIC.length), object.bytes);
  if (Buffer.from(tail).toString("latin1") !== MAGIC) throw new Error("it does not end as Parquet does");
  const file = {
    byteLength: object.bytes,
    async slice(start: number, end: number = object.bytes) {
      const from = start < 0 ? object.bytes + start : start;
      const bytes = await bucket.slice(object, from, end);
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    },
  };
  const { parquetMetadataAsync, parquetReadObjects } = await import("./libraries");
  const metadata = await parquetMetadataAsync(file);
  const inFile = metadata.schema.map(({ name }) => name);
  const columns = COLUMNS.filter((name) => inFile.includes(name));
  let rowStart = 0;
  for (const { num_rows } of metadata.row_groups) {
    const rowEnd = rowStart + Number(num_rows);
    yield await parquetReadObjects({ file, metadata, columns, rowStart, rowEnd });
    rowStart = rowEnd;
  }
}
