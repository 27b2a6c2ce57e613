import { type Problem, problem } from "../../constructs/checks/check";
import { type IngesterSource, type SearchSource, SOURCE_FIELDS, type StreamSource } from "../source";
import { streamProblems } from "./filtered-stream-rules";
import { searchProblems } from "./query-rules";

type Mode = IngesterSource["mode"];

const MODES = Object.keys(SOURCE_FIELDS) as readonly Mode[];
const FIX = 'Set mode: "search" with a query or queries, or mode: "stream" with rules.';

/** Problems of the source that the ingester would report at its start. With an unknown mode, other problems are found, too. */
export function sourceProblems(source: IngesterSource): Problem[] {
  const { mode } = source;
  const isKnown = MODES.includes(mode);
  const meant = isKnown ? mode : "rules" in source ? "stream" : "search";
  return [
    ...(isKnown ? [] : [problem("mode", { allowed: `one of ${MODES.join(", ")}`, got: mode, fix: FIX })]),
    ...otherModesProblems(source, meant),
    ...(meant === "stream" ? streamProblems(source as StreamSource) : searchProblems(source as SearchSource)),
  ];
}

/** Fields of the other mode, which would be ignored. */
function otherModesProblems(source: IngesterSource, mode: Mode): Problem[] {
  const fields = MODES.filter((other) => other !== mode).flatMap((other) =>
    Object.keys(SOURCE_FIELDS[other]),
  );
  return fields.flatMap((field) => {
    const got = source[field as keyof IngesterSource] as unknown;
    return got === undefined ? [] : [problem(field, { allowed: `left out in ${mode} mode`, got, fix: FIX })];
  });
}
