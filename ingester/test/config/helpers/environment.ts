import { type IngesterConfig, type LoadOptions, loadConfig } from "../../../src/config/config";
import type { Environment } from "../../../src/config/reader";
import { ConfigError } from "../../../src/loop/errors";

/** The least that has to be set. */
export const VALID = {
  X_BEARER_TOKEN: "AAAAtoken",
  SEARCH_QUERY: "from:nasa",
  FIREHOSE_STREAM_NAME: "tweet_stream",
  CHECKPOINT_FILE: "state/ledger.json",
  MONTHLY_USD_LIMIT: "20",
};

/** A command that buys posts, without limits of its own. */
export const BUYING: LoadOptions = { caps: { maxPosts: undefined, maxUsd: undefined } };

/** The configuration of VALID with some variables changed or, where undefined, removed. */
export function configOf(changes: Environment = {}, options = BUYING): IngesterConfig {
  return loadConfig({ ...VALID, ...changes }, options);
}

/** What is wrong with it; empty when nothing is. */
export function problemsOf(changes: Environment, options = BUYING): readonly string[] {
  try {
    configOf(changes, options);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

/** VALID with this variable has one problem, which names the variable and says what is allowed. */
export function expectRefused(name: string, value: string, expected: string): void {
  const problems = problemsOf({ [name]: value });
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(new RegExp(`^${name} `));
  expect(problems[0]).toContain(expected);
}
