import { randomUUID } from "node:crypto";
import { CheckpointLostError } from "../errors";
import type { Clock } from "../ports";
import type { FencedFile } from "./fenced-file";
import { explainFileError } from "./file-errors";
import { ProcessLock } from "./process-lock";
import { EMPTY_DOCUMENT, type StateDocument } from "./state-document";

export interface HeldFileOptions {
  readonly clock: Clock;
  readonly heartbeatMs: number;
  readonly staleMs: number;
  readonly pollMs: number;
}

/** The state file as long as this process holds it: the document is kept in memory, the file follows every change. */
export class HeldFile {
  private readonly loss = new AbortController();
  private lock: ProcessLock | undefined;
  private current: StateDocument = EMPTY_DOCUMENT;
  private writing: Promise<void> | undefined;

  constructor(
    private readonly file: FencedFile,
    private readonly options: HeldFileOptions,
  ) {}

  get lost(): AbortSignal {
    return this.loss.signal;
  }

  /** What is stored, or about to be. */
  get document(): StateDocument {
    this.assertHeld();
    return this.current;
  }

  /** @throws CheckpointHeldError, ConfigError */
  async acquire(signal: AbortSignal): Promise<void> {
    if (this.lock !== undefined) throw new Error("This process holds the checkpoint already.");
    try {
      this.file.createDirectory();
      this.lock = await ProcessLock.take({
        ...this.options,
        path: `${this.file.path}.lock`,
        id: randomUUID(),
        signal,
        onLost: (message) => this.lose(message),
      });
      this.current = this.file.raiseFence();
    } catch (error) {
      await this.release();
      throw explainFileError(error, this.file.path);
    }
  }

  /** @throws CheckpointLostError when another process has taken the file */
  confirm(): void {
    this.assertHeld();
    try {
      if (!this.file.hasFence(this.current.fence))
        throw this.lose("it carries a newer fence, or was deleted");
    } catch (error) {
      throw explainFileError(error, this.file.path);
    }
  }

  /** Changes the document and resolves when the file holds it. Changes of the same turn share one write. */
  change(step: (document: StateDocument) => StateDocument): Promise<void> {
    this.assertHeld();
    this.current = step(this.current);
    this.writing ??= new Promise((resolve, reject) => {
      setImmediate(() => {
        this.writing = undefined;
        try {
          this.write();
          resolve();
        } catch (error) {
          reject(explainFileError(error, this.file.path));
        }
      });
    });
    return this.writing;
  }

  /** Waits for a write that is under way. */
  async release(): Promise<void> {
    await this.writing?.catch(() => undefined);
    this.lock?.release();
    this.lock = undefined;
  }

  private write(): void {
    this.assertHeld();
    if (!this.file.write(this.current)) throw this.lose("it carries a newer fence, or was deleted");
  }

  private assertHeld(): void {
    this.lost.throwIfAborted();
    if (this.lock === undefined) {
      throw new CheckpointLostError(`The checkpoint ${this.file.path} is not held: acquire it first.`);
    }
  }

  private lose(what: string): CheckpointLostError {
    const error = new CheckpointLostError(
      `Another ingester has taken over the checkpoint ${this.file.path}: ${what}. This one buys nothing more.`,
    );
    this.loss.abort(error);
    return error;
  }
}
