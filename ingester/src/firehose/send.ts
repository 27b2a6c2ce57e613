/** Sending a batch until every record of it has been taken: only what failed is sent again. */

import { DeliveryError, type IngesterError } from "../loop/errors";
import type { Observer } from "../loop/events";
import type { DeliveryReceipt } from "../loop/ports";
import { deadLetterLine } from "../posts/dead-letter";
import type { Shortened } from "../posts/line";
import type { PostLine } from "../posts/post";
import { count, plural, sentence } from "../runtime/words";
import { type FirehoseApi, FirehoseFailure } from "./api";
import { isLasting } from "./errors";
import type { Pacer } from "./pace";
import { bytesIn, linesIn, PackedRecord } from "./pack";
import { Patience, type PatienceOptions } from "./patience";

/**
 * A refused line keeps what fits here, or in half of its size: why it was refused is not known, and something smaller
 * is the best guess at what is not.
 */
export const REFUSED_LINE_BYTES = 16 * 1_024;

/** A receipt being written. */
export type Tally = { -readonly [K in keyof DeliveryReceipt]: DeliveryReceipt[K] };

export interface SenderOptions extends PatienceOptions {
  readonly api: FirehoseApi;
  readonly pacer: Pacer;
  readonly observe: Observer;
  /** What a person should do about a failure. */
  readonly actionFor: (failure: FirehoseFailure) => string;
  /** Words for a failure that ends the process with so many lines undelivered. */
  readonly explain: (failure: FirehoseFailure, undelivered: number) => IngesterError;
}

export interface SendRequest {
  readonly records: readonly PackedRecord[];
  /** Counts what happens. */
  readonly tally: Tally;
  /** Lines that come after this batch, for the error's count. */
  readonly linesAfter: number;
  readonly signal: AbortSignal;
}

/** What is left of a batch after a request, and why. */
interface Attempted {
  readonly left: readonly PackedRecord[];
  readonly failure?: FirehoseFailure;
}

const ALL_TAKEN: Attempted = { left: [] };

/** Sends batches; keeps nothing between them. */
export class BatchSender {
  constructor(private readonly options: SenderOptions) {}

  /**
   * Resolves when every record has been taken.
   * @throws DeliveryError when the signal ends the attempts
   * @throws AccessError, ConfigError when the destination refuses for longer than `giveUpAfterMs`
   */
  async send(request: SendRequest): Promise<void> {
    const patience = new Patience(this.options);
    let outcome: Attempted = { left: request.records };
    while (outcome.left.length > 0) {
      const { left, failure } = outcome;
      if (request.signal.aborted) throw stopped(linesIn(left) + request.linesAfter, failure);
      outcome = await this.attempt(left, request);
      if (linesIn(outcome.left) < linesIn(left)) patience.progressed();
      if (outcome.failure !== undefined) await this.pause(outcome, patience, request);
    }
  }

  private async pause({ left, failure }: Attempted, patience: Patience, request: SendRequest): Promise<void> {
    if (failure === undefined || request.signal.aborted) return;
    const wait = patience.failed(failure);
    if (wait === undefined) throw this.options.explain(failure, linesIn(left) + request.linesAfter);
    const { observe, clock, actionFor } = this.options;
    const { code, message } = failure;
    observe({
      ...{ type: "delivery_retrying", records: left.length, code, message, ...wait },
      action: actionFor(failure),
      needsPerson: isLasting(failure),
    });
    await clock.sleep(wait.waitMs, request.signal);
  }

  private async attempt(records: readonly PackedRecord[], request: SendRequest): Promise<Attempted> {
    try {
      const codes = await this.put(
        records.map(({ data }) => data),
        request,
      );
      return this.settle(records, codes, request.tally);
    } catch (error) {
      if (!(error instanceof FirehoseFailure)) throw error;
      if (error.kind === "invalid") return this.isolate(records, error, request);
      return { left: records, failure: error };
    }
  }

  private async put(data: readonly Buffer[], { tally, signal }: SendRequest) {
    const bytes = data.reduce((sum, { length }) => sum + length, 0);
    await this.options.pacer.take({ records: data.length, bytes }, signal);
    tally.requests += 1;
    return this.options.api.putRecordBatch(data, signal);
  }

  private settle(
    records: readonly PackedRecord[],
    codes: readonly (string | undefined)[],
    tally: Tally,
  ): Attempted {
    const left = records.filter((_, index) => codes[index] !== undefined);
    const taken = records.filter((_, index) => codes[index] === undefined);
    tally.records += taken.length;
    tally.bytes += bytesIn(taken);
    tally.resentRecords += left.length;
    if (left.length === 0) return ALL_TAKEN;
    const code = codes.find((found) => found !== undefined) ?? "Unknown";
    const message = `${count(left.length)} of ${plural(records.length, "record")} not taken`;
    return { left, failure: new FirehoseFailure("throttled", code, message) };
  }

  /**
   * A refused batch is halved until what is refused stands alone, so that one record never keeps the others back. A
   * line that is refused alone becomes a dead letter.
   */
  private async isolate(
    records: readonly PackedRecord[],
    failure: FirehoseFailure,
    request: SendRequest,
  ): Promise<Attempted> {
    const [one, two] = halvesOf(records);
    if (one === undefined || two === undefined) return this.sendDeadLetter(records, failure, request);
    const first = await this.attempt(one, request);
    if (first.failure !== undefined) return { left: [...first.left, ...two], failure: first.failure };
    return this.attempt(two, request);
  }

  /**
   * If not even the dead letter is taken, nothing is wrong with the line: the destination takes nothing, and all of it
   * is kept whole until it does. If the letter is taken, so may the line be by now: only a line that is refused before
   * and after it is given up.
   */
  private async sendDeadLetter(
    records: readonly PackedRecord[],
    refusal: FirehoseFailure,
    request: SendRequest,
  ): Promise<Attempted> {
    const [record] = records;
    const line = record?.lines[0];
    if (record === undefined || line === undefined) return ALL_TAKEN;
    const probe = await this.trySend(deadLetterRecord(line, record.bytes), request);
    if (probe !== undefined) return { left: records, failure: probe };
    const again = await this.trySend(record, request);
    if (again !== undefined && again.kind !== "invalid") return { left: records, failure: again };
    if (again !== undefined) {
      const reason = `refused: ${refusal.code}`;
      this.reportDeadLetter({ id: line.post.id, reason, bytes: record.bytes }, request.tally);
    }
    return ALL_TAKEN;
  }

  private async trySend(record: PackedRecord, request: SendRequest): Promise<FirehoseFailure | undefined> {
    try {
      return this.settle([record], await this.put([record.data], request), request.tally).failure;
    } catch (error) {
      if (error instanceof FirehoseFailure) return error;
      throw error;
    }
  }

  /** To be called when the line has been taken. */
  reportDeadLetter(shortened: Shortened, tally: Tally): void {
    tally.deadLetters += 1;
    this.options.observe({ type: "dead_letter", ...shortened });
  }
}

function deadLetterRecord(line: PostLine, bytes: number): PackedRecord {
  const maxBytes = Math.min(REFUSED_LINE_BYTES, bytes / 2);
  const data = Buffer.from(deadLetterLine(line, { reason: "refused", bytes, maxBytes }));
  const page = { lines: [line], data, offsets: [0, data.length], shortened: [], replacedCharacters: 0 };
  return new PackedRecord(page, { first: 0, end: 1 });
}

function halvesOf(records: readonly PackedRecord[]): readonly (readonly PackedRecord[])[] {
  const [only] = records;
  if (only !== undefined && records.length === 1) return (only.halves() ?? []).map((half) => [half]);
  const middle = records.length >>> 1;
  return [records.slice(0, middle), records.slice(middle)];
}

function stopped(lines: number, failure: FirehoseFailure | undefined): DeliveryError {
  const why = failure === undefined ? "" : ` Last failure: ${failure.code}: ${sentence(failure.message)}`;
  return new DeliveryError(
    `Delivery stopped with ${plural(lines, "post")} not delivered; the next run reads their page again.${why}`,
    lines,
    { cause: failure },
  );
}
