/** The part of PutRecordBatch's answer that tells which records were taken. */
export interface PutAnswer {
  readonly FailedPutCount?: number | undefined;
  readonly RequestResponses?:
    | readonly { readonly RecordId?: string | undefined; readonly ErrorCode?: string | undefined }[]
    | undefined;
}

/** Code of entries of an answer that does not add up. */
export const UNCLEAR_ANSWER = "UnclearAnswer";

/**
 * HTTP 200 does not mean that anything was taken: each entry says so for itself, in the order of the request
 * (docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html). What an answer leaves open counts as
 * not taken, since a record sent twice can be told apart by its posts' ids, and a lost one is lost.
 * @returns for each of the `count` records undefined when it was taken, else a code
 */
export function entryCodes(answer: PutAnswer, count: number): readonly (string | undefined)[] {
  const entries = answer.RequestResponses ?? [];
  const failed = entries.filter(({ ErrorCode }) => isCode(ErrorCode)).length;
  const addsUp = entries.length === count && (answer.FailedPutCount ?? 0) <= failed;
  return Array.from({ length: count }, (_, index) => {
    if (!addsUp) return UNCLEAR_ANSWER;
    const code = entries[index]?.ErrorCode;
    return isCode(code) ? code : undefined;
  });
}

function isCode(code: string | undefined): code is string {
  return code !== undefined && code !== "";
}
