import type { ServerResponse } from "node:http";
import type { Clock } from "../support/clock";
import type { FaultPlan } from "../support/fault-plan";
import { AwsError } from "./aws-error";
import type { DeliveryBuffer } from "./delivery/delivery-buffer";
import {
  type EntryError,
  type FirehoseFault,
  failedEntries,
  meetAfterAccept,
  meetBeforeAccept,
} from "./faults";
import type { QuotaMeter } from "./quota";
import type { PutRequest } from "./requests";
import type { FirehoseStats, Intake } from "./stats";

/** Above this the endpoint says it cannot keep up, as Firehose does, instead of filling the disk. */
const MAX_PENDING_BYTES = 512 * 1024 * 1024;

/** What taking records needs. */
export interface PutHandlerProps {
  readonly buffer: DeliveryBuffer;
  readonly stats: FirehoseStats;
  readonly faults: FaultPlan<FirehoseFault>;
  readonly clock: Clock;
  /** `undefined`: as much as the machine can take. */
  readonly quota: QuotaMeter | undefined;
}

/** Which entries were taken; `undefined` when a fault has dealt with the response. */
export type PutOutcome = readonly (EntryError | undefined)[] | undefined;

/** Takes the records of one request, meeting whatever fault is planned for it. */
export class PutHandler {
  constructor(private readonly props: PutHandlerProps) {}

  /**
   * Takes records. The answer may be sent when this returns, not before: only then are they safe.
   * @param read checks the request; a fault that breaks the connection comes before any check.
   * @throws AwsError when nothing, or (a fault) everything, was taken and the client gets a failure.
   */
  put(read: () => PutRequest, response: ServerResponse): PutOutcome {
    const fault = this.props.faults.next();
    if (meetBeforeAccept(fault, response)) return undefined;
    const { records } = read();
    this.checkPace(records);
    const failures = failedEntries(fault, records.length);
    const intake = this.take(records, failures);
    return this.answer(fault, { intake, response }) ? undefined : records.map((_, at) => failures.get(at));
  }

  private checkPace(records: readonly Buffer[]): void {
    const { buffer, quota, clock } = this.props;
    const bytes = records.reduce((sum, record) => sum + record.length, 0);
    const admitted = quota?.admit({ records: records.length, bytes }, clock.now()) ?? true;
    if (admitted && buffer.pendingBytes <= MAX_PENDING_BYTES) return;
    throw new AwsError("ServiceUnavailableException", "Slow down.", 503);
  }

  private take(records: readonly Buffer[], failures: ReadonlyMap<number, EntryError>): Intake {
    const taken = failures.size === 0 ? records : records.filter((_, position) => !failures.has(position));
    this.props.buffer.accept(taken);
    return this.props.stats.countIntake(taken, failures.size);
  }

  /** @returns true when a fault has dealt with the response. */
  private answer(
    fault: FirehoseFault | undefined,
    { intake, response }: { readonly intake: Intake; readonly response: ServerResponse },
  ): boolean {
    try {
      if (meetAfterAccept(fault, response)) {
        this.props.stats.countUnacknowledged(intake);
        return true;
      }
    } catch (error) {
      this.props.stats.countUnacknowledged(intake);
      throw error;
    }
    response.once("close", () => {
      if (!response.writableFinished) this.props.stats.countUnacknowledged(intake);
    });
    return false;
  }
}
