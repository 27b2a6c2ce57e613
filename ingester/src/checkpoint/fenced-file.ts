/**
 * Replaces a file whole and durably, and only while it still carries the writer's fence. A crash leaves the old file
 * or the new one; a power cut after write() returned cannot take it back (content and directory are synced).
 */
import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { hasCode } from "./file-errors";
import { readIfPresent } from "./lock-file";
import { EMPTY_DOCUMENT, parseDocument, type StateDocument, serializeDocument } from "./state-document";

const TEMPORARY = /^\d+\.tmp$/;

export class FencedFile {
  constructor(readonly path: string) {}

  createDirectory(): void {
    mkdirSync(dirname(this.path), { recursive: true });
  }

  /** @throws the file system's error when the directory could not be created or written */
  assertWritable(): void {
    this.createDirectory();
    accessSync(dirname(this.path), constants.W_OK);
  }

  /** The stored document, an empty one where there is no file. @throws ConfigError when it cannot be understood */
  read(): StateDocument {
    const text = readIfPresent(this.path);
    return text === undefined ? EMPTY_DOCUMENT : parseDocument(text, this.path);
  }

  /**
   * Writes a fence above every earlier one and returns the document as it then stands.
   *
   * A former holder that was merely slow may be between its check and its rename. Its temporary file is removed after
   * the new fence is in place: either that rename now fails, or it came first and is seen by reading again.
   */
  raiseFence(): StateDocument {
    for (;;) {
      const before = this.read();
      const raised = { ...before, fence: before.fence + 1 };
      this.rename(this.writeTemporary(raised));
      this.removeTemporaries();
      if (this.read().fence === raised.fence) return raised;
    }
  }

  /** True while the file carries this fence. */
  hasFence(fence: number): boolean {
    return this.read().fence === fence;
  }

  /** @returns false, with nothing written, when the file carries another fence */
  write(document: StateDocument): boolean {
    const temporary = this.writeTemporary(document);
    if (!this.hasFence(document.fence)) {
      rmSync(temporary, { force: true });
      return false;
    }
    try {
      this.rename(temporary);
      return true;
    } catch (error) {
      if (hasCode(error, "ENOENT")) return false;
      throw error;
    }
  }

  /** Named by fence, which no two holders share. */
  private writeTemporary(document: StateDocument): string {
    const temporary = `${this.path}.${document.fence}.tmp`;
    const descriptor = openSync(temporary, "w");
    try {
      writeSync(descriptor, serializeDocument(document));
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    return temporary;
  }

  private rename(temporary: string): void {
    renameSync(temporary, this.path);
    const directory = openSync(dirname(this.path), "r");
    try {
      fsyncSync(directory);
    } finally {
      closeSync(directory);
    }
  }

  private removeTemporaries(): void {
    const prefix = `${basename(this.path)}.`;
    const directory = dirname(this.path);
    for (const name of readdirSync(directory)) {
      if (!name.startsWith(prefix) || !TEMPORARY.test(name.slice(prefix.length))) continue;
      rmSync(join(directory, name), { force: true });
    }
  }
}
