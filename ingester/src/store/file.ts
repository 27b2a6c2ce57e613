/**
 * The ledger in a file (`CHECKPOINT_FILE`), for the processes of one host. A swap replaces the file whole, under a lock:
 * a crash leaves the old ledger or the new one, and a power cut after swap() returned cannot take it back (content and
 * directory are synced).
 */
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { parseLedger, serializeLedger } from "../ledger/document";
import type { Ledger } from "../ledger/ledger";
import { ConfigError } from "../loop/errors";
import type { Clock, LedgerStore, StoredLedger } from "../loop/ports";
import { systemClock } from "../runtime/clock";
import { makeDirectory } from "../runtime/directories";
import { explainFileError, hasCode, removeFile } from "./file-errors";
import { withFileLock } from "./file-lock";

export interface FileStoreOptions {
  /** Its directory is created; beside it live short-lived `.lock` and `.tmp` files. */
  readonly path: string;
  /** @default systemClock */
  readonly clock?: Clock;
}

/** The version comes first, so that comparing it needs no parsing. */
const VERSION = /^\{"version":(\d{1,15}),/;

export class FileStore implements LedgerStore {
  private readonly path: string;
  private readonly clock: Clock;

  constructor({ path, clock = systemClock }: FileStoreOptions) {
    this.path = path;
    this.clock = clock;
  }

  async read(): Promise<StoredLedger | undefined> {
    return this.explained(() => {
      const text = this.content();
      return text === undefined ? undefined : this.parse(text);
    });
  }

  async swap(next: StoredLedger, expected: number | undefined, signal: AbortSignal): Promise<boolean> {
    const text = `{"version":${next.version},${serializeLedger(next.ledger).slice(1)}\n`;
    const replace = () => {
      if (this.version() !== expected) return false;
      this.write(text);
      return true;
    };
    return this.explained(() => {
      makeDirectory(dirname(this.path));
      return withFileLock(`${this.path}.lock`, replace, { clock: this.clock, signal });
    });
  }

  /** Looks at permissions alone: neither directories nor files are created. */
  async checkWritable(): Promise<void> {
    await this.explained(() =>
      accessSync(existingParent(dirname(this.path)), constants.W_OK | constants.X_OK),
    );
  }

  close(): void {}

  private version(): number | undefined {
    const text = this.content();
    return text === undefined ? undefined : Number(VERSION.exec(text)?.[1] ?? this.parse(text).version);
  }

  private content(): string | undefined {
    try {
      this.requireFile();
      return readFileSync(this.path, "utf8");
    } catch (error) {
      if (hasCode(error, "ENOENT")) return undefined;
      throw error;
    }
  }

  /** Devices and pipes can be read without end, or block. @throws ConfigError */
  private requireFile(): void {
    const found = statSync(this.path);
    if (found.isFile() || found.isDirectory()) return;
    throw new ConfigError([
      `CHECKPOINT_FILE ${this.path} is a device, pipe or socket. Name a regular file, or one that does not exist yet.`,
    ]);
  }

  /** @throws ConfigError: starting over silently would buy every post again */
  private parse(text: string): StoredLedger {
    const parsed = parseLedger(text);
    const version = Number(VERSION.exec(text)?.[1]);
    if ("ledger" in parsed && Number.isSafeInteger(version)) {
      const { version: _, ...ledger } = parsed.ledger as Ledger & { readonly version: number };
      return { ledger, version };
    }
    const problem = "problem" in parsed ? parsed.problem : "its version is missing";
    throw new ConfigError([
      `CHECKPOINT_FILE ${this.path} holds no ledger that this version of the ingester can read: ${problem}. ` +
        "Name another file, or put a backup in its place. Without its ledger, posts that were bought are bought again.",
    ]);
  }

  private write(text: string): void {
    const temporary = `${this.path}.tmp`;
    try {
      const descriptor = openSync(temporary, "w");
      try {
        // Not writeSync, which writes a part where a disk fills up, and says so by a number alone.
        writeFileSync(descriptor, text);
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
      renameSync(temporary, this.path);
    } catch (error) {
      removeFile(temporary);
      throw error;
    }
    this.syncDirectory();
  }

  private syncDirectory(): void {
    const directory = openSync(dirname(this.path), "r");
    try {
      fsyncSync(directory);
    } finally {
      closeSync(directory);
    }
  }

  private async explained<T>(operation: () => T | Promise<T>): Promise<T> {
    try {
      return await operation();
    } catch (error) {
      throw explainFileError(error, this.path);
    }
  }
}

/** The directory itself, or the nearest one above it that exists. */
function existingParent(directory: string): string {
  const parent = dirname(directory);
  return existsSync(directory) || parent === directory ? directory : existingParent(parent);
}
