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
  lstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { parseLedger, serializeLedger } from "../ledger/document";
import type { Ledger } from "../ledger/ledger";
import { ConfigError } from "../loop/errors";
import type { Clock, LedgerStore, StoredLedger } from "../loop/ports";
import { systemClock } from "../runtime/clock";
import { makeDirectory } from "../runtime/directories";
import { explainFileError, hasCode, removeFile } from "./file-errors";
import { withFileLock } from "./file-lock";

export interface FileStoreOptions {
  /**
   * Its directory is created; beside it live short-lived `.lock` and `.tmp` files. Where it is a symbolic link, all of
   * them are beside the file that it points to.
   */
  readonly path: string;
  /** @default systemClock */
  readonly clock?: Clock;
}

/** The version comes first, so that comparing it needs no parsing. */
const VERSION = /^\{"version":(\d{1,15}),/;

export class FileStore implements LedgerStore {
  /** As configured, for messages. */
  private readonly path: string;
  private readonly clock: Clock;
  private found: string | undefined;

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
    const replace = (isHeld: () => boolean) => {
      if (this.version() !== expected) return false;
      return this.write(text, isHeld);
    };
    return this.explained(() => {
      makeDirectory(dirname(this.file()));
      return withFileLock(`${this.file()}.lock`, replace, { clock: this.clock, signal });
    });
  }

  /** Looks at permissions alone: neither directories nor files are created. */
  async checkWritable(): Promise<void> {
    await this.explained(() =>
      accessSync(existingParent(dirname(this.file())), constants.W_OK | constants.X_OK),
    );
  }

  close(): void {}

  /**
   * The ledger's place without symbolic links: a swap renames a file, which would replace a link, and the lock must be
   * the same by every path. Once the file exists, its place stays the same while the process runs.
   */
  private file(): string {
    if (this.found !== undefined) return this.found;
    const { path, exists } = placeOf(this.path);
    if (exists) this.found = path;
    return path;
  }

  private version(): number | undefined {
    const text = this.content();
    return text === undefined ? undefined : Number(VERSION.exec(text)?.[1] ?? this.parse(text).version);
  }

  private content(): string | undefined {
    try {
      const file = this.file();
      this.requireFile(file);
      return readFileSync(file, "utf8");
    } catch (error) {
      if (hasCode(error, "ENOENT")) return undefined;
      throw error;
    }
  }

  /** Devices and pipes can be read without end, or block. @throws ConfigError */
  private requireFile(file: string): void {
    const found = lstatSync(file);
    if (found.isFile() || found.isDirectory()) return;
    throw new ConfigError([
      found.isSymbolicLink()
        ? `CHECKPOINT_FILE ${this.path} was replaced by a symbolic link (${file}) while this process ran. Check that it leads to the ledger, and start again.`
        : `CHECKPOINT_FILE ${this.path} is a device, pipe or socket. Name a regular file, or one that does not exist yet.`,
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

  /** @returns false when the lock was lost meanwhile: another process may have written */
  private write(text: string, isHeld: () => boolean): boolean {
    const file = this.file();
    const temporary = `${file}.tmp`;
    try {
      // A file of its own: a process that lost its lock while it stood still may have the old one open.
      removeFile(temporary);
      const descriptor = openSync(temporary, "wx");
      try {
        // Not writeSync, which writes a part where a disk fills up, and says so by a number alone.
        writeFileSync(descriptor, text);
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
      if (!isHeld()) return false;
      renameSync(temporary, file);
    } catch (error) {
      removeFile(temporary);
      throw error;
    }
    syncDirectory(dirname(file));
    return true;
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

function syncDirectory(path: string): void {
  const directory = openSync(path, "r");
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

/**
 * A path without symbolic links, whether there is something or not.
 * @throws ConfigError for a link that leads nowhere: where a file system is not mounted, a new ledger must not begin
 */
function placeOf(path: string): { readonly path: string; readonly exists: boolean } {
  try {
    return { path: realpathSync(path), exists: true };
  } catch (error) {
    if (!hasCode(error, "ENOENT") || dirname(path) === path) throw error;
  }
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) {
    return { path: join(placeOf(dirname(path)).path, basename(path)), exists: false };
  }
  throw new ConfigError([
    `CHECKPOINT_FILE leads through the symbolic link ${path}, which points to ${readlinkSync(path)}, and nothing is there. ` +
      "Mount or restore what it points to, or remove the link. A new ledger would buy every post again.",
  ]);
}
