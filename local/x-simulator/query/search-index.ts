import { hash32 } from "../../support/random";
import type { PostGenerator } from "../posts/post-generator";
import { timeOfId } from "../snowflake";
import type { Timeline } from "../timeline";
import type { IndexRange } from "../window";
import { invalidRequest } from "../x-problem";
import type { Matching, PostTest } from "./matching";
import { QueryProblem } from "./parse";

/** Some posts that are found later than others. */
export interface LateIndexing {
  /** Share of posts, 0 to 1. */
  readonly share: number;
  /** How long after it was written such a post is found. */
  readonly lagMs: number;
}

/** What the index needs. */
export interface SearchIndexProps {
  readonly timeline: Timeline;
  readonly generator: PostGenerator;
  readonly matching: Matching;
  readonly late: LateIndexing;
}

/** The newest posts of a range. */
export interface FoundPosts {
  /** Newest first. */
  readonly indexes: readonly number[];
  /** Where the rest of the range ends. */
  readonly restTo: number;
}

const LATE_SALT = 52;

/** Which posts searches and counts find: no reposts (since May 2026), and late ones only when their time has come. */
export class SearchIndex {
  constructor(private readonly props: SearchIndexProps) {}

  /** The newest posts of a range, at most `size`. */
  newest(range: IndexRange, size: number, test: PostTest): FoundPosts {
    const indexes: number[] = [];
    let at = range.to;
    while (at > range.from && indexes.length < size) {
      at -= 1;
      if (test(at)) indexes.push(at);
    }
    return { indexes, restTo: at };
  }

  /** How many posts of a range a query finds. */
  count(range: IndexRange, test: PostTest | undefined): number {
    if (test === undefined) return Math.max(0, range.to - range.from);
    let found = 0;
    for (let index = range.from; index < range.to; index += 1) if (test(index)) found += 1;
    return found;
  }

  /**
   * @returns undefined when every post is found
   * @throws XProblem (400) when X could not read the query
   */
  testOf(query: string, nowMs: number): PostTest | undefined {
    const { matching, generator, late, timeline } = this.props;
    const tests: PostTest[] = [];
    if (generator.repostShare > 0)
      tests.push((index) => generator.traits(index).reference?.type !== "retweeted");
    if (late.share > 0) {
      tests.push((index) => !this.isLate(index) || timeOfId(timeline.idAt(index)) + late.lagMs <= nowMs);
    }
    if (!matching.findsEverything) tests.push(this.readable(query));
    return tests.length === 0 ? undefined : (index) => tests.every((test) => test(index));
  }

  private readable(query: string): PostTest {
    try {
      return this.props.matching.testOf(query, "search");
    } catch (error) {
      if (!(error instanceof QueryProblem)) throw error;
      const message = `There were errors processing your request: ${error.message}`;
      throw invalidRequest([{ parameters: { query: [query] }, message }]);
    }
  }

  private isLate(index: number): boolean {
    return hash32(this.props.generator.seed, index, LATE_SALT) / 2 ** 32 < this.props.late.share;
  }
}
