/** The filtered stream in words for people. */
import type { SkipReason } from "../../ledger/stream-state";

export const SKIP_WORDS: Readonly<Record<SkipReason, string>> = {
  ignored_operators:
    "it uses sample: or bio:, which search ignores, so that search would buy more than the stream sends",
  too_long: "it has more than 512 characters, which only full-archive search takes",
  refused: "search does not take it",
  no_progress: "X returned the same posts again and again",
  text_unknown: "its text is not known any more",
};

/** What a hole that search has filled can lack, or have beyond what the stream would have sent. */
export const SEARCH_DIFFERENCES = [
  "reposts that match by their words: search does not find them",
  "posts that match only by text that they quote: search does not find them",
  "accents: search takes them loosely, and finds more",
  "posts of rules with sample:, bio:, bio_name: or bio_location:, or of more than 512 characters: these rules are skipped",
] as const;
