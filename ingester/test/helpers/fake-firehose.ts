import { type FirehoseApi, FirehoseFailure, type StreamDescription } from "../../src/firehose/api";

/** What to make of one request: codes by record, a failure, or whatever the records call for. */
export type PutAnswer =
  | readonly (string | undefined)[]
  | FirehoseFailure
  | ((records: readonly string[]) => readonly (string | undefined)[]);

/** Answers from a script, then takes everything; remembers what was asked and what was taken. */
export class FakeFirehose implements FirehoseApi {
  /** The records of each request, as text. */
  readonly requests: string[][] = [];
  readonly taken: string[] = [];
  description: StreamDescription | FirehoseFailure = { status: "ACTIVE", source: "DirectPut" };
  /** How a batch of nothing is answered: undefined as if it had been taken. */
  nothing: FirehoseFailure | undefined = new FirehoseFailure("invalid", "ValidationException", "length 0");
  describes = 0;
  closed = false;

  constructor(
    private readonly script: PutAnswer[] = [],
    private readonly otherwise: PutAnswer = (records) => records.map(() => undefined),
  ) {}

  async putRecordBatch(data: readonly Uint8Array[]): Promise<readonly (string | undefined)[]> {
    const records = data.map((bytes) => Buffer.from(bytes).toString());
    this.requests.push(records);
    const answer = this.script.shift() ?? this.otherwise;
    if (answer instanceof FirehoseFailure) throw answer;
    const codes = typeof answer === "function" ? answer(records) : answer;
    this.taken.push(...records.filter((_, index) => codes[index] === undefined));
    return codes;
  }

  async putNothing(): Promise<void> {
    if (this.nothing !== undefined) throw this.nothing;
  }

  async describe(): Promise<StreamDescription> {
    this.describes += 1;
    if (this.description instanceof FirehoseFailure) throw this.description;
    return this.description;
  }

  close(): void {
    this.closed = true;
  }

  /** Ids of the posts that were taken, in the order of taking. */
  get ids(): readonly string[] {
    return this.lines.map(({ id }) => id);
  }

  get lines(): readonly Taken[] {
    const lines = this.taken.join("").split("\n");
    if (lines.pop() !== "") throw new Error("the last line does not end with a newline");
    return lines.map((line) => JSON.parse(line) as Taken);
  }
}

/** A line as the bucket would hold it. */
export interface Taken {
  readonly id: string;
  readonly ingestion: {
    readonly dead_letter?: { readonly reason: string; readonly omitted_fields: string[] };
  };
  readonly [field: string]: unknown;
}

export function failure(kind: FirehoseFailure["kind"], code = kind.toUpperCase()): FirehoseFailure {
  return new FirehoseFailure(kind, code, "a message");
}
