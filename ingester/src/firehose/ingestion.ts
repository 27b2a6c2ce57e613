import { type Post, type Provenance, SCHEMA_VERSION } from "../post";

/** Why a line does not hold everything that X sent. */
export type DeadLetterReason =
  /** The whole line is longer than a Firehose record may be. */
  | "oversize"
  /** The destination refused the whole line, alone in its request, and took others. */
  | "refused";

/** `ingestion.dead_letter` of a line. */
export interface DeadLetter {
  readonly reason: DeadLetterReason;
  /** Size of the whole line, newline included. */
  readonly bytes: number;
  /** Names of the members that were left out, in the post's order; a long list is cut at whole names. */
  readonly omitted_fields: readonly string[];
  /** How many were left out. */
  readonly omitted_count: number;
}

/** What `ingestion` says beside the provenance. */
export interface IngestionExtras {
  readonly dead_letter?: DeadLetter;
  /** Fields of the post whose names belong to the line itself. */
  readonly displaced?: Readonly<Record<string, unknown>>;
}

/** The end of a line, from `ingestion` to the newline. */
export function lineEnd(provenance: Provenance, extras: IngestionExtras = {}): string {
  const ingestion = { schema_version: SCHEMA_VERSION, ...provenance, ...extras };
  return `,"ingestion":${JSON.stringify(ingestion)}}\n`;
}

/** Members that a line adds to the post. */
const OWN_NAMES = ["full_text", "includes", "ingestion"] as const;

/** True for a post with a field of its own by one of these names; X has none today. */
export function hasDisplaced(post: Post): boolean {
  return OWN_NAMES.some((name) => name in post);
}

/** Sets such fields apart, so that no name occurs twice in a line and nothing of the post is lost. */
export function separate(post: Post): { readonly post: Post; readonly displaced: Record<string, unknown> } {
  const isOwn = ([name]: readonly [string, unknown]) => (OWN_NAMES as readonly string[]).includes(name);
  const fields = Object.entries(post);
  return {
    post: Object.fromEntries(fields.filter((field) => !isOwn(field))) as Post,
    displaced: Object.fromEntries(fields.filter(isOwn)),
  };
}
