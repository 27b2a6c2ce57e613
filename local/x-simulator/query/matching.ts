import type { PostGenerator } from "../posts/post-generator";
import { compile, type Dialect } from "./compile";
import { parseQuery } from "./parse";
import { PostView } from "./post-view";

/**
 * How queries and rules select posts.
 * - `all`: every query and every rule finds every post.
 * - `query`: by their text, rules and searches alike.
 * - `x`: by their text, and rules and searches differ as X's do: in accents, quoted posts, `sample:` and `bio:`.
 */
export type MatchingOption = "all" | "query" | "x";

/** Whether the post with this index is selected. */
export type PostTest = (index: number) => boolean;

const EVERY_POST: PostTest = () => true;

/** Makes tests of posts from queries and rules, and keeps those made. */
export class Matching {
  private readonly tests = new Map<string, PostTest>();
  private lastView: PostView | undefined;

  constructor(
    private readonly option: MatchingOption,
    private readonly generator: PostGenerator,
  ) {}

  /** True when the text of a query decides nothing. */
  get findsEverything(): boolean {
    return this.option === "all";
  }

  /**
   * @returns the test that a query or rule stands for
   * @throws QueryProblem when X could not read it
   */
  testOf(text: string, dialect: Dialect): PostTest {
    if (this.findsEverything) return EVERY_POST;
    const differs = this.option === "x";
    const key = `${differs ? dialect : "both"} ${text}`;
    const test = this.tests.get(key) ?? this.made(text, differs ? dialect : undefined);
    this.tests.set(key, test);
    return test;
  }

  private made(text: string, dialect: Dialect | undefined): PostTest {
    const test = compile(parseQuery(text), dialect);
    return (index) => test(this.viewOf(index));
  }

  /** A thousand rules look at one post in turn: it is viewed once. */
  private viewOf(index: number): PostView {
    if (this.lastView?.index !== index) this.lastView = new PostView(this.generator, index);
    return this.lastView;
  }
}
