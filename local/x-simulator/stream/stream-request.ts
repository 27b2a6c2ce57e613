import { type FieldRequest, fieldParameters, readFieldRequest } from "../requests/field-request";
import { ParameterReader } from "../requests/parameter-reader";
import type { VocabularyOption } from "../vocabulary";

/** Parameters that replay posts, for Enterprise only. */
const REPLAY_PARAMETERS: readonly string[] = ["backfill_minutes", "start_time", "end_time"];

/** X's schema of `backfill_minutes`. */
const MAX_BACKFILL_MINUTES = 5;

/**
 * Reads a request for the stream.
 * @throws XProblem (400) naming everything that is wrong with it.
 */
export function readStreamRequest(parameters: URLSearchParams, vocabulary: VocabularyOption): FieldRequest {
  const reader = new ParameterReader(parameters);
  reader.checkNames([...REPLAY_PARAMETERS, ...fieldParameters(vocabulary)]);
  const minutes = reader.integer("backfill_minutes", { min: 0, max: MAX_BACKFILL_MINUTES, fallback: 0 });
  if (minutes > 0) refuseReplay(reader, "backfill_minutes");
  for (const name of ["start_time", "end_time"]) {
    if (reader.time(name) !== undefined) refuseReplay(reader, name);
  }
  const request = readFieldRequest(reader, { parameters, vocabulary, habit: "tweet", isStream: true });
  reader.finish();
  return request;
}

function refuseReplay(reader: ParameterReader, name: string): void {
  reader.refuse(name, `The \`${name}\` query parameter is available to Enterprise only`);
}
