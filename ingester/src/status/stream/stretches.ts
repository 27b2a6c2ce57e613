/** The coverage of a stream as a timeline: heard, filled by search, missing, and the last moments, which are not owned yet. */
import type { Coverage, LossReason } from "../../ledger/coverage";
import type { Interval } from "../../ledger/intervals";
import { intersect, isEmpty, subtract, unite } from "../../ledger/intervals";
import { heardThrough } from "../../ledger/stream";
import { firstIdAt, newerId, timeOfId } from "../../posts/ids";
import type { Stretch, StretchState } from "../stretches";

export const STREAM_LOSS_WORDS: Readonly<Record<LossReason, string>> = {
  search_window: "older than the 7 days that recent search reaches",
  details_dropped: "partly delivered; the ledger no longer keeps the details",
};

const LEFT = "the stream is not connected";

/** From the first moment that is known to now, ascending. */
export function streamStretchesOf(
  coverage: Coverage,
  { connected, fill }: { readonly connected: boolean; readonly fill: boolean },
  nowMs: number,
): readonly Stretch[] {
  const { owned, lost, stream } = coverage;
  const bySearch = unite(...(stream?.bySearch ?? []));
  const heard = heardThrough(coverage);
  const rest = { after: heard, through: newerId(firstIdAt(nowMs), heard) };
  const note = fill ? "search fills it" : "STREAM_FILL=false: it is not filled";
  return [
    ...subtract(owned, bySearch).map((piece) => stretch("owned", piece)),
    ...intersect(owned, bySearch).map((piece) => stretch("searched", piece)),
    ...lost.map((piece) => stretch("lost", piece, STREAM_LOSS_WORDS[piece.reason])),
    ...(stream?.holes ?? []).map((piece) => stretch("hole", piece, note)),
    ...(heard === "0" || isEmpty(rest)
      ? []
      : [connected ? stretch("heard", rest) : stretch("hole", rest, LEFT)]),
  ].toSorted((a, b) => a.fromMs - b.fromMs);
}

function stretch(state: StretchState, { after, through }: Interval, note?: string): Stretch {
  const times = { fromMs: timeOfId(after), toMs: timeOfId(through) };
  return { state, after, through, ...times, ...(note === undefined ? {} : { note }) };
}
