/**
 * Search for the posts of one rule, to fill a hole of the stream. If search cannot be used for the rule, it states the
 * reason.
 */
import type { ReadLimits } from "../../../ledger/limits";
import { SourceError } from "../../../loop/errors";
import type { Page, ReadRequest } from "../../../loop/ports";
import type { RuleSource, Skip } from "../../../loop/stream/fill";
import { ignoredBySearch, RECENT_QUERY_MAX_CHARACTERS, sampledBy } from "../../query";
import { SearchSource, type SearchSourceOptions } from "../../search/source";

/**
 * Why search cannot be used for a rule: it ignores `sample:` and `bio:`, and would buy many times the posts of the stream.
 * @returns undefined if search can be used
 */
export function unsearchable(value: string | undefined): Skip | undefined {
  if (value === undefined) return { why: "text_unknown", text: "the rule's text is not known any more" };
  const { query, share } = sampledBy(value);
  const ignored = [...(share < 1 ? ["sample:"] : []), ...ignoredBySearch(query)];
  if (ignored.length === 0) return undefined;
  const text = `search ignores ${ignored.join(", ")}, and would buy more than the stream sends`;
  return { why: "ignored_operators", text };
}

const NOTHING: ReadLimits = { minPosts: 0, maxPosts: 0, perPost: {} };

export class SearchedRule implements RuleSource {
  skipped: Skip | undefined;
  private readonly search: SearchSource | undefined;
  private readonly endpoint: SearchSourceOptions["endpoint"];

  /** @param value undefined: the rule's text is not known any more */
  constructor(
    private readonly value: string | undefined,
    private readonly options: Omit<SearchSourceOptions, "query" | "endpoint">,
  ) {
    this.endpoint = [...(value ?? "")].length > RECENT_QUERY_MAX_CHARACTERS ? "all" : "recent";
    this.skipped = unsearchable(value);
    if (value !== undefined)
      this.search = new SearchSource({ ...options, query: value, endpoint: this.endpoint });
  }

  get readLimits(): ReadLimits {
    return this.skipped === undefined && this.search !== undefined ? this.search.readLimits : NOTHING;
  }

  async read(request: ReadRequest): Promise<Page> {
    if (this.search === undefined || this.skipped !== undefined) return this.nothing();
    try {
      return await this.search.read(request);
    } catch (error) {
      this.skipped = this.reasonFor(error);
      if (this.skipped === undefined) throw error;
      return this.nothing();
    }
  }

  /** Why the rule cannot be searched for; undefined for failures of other kinds. */
  private reasonFor(error: unknown): Skip | undefined {
    if (!(error instanceof SourceError)) return undefined;
    const needsArchive = this.endpoint === "all";
    if (needsArchive && (error.kind === "access" || error.kind === "invalid_request")) {
      const text = `it has more than ${RECENT_QUERY_MAX_CHARACTERS} characters, which only full-archive search accepts: ${error.message}`;
      return { why: "too_long", text };
    }
    if (error.kind !== "invalid_request") return undefined;
    return { why: "refused", text: `search does not accept it: ${error.message}` };
  }

  private nothing(): Page {
    const receivedAtMs = this.options.client.now();
    return {
      ...{ posts: [], fresh: [], includes: {}, billed: {}, partialErrors: 0, receivedAtMs },
      ...{ covers: undefined, lost: undefined, filled: true },
      provenance: {
        source: `search/${this.endpoint}`,
        query: this.value ?? "",
        received_at: new Date(receivedAtMs).toISOString(),
      },
    };
  }
}
