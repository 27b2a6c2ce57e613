import type { Clock } from "../../support/clock";
import type { FieldRequest } from "../requests/field-request";
import { type InStreamFault, isShaping, type ShapingFault, type SuddenFault } from "./fault-kinds";
import { errorLine, OPERATIONAL_DISCONNECTS, UNKNOWN_MESSAGE } from "./messages";
import type { Pace, Wire } from "./wire";

const LINE_END = "\r\n";
const DEFAULT_LINGER_MS = 3_600_000;
const OVERSIZE_BYTES = 3_000_000;

/** What one stream needs. */
export interface LiveStreamProps {
  readonly request: FieldRequest;
  readonly wire: Wire;
  readonly clock: Clock;
  readonly heartbeatMs: number;
  /** X ends the stream of a client that leaves more than this unread. */
  readonly maxBufferedBytes: number;
  readonly changeRules: (change: Extract<SuddenFault, { kind: "rules-changed" }>) => void;
  /** Called once. @param lingerMs how long X counts the connection nevertheless */
  readonly onOver: (reason: string, lingerMs: number) => void;
}

/** A record to be sent, and how it is billed. */
export interface StreamRecord {
  /** JSON without a line end. */
  readonly json: string;
  /** @param cut true when the client cannot have the whole of it */
  readonly bill: (cut: boolean) => void;
}

interface Shape {
  readonly fault: ShapingFault;
  left: number;
}

/** One open stream: records, heartbeats, and what goes wrong with them. */
export class LiveStream {
  private isOver = false;
  private isSilent = false;
  private held: StreamRecord[] | undefined;
  private lingerMs: number;
  private shapes: Shape[] = [];
  private waiting: { readonly fault: InStreamFault; left: number }[] = [];
  private cancelHeartbeat: () => void = () => undefined;

  /** @param ghostMs how long X counts the connection after its end, unless a fault says otherwise */
  constructor(
    private readonly props: LiveStreamProps,
    ghostMs: number,
  ) {
    this.lingerMs = ghostMs;
    this.beat();
  }

  get request(): FieldRequest {
    return this.props.request;
  }

  /** Sends a record; while posts are held back, later. A silent stream sends and bills nothing. */
  send(record: StreamRecord): void {
    if (this.isOver || this.isSilent) return;
    if (this.held) this.held.push(record);
    else this.put(record);
  }

  /** Lets something go wrong, now or at its moment. */
  inject(fault: InStreamFault): void {
    const { afterMs, afterRecords = 0, ...now } = fault;
    if (afterMs !== undefined) {
      this.props.clock.after(afterMs, () => this.inject({ ...now, afterRecords } as InStreamFault));
    } else if (afterRecords > 0) this.waiting.push({ fault: now as InStreamFault, left: afterRecords });
    else this.begin(now as InStreamFault);
  }

  /** Ends the answer properly. */
  end(reason: string): void {
    if (this.isOver) return;
    this.over(reason);
    this.props.wire.end();
  }

  /** Notes that the connection is gone, whichever side ended it. */
  gone(): void {
    this.over("client disconnected");
  }

  private put(record: StreamRecord): void {
    const shapes = this.shapes.filter(({ left }) => left > 0);
    for (const shape of shapes) shape.left -= 1;
    this.shapes = shapes.filter(({ left }) => left > 0);
    const faults = shapes.map(({ fault }) => fault);
    const copies = faults.some(({ kind }) => kind === "duplicate") ? 2 : 1;
    for (let copy = 0; copy < copies && !this.isOver; copy += 1) this.write(record, faults);
    this.countRecord();
  }

  private write(record: StreamRecord, faults: readonly ShapingFault[]): void {
    const bytes = Buffer.from(shaped(record.json, faults));
    const cut = faults.find((fault) => fault.kind === "cut-record");
    record.bill(cut !== undefined && cut.atByte < bytes.length);
    if (cut) {
      this.props.wire.write(bytes.subarray(0, cut.atByte), paceOf(faults));
      this.break("connection broken by a fault", false);
      return;
    }
    this.props.wire.write(bytes, paceOf(faults));
    if (this.props.wire.bufferedBytes > this.props.maxBufferedBytes) this.break("client too slow", true);
  }

  private countRecord(): void {
    for (const each of this.waiting) each.left -= 1;
    const due = this.waiting.filter(({ left }) => left <= 0);
    this.waiting = this.waiting.filter(({ left }) => left > 0);
    for (const { fault } of due) this.begin(fault);
  }

  private begin(fault: ShapingFault | SuddenFault): void {
    if (this.isOver) return;
    if (!isShaping(fault)) {
      this.happen(fault);
      return;
    }
    const records = "records" in fault ? fault.records : undefined;
    this.shapes.push({ fault, left: records ?? (isEndless(fault) ? Number.POSITIVE_INFINITY : 1) });
  }

  private happen(fault: SuddenFault): void {
    switch (fault.kind) {
      case "close":
        this.end("closed by a fault");
        break;
      case "abort":
        this.break("connection broken by a fault", fault.reset ?? false);
        break;
      case "operational-disconnect":
        this.line(errorLine([OPERATIONAL_DISCONNECTS[fault.spelling ?? "upstream"]]));
        this.end("operational disconnect");
        break;
      case "stream-error":
        this.line(errorLine(fault.errors));
        if (fault.closes) this.end("error in the stream");
        break;
      case "unknown-message":
        this.line(JSON.stringify(fault.message ?? UNKNOWN_MESSAGE));
        break;
      case "raw-line":
        this.line(fault.text);
        break;
      case "silence":
        this.isSilent = true;
        break;
      case "burst":
        this.hold(fault.heldMs);
        break;
      case "ghost":
        this.lingerMs = fault.lingerMs ?? DEFAULT_LINGER_MS;
        break;
      case "rules-changed":
        this.props.changeRules(fault);
    }
  }

  private hold(heldMs: number): void {
    this.held ??= [];
    this.props.clock.after(heldMs, () => {
      const { held = [] } = this;
      this.held = undefined;
      for (const record of held) this.send(record);
    });
  }

  private line(text: string): void {
    if (this.isSilent) return;
    const faults = this.shapes.map(({ fault }) => fault);
    this.props.wire.write(Buffer.from(text + lineEndOf(faults)), paceOf(faults));
  }

  private beat(): void {
    this.cancelHeartbeat = this.props.clock.after(this.props.heartbeatMs, () => {
      this.line("");
      this.beat();
    });
  }

  private break(reason: string, reset: boolean): void {
    this.over(reason);
    this.props.wire.break(reset);
  }

  private over(reason: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.cancelHeartbeat();
    this.props.onOver(reason, this.lingerMs);
  }
}

/** Some faults last until the connection ends; others concern one record. */
function isEndless({ kind }: ShapingFault): boolean {
  return kind === "split-bytes" || kind === "slow-writer" || kind === "bare-newlines";
}

function paceOf(faults: readonly ShapingFault[]): Pace | undefined {
  for (const fault of faults) {
    if (fault.kind === "slow-writer") return fault;
    if (fault.kind === "split-bytes") return { pieceBytes: fault.pieceBytes ?? 1, pauseMs: 0 };
  }
  return undefined;
}

function lineEndOf(faults: readonly ShapingFault[]): string {
  return faults.some(({ kind }) => kind === "bare-newlines") ? "\n" : LINE_END;
}

function shaped(json: string, faults: readonly ShapingFault[]): string {
  const oversize = faults.find((fault) => fault.kind === "oversize-post");
  const end = lineEndOf(faults);
  if (!oversize) return json + end;
  const article = JSON.stringify({ plain_text: "x".repeat(oversize.bytes ?? OVERSIZE_BYTES) });
  return json.replace('{"data":{', () => `{"data":{"article":${article},`) + end;
}
