/** What a function decided about one record. */
export type Verdict =
  | { readonly kind: "delivered"; readonly data: Buffer }
  | { readonly kind: "dropped" }
  | { readonly kind: "failed"; readonly reason: Reason };

interface Reason {
  readonly errorCode: string;
  readonly errorMessage: string;
}

/** Looks up a record's verdict by its id. */
export type BatchAnswer = (recordId: string) => Verdict;

interface AnsweredRecord {
  readonly recordId?: unknown;
  readonly result?: unknown;
  readonly data?: unknown;
}

/**
 * Reads a transform function's response as strictly as Firehose does: every id once, a known result, base64 data.
 * The error codes are Firehose's own.
 */
export function readAnswer(response: unknown): BatchAnswer {
  const records = (response as { records?: unknown } | null)?.records;
  if (!Array.isArray(records)) {
    const reason = failure("JsonMappingException", "The response must be an object with a list of records.");
    return () => reason;
  }
  const byId = new Map<unknown, AnsweredRecord>();
  const repeated = new Set<unknown>();
  for (const answer of records as AnsweredRecord[]) {
    if (byId.has(answer?.recordId)) repeated.add(answer.recordId);
    byId.set(answer?.recordId, answer);
  }
  return (recordId) => {
    const answer = byId.get(recordId);
    if (answer === undefined) return failure("MissingRecordId", "The record's id was not returned.");
    if (repeated.has(recordId)) {
      return failure("DuplicatedRecordId", "The record's id was returned more than once.");
    }
    return verdictOf(answer);
  };
}

function verdictOf({ result, data }: AnsweredRecord): Verdict {
  if (result === "Dropped") return { kind: "dropped" };
  if (result === "ProcessingFailed") {
    return failure("ProcessingFailedStatus", "The function could not transform the record.");
  }
  if (result !== "Ok") return failure("JsonMappingException", `Unknown result ${JSON.stringify(result)}.`);
  if (typeof data !== "string" || !/^[A-Za-z0-9+/]*={0,2}$/.test(data)) {
    return failure("FunctionError", "The data of a record must be base64.");
  }
  return { kind: "delivered", data: Buffer.from(data, "base64") };
}

function failure(code: string, errorMessage: string): Verdict {
  return { kind: "failed", reason: { errorCode: `Lambda.${code}`, errorMessage } };
}
