import { randomUUID } from "node:crypto";
import {
  closeSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { makeDirectory } from "../../../ingester/src/runtime/directories";

/** Records that belong in one object, in the order they arrived. */
export interface PendingObject {
  /** Arrival of the oldest record, milliseconds since the epoch. */
  readonly arrivalMs: number;
  readonly uuid: string;
  readonly records: readonly Buffer[];
}

const FILE_NAME = /^(\d+)-([0-9a-f-]{36})\.records$/;
const LENGTH_BYTES = 4;

/**
 * The records of an object being buffered, written to disk before they are acknowledged. Memory alone
 * would lose acknowledged records when the endpoint is killed; Firehose itself keeps them.
 */
export class Spool implements PendingObject {
  readonly uuid = randomUUID();
  readonly records: Buffer[] = [];
  private readonly path: string;
  private readonly file: number;
  private bytes = 0;

  constructor(
    directory: string,
    readonly arrivalMs: number,
  ) {
    makeDirectory(directory);
    this.path = join(directory, `${arrivalMs}-${this.uuid}.records`);
    this.file = openSync(this.path, "ax");
  }

  /**
   * Takes records. When it returns, the operating system has all of the bytes, and even `kill -9` cannot take them back (a
   * power cut could: nothing is synced to the disk).
   * @throws where a disk is full; then none of the records is taken
   */
  append(records: readonly Buffer[]): void {
    const bytes = Buffer.concat(records.flatMap(frame));
    try {
      writeFileSync(this.file, bytes);
    } catch (error) {
      ftruncateSync(this.file, this.bytes);
      throw error;
    }
    this.bytes += bytes.length;
    this.records.push(...records);
  }

  /** No more records will come. */
  close(): void {
    closeSync(this.file);
  }

  /** The object has been delivered. */
  remove(): void {
    rmSync(this.path, { force: true });
  }
}

/** An object that an earlier process took but did not deliver. */
export interface RecoveredObject extends PendingObject {
  remove(): void;
}

/** Finds what an earlier process left in a spool directory. */
export function recoverSpools(directory: string): RecoveredObject[] {
  return listFiles(directory).flatMap((name) => {
    const [, arrivalMs, uuid] = FILE_NAME.exec(name) ?? [];
    if (arrivalMs === undefined || uuid === undefined) return [];
    const path = join(directory, name);
    return [
      {
        arrivalMs: Number(arrivalMs),
        uuid,
        records: unframe(readFileSync(path)),
        remove: () => rmSync(path, { force: true }),
      },
    ];
  });
}

function listFiles(directory: string): string[] {
  try {
    return readdirSync(directory).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function frame(record: Buffer): Buffer[] {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(record.length);
  return [length, record];
}

/** A frame cut short by a crash was never acknowledged: it is left out. */
function unframe(bytes: Buffer): Buffer[] {
  const records: Buffer[] = [];
  let at = 0;
  while (at + LENGTH_BYTES <= bytes.length) {
    const end = at + LENGTH_BYTES + bytes.readUInt32BE(at);
    if (end > bytes.length) break;
    records.push(bytes.subarray(at + LENGTH_BYTES, end));
    at = end;
  }
  return records;
}
